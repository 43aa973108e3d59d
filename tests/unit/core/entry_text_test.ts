import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { isEntry } from "../../../server/core/entry_check.ts";
import { NESTING_MAX, parseEntry } from "../../../server/core/entry_text.ts";
import { anyEntrySet } from "../../testing/entry_sets.ts";
import { isStrictJson } from "./strict_json.ts";

const PLACE = '"origin":"a#1","seq":1,"stamp":2';
const MESSAGE = `${PLACE},"type":"messageSent","id":"m","from":"a","to":"b","content":"c"`;

/** An event of a later version with these members. */
function later(members: string): string {
  return `{${PLACE},"type":"later",${members}}`;
}

function nested(depth: number): string {
  return later(`"x":${"[".repeat(depth)}${"]".repeat(depth)}`);
}

/** True if the strict parser accepts the text, and its value is an entry. */
function isRight(text: string): boolean {
  return isStrictJson(text) && isEntry(JSON.parse(text));
}

Deno.test("parseEntry() reads an entry however it is spelled", () => {
  const texts = [
    `{${MESSAGE}}`,
    `{${MESSAGE},"more":{"of":"a newer version"}}`,
    `{${PLACE},"type":"messagesRead","sender":"a","recipient":"b","ids":["m","n"]}`,
    `{${PLACE},"type":"messagesRead","sender":"a","recipient":"b","ids":[]}`,
    ` {${MESSAGE}}`.trim().replaceAll(",", "\t, "),
    `{"type":"later","stamp":2e0,"seq":1.0,"origin":"\\u0061#1"}`,
    later('"x":[9007199254740991,-9007199254740991,10e2,1.0,-0,0.1,1e-400]'),
    later('"x":{"batch":1,"left":2,"prev":3,"crc":{"crc":"crc"}}'),
    later('"x":[{"y":1},{"y":1}],"y":"x","X":1'),
    later('"x":"\\n\\r\\u000a {}[],:\\"\\\\","__proto__":{"__proto__":1}'),
    later('"x":"\\ud83d\\ude00\\u0000","ż€🎉":"\u2028\u2029\u007f"'),
    nested(NESTING_MAX - 1),
  ];
  for (const text of texts) {
    assertEquals(parseEntry(text), JSON.parse(text), text);
    assertEquals(isRight(text), true, text);
  }
  console.log(`${texts.length} texts`);
});

Deno.test("parseEntry() refuses what other readers could take for something else, and says why", () => {
  const twice = "a member is there twice";
  const beyond = "a number is beyond 2^53";
  const short = "a number is shorter than its digits";
  const half = "half of a surrogate pair is in it";
  const cases: readonly (readonly [text: string, problem: string])[] = [
    ["", "it is not JSON"],
    ["{", "it is not JSON"],
    [`{${MESSAGE}}{${MESSAGE}}`, "it is not JSON"],
    [`{${MESSAGE}},`, "it is not JSON"],
    [`{${MESSAGE},}`, "it is not JSON"],
    [`{${MESSAGE}}//`, "it is not JSON"],
    [`\ufeff{${MESSAGE}}`, "it is not JSON"],
    [`{${MESSAGE}}\0`, "it is not JSON"],
    [`{${MESSAGE.replace('"c"', '"\n"')}}`, "it is not JSON"],
    [`{${MESSAGE.replace('"c"', '"\r"')}}`, "it is not JSON"],
    [`{${MESSAGE.replace('"c"', "'c'")}}`, "it is not JSON"],
    [`{${MESSAGE.replace('"seq":1', '"seq":01')}}`, "it is not JSON"],
    [`{${MESSAGE.replace('"stamp":2', '"stamp":NaN')}}`, "it is not JSON"],
    ["null", "a member is missing or of another type"],
    [`[{${MESSAGE}}]`, "a member is missing or of another type"],
    [`{${MESSAGE.replace('"seq":1', '"seq":9007199254740993')}}`, "a member is missing or of another type"],
    [` {${MESSAGE}}`, "there is space around it"],
    [`{${MESSAGE}} `, "there is space around it"],
    [`{${MESSAGE}}\r`, "there is space around it"],
    [`{\r${MESSAGE}}`, "there is a line break in it"],
    [`{${MESSAGE}\n}`, "there is a line break in it"],
    [`{"content":"other",${MESSAGE}}`, twice],
    [`{${MESSAGE},"content":"c"}`, twice],
    [`{"seq":7,${MESSAGE}}`, twice],
    [`{"\\u0073eq":7,${MESSAGE}}`, twice],
    [`{"type":"accountDeleted",${MESSAGE}}`, twice],
    [later('"x":{"y":1,"y":1}'), twice],
    [later('"x":[[{"y":{},"z":1,"y":{}}]]'), twice],
    [later('"__proto__":1,"__proto__":2'), twice],
    [later('"x":1,"\\u0078":1'), twice],
    [`{${MESSAGE},"batch":1}`, "its member batch belongs to the log"],
    [`{${MESSAGE},"b\\u0061tch":1}`, "its member batch belongs to the log"],
    [`{"left":0,${MESSAGE}}`, "its member left belongs to the log"],
    [later('"prev":{}'), "its member prev belongs to the log"],
    [later('"crc":"00000000"'), "its member crc belongs to the log"],
    [later('"x":9007199254740992'), beyond],
    [later('"x":9007199254740993'), beyond],
    [later('"x":[-9007199254740992]'), beyond],
    [later('"x":{"y":1e300}'), beyond],
    [later('"x":1E400'), beyond],
    [later('"x":123456789012345678901234567890'), beyond],
    [later('"x":1e3'), short],
    [later('"x":[1e15]'), short],
    [later('"x":-1E-5'), short],
    [later('"x":"\\ud800"'), half],
    [later('"x":"\\uDC00\\uD800"'), half],
    [later('"\\ud83d":1'), half],
    [`{${MESSAGE.replace('"c"', '"\\ud800"')}}`, half],
    [nested(NESTING_MAX), `it is nested deeper than ${NESTING_MAX}`],
  ];
  for (const [text, problem] of cases) {
    assertEquals(parseEntry(text), problem, text);
    assertEquals(isRight(text), false, text);
  }
  console.log(`${cases.length} hostile texts`);
});

