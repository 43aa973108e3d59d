/**
 * Tests of the checks: each finds every offence that is planted for it, by name, and none in its neighbours.
 *
 * @module
 */

import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { CHECKS } from "./checks.ts";
import { type Check, houseOf, isSource } from "./house.ts";
import { GLOBALS } from "./planted/globals.ts";
import { FILES } from "./planted/files.ts";
import { IMPORTS } from "./planted/imports.ts";
import { LOADING } from "./planted/loading.ts";
import type { Planted } from "./planted/planted.ts";
import { PURE_VALUES } from "./planted/pure_values.ts";
import { STRUCTURE } from "./planted/structure.ts";
import { NO_IDLE_DOORS } from "./room_checks.ts";

const PLANTED = [...GLOBALS, ...PURE_VALUES, ...IMPORTS, ...LOADING, ...FILES, ...STRUCTURE];

/** Runs a check on a tree of its own. */
function outcomeOf(check: Check, files: Planted["files"]): ReturnType<Check["run"]> {
  const sources = Object.entries(files).filter(([path]) => isSource(path));
  const others = Object.keys(files).filter((path) => !isSource(path));
  return check.run(houseOf(new Map(sources), others));
}

for (const check of CHECKS.filter((each) => each !== NO_IDLE_DOORS)) {
  Deno.test(`the check "${check.name}" finds what is planted for it`, async (test) => {
    const trees = PLANTED.filter((planted) => planted.check === check);
    const guilty = trees.filter(({ found }) => found.length > 0);
    assertGreater(guilty.length, 0, "nothing is planted");
    assertGreater(trees.length, guilty.length, "there is no neighbour that must pass");
    const { unit } = outcomeOf(check, {});
    let sum = 0;
    for (const { name, files, found } of trees) {
      await test.step(`${found.length > 0 ? "finds" : "passes"} ${name}`, () => {
        const { offences, checked } = outcomeOf(check, files);
        assertEquals(offences, found);
        sum += checked;
      });
    }
    console.log(
      `${guilty.length} guilty trees and ${trees.length - guilty.length} others: ${sum} ${unit} looked at`,
    );
  });
}

Deno.test(`the check "${NO_IDLE_DOORS.name}" finds all doors of an empty house, and none that is used`, () => {
  const empty = outcomeOf(NO_IDLE_DOORS, {});
  console.log(`${empty.checked} ${empty.unit} looked at`);
  assertEquals(empty.offences.length, empty.checked);
  const used = outcomeOf(NO_IDLE_DOORS, {
    "server/passwords/planted.ts": 'import "bcryptjs";\nimport "../core/state.ts";',
  });
  assertEquals(empty.offences.filter((offence) => !used.offences.includes(offence)), [
    "server/passwords/ may import server/core/, and does not",
    "server/passwords/ may import bcryptjs, and does not",
  ]);
});

Deno.test("houseOf() refuses a text that is no TypeScript", () => {
  assertThrows(
    () => houseOf(new Map([["common/a.ts", "const = 1;"]])),
    Error,
    "common/a.ts: Variable declaration",
  );
});
