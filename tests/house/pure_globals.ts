/**
 * The globals of pure rooms: the part of ECMAScript that is alike on every machine and at every moment, and
 * never waits.
 *
 * @module
 */

/** Globals that may be used in any way. */
const FREE = [
  ..."undefined NaN Infinity Object Array String Number Boolean BigInt RegExp JSON Map Set WeakMap WeakSet"
    .split(" "),
  ..."Error RangeError TypeError SyntaxError AggregateError".split(" "),
  ..."ArrayBuffer DataView Uint8Array Uint16Array Uint32Array Int32Array Float64Array".split(" "),
  ..."TextEncoder TextDecoder structuredClone parseInt parseFloat isNaN isFinite".split(" "),
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

/** Globals of which only these members may be used, each by its name. */
const IN_PARTS: Readonly<Record<string, readonly string[]>> = {
  Math: "abs ceil clz32 floor imul log10 log2 max min round sign sqrt trunc".split(" "),
  // `new Date(ms)` is allowed beside it; `Date.now()`, `new Date()` and `Date()` are the clock.
  Date: ["UTC"],
  // The boundary between visible characters is the same in every locale.
  Intl: ["Segmenter"],
  Symbol: ["asyncIterator", "dispose", "iterator"],
};

/** Members of dates that depend on the place of the machine. */
const LOCAL_TIME = /^getTimezoneOffset$|^[gs]et(Date|Day|FullYear|Hours|Minutes|Month|Seconds)$/;

/** Members of any value that lead outside, and the reason. */
const REFUSED_MEMBERS: readonly (readonly [RegExp, string])[] = [
  [/^localeCompare$|^toLocale[A-Z]\w*$/, "the locale of the machine"],
  [/^constructor$/, "constructors that make code of text"],
  [/^fromAsync$/, "waiting"],
];

/** The members that a pure room may use of a global: any, those named, or none. */
export function allowedMembers(name: string, isType: boolean): "any" | readonly string[] {
  if (FREE.includes(name) || (isType && TYPES.includes(name))) return "any";
  return IN_PARTS[name] ?? [];
}

/**
 * The part of the outside that a member of a value leads to; `undefined` if it may be used.
 *
 * @param localTime true in a room that shows the time of day
 */
export function refusedMember(name: string, localTime: boolean): string | undefined {
  if (LOCAL_TIME.test(name)) return localTime ? undefined : "the time zone of the machine";
  return REFUSED_MEMBERS.find(([pattern]) => pattern.test(name))?.[1];
}
