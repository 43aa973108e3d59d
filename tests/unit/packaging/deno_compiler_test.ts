import { assertEquals } from "@std/assert";
import { compilerLimit } from "../../../packaging/compile/deno_compiler.ts";

Deno.test("compilerLimit() says what does not work before Deno 2.7.14", () => {
  const versions = ["2.7.11", "2.7.14", "2.8.0", "2.9.6", "3.0.0"];
  assertEquals(versions.map(compilerLimit), [
    "nodes cannot use certificates among each other; that needs 2.7.14 or newer",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  console.log(`${versions.length} versions looked at`);
});
