import { assertEquals } from "@std/assert";
import { TurnClock } from "../../../server/process/turn_clock.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

/** A clock whose time a test sets, around the ports of a node that does nothing. */
function stage(): {
  at(ms: number): void;
  requestTurn(): void;
  commit(): void;
  synced(): void;
  readonly observed: string[];
} {
  let nowMs = 0;
  const observed: string[] = [];
  const clock = new TurnClock({ monotonicMs: () => nowMs }, (what, ms) => observed.push(`${what} ${ms}`));
  const { ports } = new NodeHarness().node;
  let commits = 0;
  const log = { readOnly: false, commit: () => void commits++ };
  const timed = clock.timed({ ...ports, log, requestTurn: () => {} });
  return {
    at: (ms) => void (nowMs = ms),
    requestTurn: () => timed.requestTurn(),
    commit: () => {
      const before = commits;
      timed.log.commit([]);
      assertEquals(commits, before + 1, "the call goes on to the log");
    },
    synced: () => clock.synced(),
    observed,
  };
}

Deno.test("TurnClock takes a turn from its first request, and a sync from its write", () => {
  const { at, requestTurn, commit, synced, observed } = stage();
  at(100);
  requestTurn();
  at(102);
  commit();
  at(110);
  synced();
  assertEquals(observed, ["chat_sync_seconds 8", "chat_turn_seconds 10"]);
});

Deno.test("TurnClock takes a turn that waits for another one from its own first request", () => {
  const { at, requestTurn, commit, synced, observed } = stage();
  requestTurn();
  commit();
  at(1);
  requestTurn();
  at(5);
  // The turn that waits is asked for again, with its second request.
  requestTurn();
  at(7);
  synced();
  commit();
  at(20);
  synced();
  assertEquals(observed, [
    "chat_sync_seconds 7",
    "chat_turn_seconds 7",
    "chat_sync_seconds 13",
    "chat_turn_seconds 19",
  ]);
});

Deno.test("TurnClock leaves turns out that write nothing", () => {
  const { at, requestTurn, commit, synced, observed } = stage();
  requestTurn();
  at(1_000);
  requestTurn();
  at(1_001);
  commit();
  at(1_003);
  synced();
  synced();
  assertEquals(observed, ["chat_sync_seconds 2", "chat_turn_seconds 3"]);
});
