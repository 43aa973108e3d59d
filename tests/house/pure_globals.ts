/**
 * The globals of pure rooms: the part of ECMAScript that is alike on every machine and at every moment, and
 * never waits.
 *
 * @module
 */

/** Globals that may stand anywhere: constants, and functions that are alike everywhere. */
const VALUES = [
  ..."undefined NaN Infinity Number String Boolean BigInt".split(" "),
  ..."structuredClone parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent".split(" "),
];

/** Errors, which may have subclasses. */
const ERRORS = "Error RangeError TypeError SyntaxError AggregateError".split(" ");

/** Classes that may be called, constructed and asked for with `instanceof`, but not given away. */
const CLASSES = [
  ...ERRORS,
  ..."Object Array RegExp Map Set WeakMap WeakSet TextEncoder TextDecoder URL".split(" "),
  ..."ArrayBuffer DataView Uint8Array Uint16Array Uint32Array Int32Array Float64Array".split(" "),
];

/** Types that the language comes with; they are gone once the code runs. */
const TYPES = [
  ..."Readonly Partial Required Pick Omit Record Extract Exclude NonNullable NoInfer".split(" "),
  ..."ReturnType Parameters ConstructorParameters InstanceType Awaited".split(" "),
  ..."ReadonlyArray ReadonlyMap ReadonlySet Iterable IterableIterator Iterator Generator ArrayLike".split(
    " ",
  ),
  ..."ArrayBufferLike ArrayBufferView Disposable".split(" "),
];

/** The members that may be used of globals, each by its name. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  URL: ["parse"],
  Array: "from isArray of".split(" "),
  BigInt: "asIntN asUintN".split(" "),
  // `new Date(ms)` is allowed beside it; `Date.now()`, `new Date()` and `Date()` are the clock.
  Date: ["UTC"],
  // The boundary between visible characters is the same in every locale.
  Intl: ["Segmenter"],
  JSON: "parse stringify".split(" "),
  Map: ["groupBy"],
  Math: "abs ceil clz32 floor imul log10 log2 max min round sign sqrt trunc".split(" "),
  Number: "MAX_SAFE_INTEGER MIN_SAFE_INTEGER isFinite isInteger isNaN isSafeInteger".split(" "),
  Object: "assign entries freeze fromEntries groupBy hasOwn is keys values".split(" "),
  String: "fromCharCode fromCodePoint raw".split(" "),
  Symbol: "asyncIterator dispose iterator".split(" "),
  Uint8Array: "from of".split(" "),
};

/** Members of `Intl` that a room which shows times of day may use, with a locale of its own choice. */
const FORMATS = "DateTimeFormat DateTimeFormatOptions NumberFormat PluralRules RelativeTimeFormat".split(" ");

/** Members of a date that depend on the place of the machine. */
const LOCAL_TIME =
  /^getTimezoneOffset$|^[gs]et(Date|Day|FullYear|Hours|Minutes|Month|Seconds|Year)$|^to(Date|Time)String$/;

/** Members of a date that are alike on every machine. */
const WORLD_TIME = /^(getTime|toISOString|[gs]etUTC[A-Z]\w*)$/;

/** Members of any value that lead outside, and the reason. */
const REFUSED_MEMBERS: readonly (readonly [RegExp, string])[] = [
  [/^(localeCompare|resolvedOptions|supportedLocalesOf|toLocale[A-Z]\w*)$/, "the locale of the machine"],
  [/^(constructor|prototype|__\w+__)$/, "constructors that make code of text"],
  [/^(captureStackTrace|prepareStackTrace|stackTraceLimit|stack)$/, "the files of the machine"],
  [/^fromAsync$/, "waiting"],
];

/** The use that a pure room may make of a global by its name alone. */
export function usesOf(name: string): "any" | "class" | "error" | "type" | undefined {
  if (VALUES.includes(name)) return "any";
  if (ERRORS.includes(name)) return "error";
  if (CLASSES.includes(name)) return "class";
  return TYPES.includes(name) ? "type" : undefined;
}

/**
 * True for a member of a global that a pure room may use.
 *
 * @param localTime true in a room that shows or reads the time of day
 */
export function isAllowedMember(name: string, member: string, localTime: boolean): boolean {
  if (localTime && name === "Intl" && FORMATS.includes(member)) return true;
  return MEMBERS[name]?.includes(member) ?? false;
}

/**
 * The part of the outside that a member of a value leads to; `undefined` if it may be used.
 *
 * @param localTime true in a room that shows or reads the time of day
 */
export function refusedMember(name: string, localTime: boolean): string | undefined {
  if (LOCAL_TIME.test(name)) return localTime ? undefined : "the time zone of the machine";
  return REFUSED_MEMBERS.find(([pattern]) => pattern.test(name))?.[1];
}

/** True for a text that is the name of a member that makes code, and nothing else. */
export function namesConstructor(text: string): boolean {
  return /^(constructor|prototype|__proto__)$/.test(text);
}

/**
 * True for a member of a date that a pure room may use.
 *
 * @param localTime true in a room that shows or reads the time of day
 */
export function isDateMember(name: string, localTime: boolean): boolean {
  return WORLD_TIME.test(name) || (localTime && LOCAL_TIME.test(name));
}
