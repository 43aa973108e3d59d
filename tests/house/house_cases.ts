/**
 * The house as it stands: every check on the source files of the project.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { CHECKS } from "./checks.ts";
import { type House, readHouse } from "./house.ts";

let reading: Promise<House> | undefined;

for (const check of CHECKS) {
  Deno.test(check.name, async () => {
    reading ??= readHouse();
    const { offences, checked, unit } = check.run(await reading);
    console.log(`${checked} ${unit} looked at`);
    assertGreater(checked, 50);
    assertEquals(offences, []);
  });
}
