import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fastCheck from "fast-check";
import { visibleText } from "../../../common/visible_text.ts";
import { nameProblem } from "../../../server/core/accounts/register.ts";
import { proposedName } from "../../../server/import/proposed_names.ts";
import { parseRename, readRenames, renameFlag } from "../../../server/import/renames.ts";

/** Texts that hurt in names, in shells and on screens. */
const HURTFUL = [
  "",
  " ",
  "'",
  '"',
  "=",
  "a=b",
  "$(x)",
  "`x`",
  "\\",
  "\n",
  "\u001b[31m",
  "\u202e",
  "\u2028",
  "ä",
  "名",
  "👋🏽",
];

const NAME = fastCheck.oneof(
  fastCheck.array(fastCheck.constantFrom(...HURTFUL, "x"), { maxLength: 6 }).map((parts) => parts.join("")),
  fastCheck.string({ unit: "binary" }),
);

/** The value of a flag behind a shell, which takes what stands in single quotes as it is. */
function behindShell(flag: string): string {
  const value = /^--rename='([^']*)'$/s.exec(flag)?.[1];
  assert(value !== undefined, flag);
  return value;
}

Deno.test("renameFlag() can be seen, pasted into a shell, and read again, whatever the name", () => {
  fastCheck.assert(
    fastCheck.property(NAME, (old) => {
      const flag = renameFlag(old, "new.name");
      assertEquals(visibleText(flag), flag);
      assertEquals(parseRename(behindShell(flag)), { old, new: "new.name" });
    }),
    { numRuns: 2_000 },
  );
  assertEquals(renameFlag("Ann Lee", "ann.lee"), "--rename='Ann Lee=ann.lee'");
  assertEquals(renameFlag("d'Or", "d-or"), `--rename='"d\\u0027Or"=d-or'`);
  assertEquals(parseRename("a=b=c"), { old: "a=b", new: "c" });
});

Deno.test("parseRename() says what is no rename", () => {
  for (const text of ["", "ann", '"ann=b', "7"]) {
    assertStringIncludes(String(parseRename(text)), "is no rename");
  }
  for (const text of ["ann=", "ann=a b", "ann=~", "ann=b~node1"]) {
    assertStringIncludes(String(parseRename(text)), "is no name");
  }
});

Deno.test("readRenames() refuses two new names for one, and one for two, whatever the case", () => {
  assertEquals(readRenames(["a b=ab", "c=c", "a b=ab"]), new Map([["a b", "ab"], ["c", "c"]]));
  for (const texts of [["a=b", "a=c"], ["a=b", "c=B"], ["a=b", "b=b"]]) {
    assertStringIncludes(String(readRenames(texts)), "contradicts an earlier one");
  }
  assertStringIncludes(String(readRenames(["a=b", "c"])), "--rename=c is no rename");
});

Deno.test("proposedName() is valid and free, whatever the name and who is there", () => {
  const taken = new Set<string>();
  const isFree = (name: string): boolean => nameProblem(name) === undefined && !taken.has(name.toLowerCase());
  let count = 0;
  fastCheck.assert(
    fastCheck.property(NAME, (name) => {
      const proposed = proposedName(name, isFree);
      assertEquals([nameProblem(proposed), taken.has(proposed.toLowerCase())], [undefined, false]);
      taken.add(proposed.toLowerCase());
      count++;
    }),
    { numRuns: 2_000 },
  );
  assertEquals(taken.size, count);
  console.log(`${count} names, and another one for each`);
});

Deno.test("proposedName() resembles the name", () => {
  const proposals = {
    "Ann Lee": "Ann-Lee",
    "Zoë": "Zoe",
    "_bob_": "bob_",
    "ada@example.org": "ada-example.org",
    "名": "user",
    "": "user",
    ["x".repeat(40)]: "x".repeat(32),
  };
  for (const [name, proposed] of Object.entries(proposals)) {
    assertEquals(proposedName(name, () => true), proposed);
  }
  const notFirst = (name: string): boolean => /-3$/.test(name);
  assertEquals(proposedName("x".repeat(40), notFirst), `${"x".repeat(30)}-3`);
});
