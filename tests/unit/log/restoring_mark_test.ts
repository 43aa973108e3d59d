import { assertEquals, assertThrows } from "@std/assert";
import { LogRefused } from "../../../server/log/log_errors.ts";
import { planRepair } from "../../../server/log/repair_log.ts";
import { RESTORING_FILE } from "../../../server/log/restoring_mark.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

Deno.test("refuseRestoring() keeps a node, and a repair, from a folder whose restore was interrupted", () => {
  const log = new LogHarness();
  log.close(log.write([messageEntries(1, 3)]));
  const segment = log.files.bytesOf(segmentPath(1));
  log.files.put(RESTORING_FILE, new Uint8Array(1));
  assertEquals(planRepair(log.files).isNeeded, false);
  log.close(log.open());
  assertEquals(log.replayed.length, 3);
  log.files.remove(segmentPath(1));
  log.files.put(segmentPath(2), segment);
  assertThrows(() => log.open(), LogRefused, "Do the same `chat-server restore` again");
  assertThrows(() => planRepair(log.files), LogRefused, "Do the same `chat-server restore` again");
  assertEquals(log.files.list("log"), ["00000002.jsonl"]);
});
