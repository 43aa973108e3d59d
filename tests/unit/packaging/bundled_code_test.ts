import { assertEquals, assertThrows } from "@std/assert";
import { completeBundle } from "../../../packaging/compile/bundled_code.ts";

const LOADS = [
  { source: "server/a/worker.ts", reference: "./worker.ts", bundled: "a/worker.js", kind: "module" },
  { source: "proto/b.proto", reference: "../../proto/b.proto", bundled: "b.proto", kind: "file" },
] as const;
const WORKER = 'new Worker(new URL("./worker.ts",import.meta.url),{type:"module"});';
const PROTO = 'load(new URL("../../proto/b.proto",import.meta.url));';

/** The code that is put before every bundle. */
const BEGINNING = completeBundle("", []);

Deno.test("completeBundle() has every file found where it is in the bundle", () => {
  assertEquals(
    completeBundle(`start();${WORKER}${PROTO}`, LOADS),
    `${BEGINNING}start();new Worker(new URL("./a/worker.js",import.meta.url),{type:"module"});` +
      'load(new URL("./b.proto",import.meta.url));',
  );
});

Deno.test("completeBundle() finds references with a line break in them", () => {
  assertEquals(
    completeBundle(`${WORKER}\nnew URL("../../proto/b.proto",\n  import.meta.url)`, LOADS).split("\n")[1],
    'new URL("./b.proto",import.meta.url)',
  );
});

Deno.test("completeBundle() defines require, as one that works", async () => {
  const code = completeBundle('export const path = require("node:path");', []);
  // A module in a `data:` address is imported without any permission; `createRequire` needs the address of a
  // file.
  const runnable = code.replace("import.meta.url", '"file:///bundle/main.js"');
  const { path } = await import(`data:text/javascript,${encodeURIComponent(runnable)}`);
  assertEquals(path.basename("a/b"), "b");
});

Deno.test("completeBundle() refuses code that refers to a file that is not in the table", () => {
  const error = assertThrows(() => completeBundle(`${WORKER}${PROTO}${PROTO.replace("b.", "c.")}`, LOADS));
  assertEquals(
    error.message,
    "the bundle refers to ../../proto/c.proto, which is not (or is already) one of the files that " +
      "packaging/programs.ts lists; whatever a program loads by its address has to be there once",
  );
});

Deno.test("completeBundle() refuses code that refers to a file twice", () => {
  assertThrows(() => completeBundle(`${WORKER}${PROTO}${WORKER}`, LOADS), Error, "refers to ./worker.ts");
});

Deno.test("completeBundle() refuses a table with a file that the code does not refer to", () => {
  const error = assertThrows(() => completeBundle(WORKER, LOADS));
  assertEquals(
    error.message,
    "the bundle does not refer to ../../proto/b.proto any more; take it out of packaging/programs.ts",
  );
});
