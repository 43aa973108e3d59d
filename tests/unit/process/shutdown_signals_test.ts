import { assertEquals } from "@std/assert";
import { shutdownSignals } from "../../../server/process/shutdown_signals.ts";

Deno.test("shutdownSignals() are those that the system sends, and never the one for reloading", () => {
  assertEquals(shutdownSignals("windows"), ["SIGINT", "SIGBREAK", "SIGHUP"]);
  assertEquals([shutdownSignals("linux"), shutdownSignals("darwin")], [
    ["SIGINT", "SIGTERM"],
    ["SIGINT", "SIGTERM"],
  ]);
});
