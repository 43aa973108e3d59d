import { assertEquals } from "@std/assert";
import type { Guess } from "../../../server/sessions/guess.ts";
import { ADDRESS, NodeHarness } from "../../testing/node_harness.ts";

const HOUR_MS = 60 * 60 * 1_000;

const GUESS: Guess = { account: "ann.1", address: ADDRESS, standing: "stranger" };

/** A throttle with a delay of two hours after one wrong password. */
function delayed(): NodeHarness {
  const harness = new NodeHarness({
    loginFailuresPerMinute: 1,
    loginDelayMs: 2 * HOUR_MS,
    loginDelayMsMax: 8 * HOUR_MS,
  });
  harness.sessions.throttle.failed(GUESS, harness.time.monotonicMs);
  return harness;
}

function problem({ sessions, time }: NodeHarness): string | undefined {
  return sessions.throttle.problem(GUESS, time.monotonicMs)?.code;
}

Deno.test("Sessions.tick() keeps a delay that still holds", () => {
  const harness = delayed();
  harness.pass(HOUR_MS + 1_001);
  harness.sessions.tick();
  assertEquals(problem(harness), "rate-limited");
});

Deno.test("Sessions.tick() keeps the length of a delay until it is over twice as long", () => {
  const harness = delayed();
  harness.pass(3 * HOUR_MS);
  harness.sessions.tick();
  harness.sessions.throttle.failed(GUESS, harness.time.monotonicMs);
  harness.pass(2 * HOUR_MS + 1);
  assertEquals(problem(harness), "rate-limited");
});

Deno.test("Sessions.open() gives each client a session of its own", () => {
  const harness = new NodeHarness();
  const [one, other] = [harness.connect(), harness.connect()];
  one.login("ann", "a long password");
  assertEquals([one.session.loggedIn, other.session.loggedIn], [true, false]);
});
