import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { findJsonFault } from "../../../server/config/json_fault.ts";

Deno.test("findJsonFault() names line, column and what was expected", () => {
  const cases: [string, number, number, string][] = [
    ["", 1, 1, "a value was expected, and the end of the file found"],
    ['{"a": }', 1, 7, "a value was expected, and } found"],
    ["[1, 2", 1, 6, "a comma or the closing bracket was expected, and the end of the file found"],
    ["[1 2]", 1, 4, "a comma or the closing bracket was expected, and 2 found"],
    ["[1, ]", 1, 5, "a value was expected"],
    ['{"a": 1,\n}', 2, 1, "a key in double quotation marks (no comma stands before a })"],
    ["{a: 1}", 1, 2, "a key in double quotation marks or } was expected, and a found"],
    ['{"a" 1}', 1, 6, "a colon was expected, and 1 found"],
    ['{\r\n  "a": 1\r\n  "b": 2\r\n}', 3, 3, 'a comma or the closing bracket was expected, and " found'],
    ["{} {}", 1, 4, "nothing more was expected, and { found"],
    ["[1}", 1, 3, "a comma or the closing bracket was expected, and } found"],
    ['["b\nc"]', 1, 2, "a text begins here that has no closing quotation mark"],
    ['["\\x"]', 1, 2, "a \\ that escapes nothing"],
    ["[01]", 1, 2, "a value or ] was expected, and 0 found"],
    ["[+1]", 1, 2, "a value or ] was expected, and + found"],
    ["[tru]", 1, 2, "a value or ] was expected, and t found"],
    ["{} // end", 1, 4, "JSON has no comments"],
    ['["\u{1F600}" 1]', 1, 6, "a comma"],
    ["\u202e", 1, 1, "\\u{202e} found"],
  ];
  for (const [text, line, column, problem] of cases) {
    const fault = findJsonFault(text);
    assert(fault !== undefined, text);
    assertEquals([fault.line, fault.column], [line, column], text);
    assertStringIncludes(fault.problem, problem);
  }
});

Deno.test("findJsonFault() finds none in what JSON allows", () => {
  const texts = [
    ' {"a": [1, -2.5e+3, true, null, "\\u00e9\\n\\"", {}], "": []} \r\n\t',
    "0",
    '""',
    '"\x7f\u2028"',
  ];
  for (const text of texts) assertEquals(findJsonFault(text), undefined, text);
});

Deno.test("findJsonFault() can be nested as deep as it likes", () => {
  const fault = findJsonFault("[".repeat(200_000));
  assertEquals(fault?.column, 200_001);
});

Deno.test("findJsonFault() finds a fault exactly where JSON.parse() throws", () => {
  let faulty = 0;
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat(3),
    insert: fc.constantFrom("", '"', ",", "}", "]", "\\", "0", " ", "\n", ":", "-", "e", ".", "x"),
  });
  const runs = 5_000;
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), edit, (json, { at, cut, insert }) => {
      const from = at % (json.length + 1);
      const text = json.slice(0, from) + insert + json.slice(from + cut);
      const throws = !parses(text);
      if (throws) faulty++;
      assertEquals(findJsonFault(text) !== undefined, throws, text);
    }),
    { numRuns: runs },
  );
  assert(faulty > runs / 10 && faulty < runs, `${faulty} of ${runs}`);
  console.log(`${runs} edited texts, ${faulty} of them faulty`);
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
