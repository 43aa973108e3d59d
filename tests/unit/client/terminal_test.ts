import { assertEquals } from "@std/assert";
import { endingSignals } from "../../../client/terminal/terminal.ts";

Deno.test("endingSignals() are those that the system sends", () => {
  assertEquals(endingSignals("windows"), ["SIGINT", "SIGBREAK", "SIGHUP"]);
  assertEquals(endingSignals("linux"), ["SIGTERM", "SIGHUP", "SIGINT"]);
  assertEquals(endingSignals("darwin"), endingSignals("linux"));
});