Deno.test("parseEntry() goes through a text of a megabyte, whatever it is made of", () => {
  const million = 1_000_000;
  const good = [
    `{${MESSAGE.replace('"c"', `"${"\\n".repeat(million / 2)}"`)}}`,
    `{${MESSAGE.replace('"c"', `"${"\\\\".repeat(million / 2)}"`)}}`,
    `{${MESSAGE.replace('"c"', `"${"x".repeat(million)}"`)}}`,
    `{${MESSAGE.replace('"c"', `"${"\\n".repeat(million / 2)}"`)},"more":1}`,
    `{${PLACE},"type":"messagesRead","sender":"a","recipient":"b","ids":[${
      '"m",'.repeat(million / 4)
    }"m"],"x":1}`,
    later(`"x":"${'\\"'.repeat(million / 2)}"`),
    later(`"x":[${"0,".repeat(million / 2)}0]`),
    later(Array.from({ length: 100_000 }, (_, i) => `"x${i}":0`).join()),
    `{${PLACE},"type":"messagesRead","sender":"a","recipient":"b","ids":[${'"m",'.repeat(million / 4)}"m"]}`,
    later(`"x":0.${"0".repeat(million)}1`),
    `{${PLACE},${" ".repeat(million)}"type":"later"}`,
  ];
  for (const text of good) assertEquals(typeof parseEntry(text), "object", text.slice(0, 100));
  assertEquals(typeof parseEntry(nested(million / 2)), "string");
  assertEquals(
    parseEntry(later(`"x":${"9".repeat(million)}`)),
    "a number is beyond 2^53",
  );
  console.log(`${good.length + 2} texts`);
});

const space = fc.constantFrom("", "", "", "", "", " ", "\t", "\r", "\n");
const name = fc.constantFrom("x", "y", "\\u0078", "batch", "b\\u0061tch", "crc", "seq", "ż", "", "__proto__");
const number = fc.oneof(
  fc.constantFrom(
    "0",
    "-0",
    "1.0",
    "1e3",
    "10e2",
    "9007199254740991",
    "9007199254740992",
    "1e16",
    "0.1e17",
    "01",
    "+1",
  ),
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const string = fc.oneof(
  fc.constantFrom(
    '"{"',
    '"\\""',
    '"\\\\"',
    '"a:b,c]"',
    '"\\u0000"',
    '"\\ud83d"',
    '"\\ud83d\\ude00"',
    '"\u2028"',
    '"🎉"',
    '"\\x"',
    '"\t"',
  ),
  fc.string().map((text) => JSON.stringify(text)),
);

/** The text of a mostly valid value, with repeated names and with spaces everywhere. */
const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    number,
    string,
    fc.constantFrom("true", "false", "null"),
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.join()}]`),
  ),
  object: fc.array(fc.tuple(space, name, space, tie("value"), space), { maxLength: 3 }).map((members) =>
    `{${members.map(([a, key, b, text, c]) => `${a}"${key}"${b}:${text}${c}`).join()}}`
  ),
}));

const spelled = fc.array(fc.tuple(space, name, space, value, space), { maxLength: 3 }).chain((members) => {
  const more = members.map(([a, key, b, text, c]) => `${a}"${key}"${b}:${text}${c}`);
  return fc.shuffledSubarray([...PLACE.split(","), '"type":"later"', ...more], { minLength: 4 + more.length })
    .map((all) => `{${all.join()}}`);
});

/** Entries of every type in this program's own spelling. */
const written = anyEntrySet.map((set) => JSON.stringify(set.flat()[0] ?? JSON.parse(`{${MESSAGE}}`)));

/** At most one character changed, doubled or removed. */
const mutated = fc.tuple(
  fc.oneof(spelled, written, fc.constant(`{${MESSAGE}}`)),
  fc.nat(),
  fc.constantFrom(
    "",
    "",
    '"',
    "\\",
    ",",
    "{",
    "}",
    "[",
    "]",
    ":",
    " ",
    "\r",
    "0",
    "9",
    "e",
    "-",
    "x",
    "\u0001",
  ),
  fc.constantFrom("none", "none", "insert", "replace"),
).map(([text, pick, character, how]) => {
  if (how === "none") return text;
  const at = pick % text.length;
  const changed = text.slice(0, at) + character + text.slice(how === "insert" ? at : at + 1);
  // Texts come from UTF-8, which holds no half of a surrogate pair.
  return changed.toWellFormed();
});

Deno.test("parseEntry() takes what a slow and strict parser takes, and gives what JSON.parse gives", () => {
  const counts = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(mutated, (text) => {
      const entry = parseEntry(text);
      assertEquals(typeof entry === "object", isRight(text), text);
      if (typeof entry === "object") assertEquals<unknown>(entry, JSON.parse(text));
      counts[typeof entry === "object" ? "taken" : "refused"]++;
    }),
    { numRuns: 20_000 },
  );
  console.log(`${counts.taken} texts taken, ${counts.refused} refused`);
  assertGreater(Math.min(counts.taken, counts.refused), 2_000);
});
