/**
 * The declarations in `types/`: `deno check` knows them, but a run that checks types does not give them to the modules
 * of workers.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";

const TYPES = new URL("../../types/", import.meta.url);

/** Modules of the runtime that a text declares or extends. */
function runtimeModules(text: string): string[] {
  return [...text.matchAll(/declare module "(node:[^"]+)"/g)].map(([, name = ""]) => name);
}

Deno.test("types/ declares packages alone: what it said of the runtime, a worker would lack", () => {
  const planted = 'declare module "ws" {}\ndeclare module "node:sqlite" {\n  interface StatementSync {}\n}\n';
  assertEquals(runtimeModules(planted), ["node:sqlite"]);
  const names = [...Deno.readDirSync(TYPES)].map(({ name }) => name);
  for (const name of names) {
    assertEquals(runtimeModules(Deno.readTextFileSync(new URL(name, TYPES))), [], name);
  }
  console.log(`${names.length} files of declarations`);
  assertGreater(names.length, 1);
});
