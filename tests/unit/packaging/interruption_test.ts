import { assertEquals } from "@std/assert";
import { interruptedBy, isEnding } from "../../../packaging/compile/interruption.ts";

Deno.test("interruptedBy() ends with 128 and the number of the signal", () => {
  assertEquals([interruptedBy("SIGINT").status, interruptedBy("SIGTERM").status], [130, 143]);
  assertEquals(
    interruptedBy("SIGINT").message,
    "interrupted by SIGINT; what was not complete is removed",
  );
});

Deno.test("isEnding() takes no other signal, and no name that every object has", () => {
  const signals = ["SIGINT", "SIGTERM", "SIGKILL", "toString", null];
  assertEquals(signals.map(isEnding), [true, true, false, false, false]);
});
