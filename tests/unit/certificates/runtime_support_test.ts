import { assertEquals } from "@std/assert";
import { canUseCertificates, runtimeProblem } from "../../../server/certificates/runtime_support.ts";

Deno.test("canUseCertificates() compares versions by their parts", () => {
  const old = ["2.7.11", "2.7.13", "2.6.20", "1.46.3"];
  const good = ["2.7.14", "2.7.14+abc", "2.8.0", "2.10.1", "3.0.0"];
  assertEquals(old.filter(canUseCertificates), []);
  assertEquals(good.filter(canUseCertificates), good);
  console.log(`${old.length + good.length} versions compared`);
});

Deno.test("runtimeProblem() names node, version and way out", () => {
  assertEquals(runtimeProblem("node1", "2.9.6"), undefined);
  assertEquals(
    runtimeProblem("node1", "2.7.11"),
    'node1 has "certificates", which nodes cannot use among each other on Deno 2.7.11, on which this runs; ' +
      "take Deno 2.7.14 or newer, or an executable that was compiled with it",
  );
});
