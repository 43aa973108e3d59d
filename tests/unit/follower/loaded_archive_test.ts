import { assertEquals } from "@std/assert";
import { messageEntries } from "../log/log_harness.ts";
import { FollowerHarness } from "./follower_harness.ts";

/** More entries than an archive that does not count as being built may lack. */
const MANY = 22_000;

Deno.test("an archive that memory was loaded from answers look-ups at once, and while it is far behind", () => {
  const harness = new FollowerHarness(10);
  harness.log.commit(messageEntries(1, 10));
  harness.archive.fold(messageEntries(1, 10), 10);
  harness.lookUp("ann");
  assertEquals(harness.reader.tasks.length, 1, "before the writer has begun");
  for (let from = 11; from < MANY; from += 1_000) harness.log.commit(messageEntries(from, 1_000));
  harness.follower.tick();
  harness.work(1);
  assertEquals(harness.follower.status().isBuilding, true);
  harness.lookUp("bob");
  harness.search("cem");
  assertEquals(harness.reader.tasks.map(({ query }) => query.account), ["ann", "bob"]);
  assertEquals(harness.outcomes, [{ problem: "building", retryAfterSeconds: 5 }]);
});
