import { assertEquals, assertStringIncludes } from "@std/assert";
import { exposedSecret } from "../../../common/exposed_secret.ts";

Deno.test("exposedSecret warns of every mode that lets others read or write, and of no other", () => {
  let warned = 0;
  for (let mode = 0; mode <= 0o777; mode++) {
    const warning = exposedSecret("secret", { isFile: true, mode: 0o100_000 | mode, uid: 1_000 });
    assertEquals(warning !== undefined, (mode & 0o066) !== 0, mode.toString(8));
    if (warning !== undefined) warned++;
  }
  assertEquals(warned, 480);
});

Deno.test("exposedSecret lets a file of root be read by its group", () => {
  assertEquals(exposedSecret("key", { isFile: true, mode: 0o100_640, uid: 0 }), undefined);
  assertEquals(exposedSecret("key", { isFile: true, mode: 0o100_660, uid: 0 }) === undefined, false);
  assertStringIncludes(
    exposedSecret("key", { isFile: true, mode: 0o100_644, uid: 0 }) ?? "",
    "(mode 0644); run chmod 600 key",
  );
});

Deno.test("exposedSecret has nothing to say of a pipe, nor where files have no modes", () => {
  assertEquals(exposedSecret("/dev/fd/63", { isFile: false, mode: 0o010_644, uid: 1_000 }), undefined);
  assertEquals(exposedSecret("key", { isFile: true, mode: null, uid: null }), undefined);
});
