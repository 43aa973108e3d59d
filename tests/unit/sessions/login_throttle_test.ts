import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS, type Limits } from "../../../common/limits.ts";
import { addressSite } from "../../../server/core/address.ts";
import type { Guess, Standing } from "../../../server/sessions/guess.ts";
import { LateAnswers } from "../../../server/sessions/late_answers.ts";
import { LoginThrottle } from "../../../server/sessions/login_throttle.ts";
import { StrangerAllowance } from "../../../server/sessions/stranger_allowance.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Limits without a block of whole addresses. */
const LIMITS: Limits = { ...DEFAULT_LIMITS, loginFailuresPerAddress: 0 };

function guessOf(address: string, standing: Standing = "stranger", account = "ann"): Guess {
  return { account, address, standing };
}

/** Guesses wrongly if the throttle permits it; returns the seconds to wait otherwise. */
function tryWrong(throttle: LoginThrottle, guess: Guess, nowMs: number): number {
  const problem = throttle.problem(guess, nowMs);
  if (problem === undefined) throttle.failed(guess, nowMs);
  return problem?.retryAfter ?? 0;
}

Deno.test("each address and each session has a count of its own for an account", () => {
  const throttle = new LoginThrottle(LIMITS);
  const attacker = guessOf("192.0.2.1");
  for (let i = 0; i < 15; i++) throttle.failed(attacker, 0);
  assertEquals(throttle.problem(attacker, 0)?.retryAfter, 900);
  const token = "t1";
  const others: Guess[] = [
    guessOf("192.0.2.2"),
    guessOf("192.0.2.2", "known"),
    guessOf("192.0.2.1", "stranger", "bob"),
    { ...guessOf("192.0.2.1", "session"), token },
  ];
  assertEquals(others.map((guess) => throttle.problem(guess, 0)), others.map(() => undefined));
  const session = others[3] as Guess;
  for (let i = 0; i < 5; i++) throttle.failed(session, 0);
  assertEquals(throttle.problem(session, 0)?.retryAfter, 1);
  assertEquals(throttle.problem({ ...session, token: "t2" }, 0), undefined);
  assertEquals(throttle.problem({ ...session, address: "192.0.2.9" }, 0)?.retryAfter, 1, "the token counts");
});

Deno.test("a known address and a session wait neither for strangers nor for a blocked address", () => {
  const throttle = new LoginThrottle({ ...DEFAULT_LIMITS, strangerFailuresPerHour: 10 });
  for (let i = 0; i < 20; i++) throttle.failed(guessOf("192.0.2.1", "stranger", `user${i}`), 0);
  for (let i = 0; i < 10; i++) throttle.failed(guessOf(`198.51.100.${i}`), 0);
  assertEquals(throttle.problem(guessOf("192.0.2.1"), 0)?.retryAfter, 600);
  assertEquals(throttle.problem(guessOf("203.0.113.1"), 0)?.retryAfter, 360);
  for (const standing of ["known", "session"] as const) {
    for (const address of ["192.0.2.1", "203.0.113.1"]) {
      assertEquals(throttle.problem(guessOf(address, standing), 0), undefined);
    }
  }
});

Deno.test("four guesses a minute from a known address or a session are bounded too", () => {
  for (const standing of ["known", "session"] as const) {
    const throttle = new LoginThrottle(DEFAULT_LIMITS);
    let guesses = 0;
    for (let nowMs = 0; nowMs < 24 * HOUR_MS; nowMs += 15_000) {
      guesses += Number(tryWrong(throttle, guessOf("192.0.2.1", standing), nowMs) === 0);
    }
    console.log(`${guesses} guesses of a ${standing} within a day`);
    // Of an address, twice: while strangers have to wait there, its guesses are counted apart.
    assert(guesses <= (standing === "known" ? 2 : 1) * 24 * 90, String(guesses));
  }
});

Deno.test("strangerFailuresPerHour: 300 at once and 300 an hour, however many addresses guess", () => {
  const throttle = new LoginThrottle(LIMITS);
  let guesses = 0;
  for (let nowMs = 0; nowMs < 3 * HOUR_MS; nowMs += 1_000) {
    // Eight new addresses each second.
    for (let i = 0; i < 8; i++) {
      const address = `10.${nowMs / 256_000 | 0}.${(nowMs / 1_000) % 256}.${i}`;
      if (tryWrong(throttle, guessOf(address), nowMs) === 0) guesses++;
    }
    if (nowMs === HOUR_MS) assert(guesses >= 590 && guesses <= 600, String(guesses));
  }
  assert(guesses >= 1_190 && guesses <= 1_200, String(guesses));
});

Deno.test("a new address waits for none that guessed before: 200 that guess for a day keep it out for no moment", () => {
  const throttle = new LoginThrottle(LIMITS);
  let guesses = 0;
  let waits = 0;
  for (let nowMs = 0; nowMs < 24 * HOUR_MS; nowMs += 10_000) {
    for (let i = 0; i < 200; i++) {
      if (tryWrong(throttle, guessOf(`192.0.2.${i}`), nowMs) === 0) guesses++;
    }
    waits += Number(throttle.problem(guessOf("203.0.113.1"), nowMs) !== undefined);
  }
  console.log(`${guesses} guesses of 200 addresses within a day`);
  assertEquals(waits, 0);
  assertGreater(guesses, 300);
  assert(guesses <= 25 * 300, String(guesses));
});

Deno.test("a new address waits at most 12 s for the next place while new addresses take them all", () => {
  const allowance = new StrangerAllowance(300);
  for (let i = 0; i < 300; i++) allowance.failed("ann", `site ${i}`, 0);
  assertEquals(allowance.waitMs("ann", "another", 0), 12_000);
  assertEquals(allowance.waitMs("ann", "another", 12_000), 0);
  assertEquals(allowance.waitMs("bob", "another", 0), 0);
  // Each wrong password puts a site further back, up to half of the allowance.
  const wait = (failures: number): number => {
    const other = new StrangerAllowance(300);
    for (let i = 0; i < failures; i++) other.failed("ann", "site", 0);
    for (let i = failures; i < 300; i++) other.failed("ann", `site ${i}`, 0);
    return other.waitMs("ann", "site", 0) / 12_000;
  };
  assertEquals([0, 1, 2, 3, 4].map(wait), [1, 51, 101, 151, 151]);
});

Deno.test("StrangerAllowance.prune() forgets sites after a day and full allowances, and nothing else", () => {
  const allowance = new StrangerAllowance(6);
  const waits = (nowMs: number): number[] =>
    ["site", "other"].map((site) => allowance.waitMs("ann", site, nowMs) / HOUR_MS);
  for (let i = 0; i < 3; i++) allowance.failed("ann", "site", 0);
  allowance.prune(1);
  assertEquals(waits(0), [1 / 6, 0]);
  for (let i = 0; i < 6; i++) allowance.failed("ann", `site ${i}`, 24 * HOUR_MS - 1);
  allowance.prune(24 * HOUR_MS - 1);
  assertEquals(waits(24 * HOUR_MS - 1), [4 / 6, 1 / 6]);
  allowance.prune(24 * HOUR_MS);
  assertEquals(waits(24 * HOUR_MS).map((hours) => hours.toFixed(3)), ["0.167", "0.167"]);
  const unlimited = new StrangerAllowance(0);
  for (let i = 0; i < 1_000; i++) unlimited.failed("ann", "site", 0);
  assertEquals(unlimited.waitMs("ann", "site", 0), 0);
});

Deno.test("LoginThrottle.prune() forgets nothing that still matters", () => {
  const throttle = new LoginThrottle({ ...DEFAULT_LIMITS, loginFailuresPerAddress: 6 });
  const [ann, bob] = [guessOf("192.0.2.1", "known"), guessOf("192.0.2.1", "stranger", "bob")];
  for (let i = 0; i < 6; i++) throttle.failed(ann, 0);
  throttle.prune(1);
  assertEquals(throttle.problem(bob, 1)?.retryAfter, 600);
  assertEquals(throttle.ownProblem(ann, 1)?.retryAfter, 600);
  throttle.prune(11 * MINUTE_MS);
  assertEquals(throttle.problem(bob, 11 * MINUTE_MS), undefined);
  throttle.failed(ann, 11 * MINUTE_MS);
  assertEquals(throttle.problem(ann, 11 * MINUTE_MS), undefined, "the delays begin anew");
});

Deno.test("an IPv6 network of 48 bits and the exempt loopback addresses are one stranger", () => {
  const sites = ["2001:db8:7::1", "2001:db8:7:ffff::2", "2001:db8:8::1", "192.0.2.1", "::ffff:192.0.2.1"];
  assertEquals(sites.map(addressSite), [
    "2001:db8:7::/48",
    "2001:db8:7::/48",
    "2001:db8:8::/48",
    "192.0.2.1",
    "192.0.2.1",
  ]);
  for (const loopbackExempt of [true, false]) {
    const throttle = new LoginThrottle({ ...LIMITS, loopbackExempt, strangerFailuresPerHour: 6 });
    for (let i = 0; i < 3; i++) throttle.failed(guessOf(`127.0.0.${i}`), 0);
    const waits = ["127.0.0.9", "192.0.2.1"].map((from) => throttle.problem(guessOf(from), 0)?.retryAfter);
    assertEquals(waits, [loopbackExempt ? 600 : undefined, undefined]);
  }
});

Deno.test("whoever guesses wrongly gets the same answers whether the address is known or not", () => {
  const limits: Limits = { ...DEFAULT_LIMITS, strangerFailuresPerHour: 12, loginFailuresPerAddress: 12 };
  const step = fc.record({
    pauseMs: fc.constantFrom(0, 0, 500, 5_000, MINUTE_MS, 10 * MINUTE_MS),
    from: fc.constantFrom("suspect", "elsewhere", "other name"),
    address: fc.integer({ min: 1, max: 30 }),
  });
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
      const answers = (["known", "stranger"] as const).map((standing) => {
        const throttle = new LoginThrottle(limits);
        let nowMs = 0;
        return steps.map(({ pauseMs, from, address }) => {
          nowMs += pauseMs;
          if (from === "elsewhere") return tryWrong(throttle, guessOf(`192.0.2.${address}`), nowMs);
          const account = from === "suspect" ? "ann" : `name ${address}`;
          const guess = guessOf("203.0.113.1", from === "suspect" ? standing : "stranger", account);
          // In the order of `checkPassword`.
          const problem = throttle.problem(guess, nowMs);
          const answer = throttle.strangerProblem(guess, nowMs) ?? throttle.ownProblem(guess, nowMs);
          if (problem === undefined) throttle.failed(guess, nowMs);
          refused += Number(answer !== undefined);
          return answer?.message;
        });
      });
      assertEquals(answers[0], answers[1]);
    }),
    { numRuns: 500, seed: 7 },
  );
  console.log(`${refused} refusals compared`);
  assertGreater(refused, 1_000);
});

Deno.test("LateAnswers.look() gives an answer a second after its request, whenever it was added", () => {
  const late = new LateAnswers();
  const given: string[] = [];
  late.add(0, () => given.push("at once"));
  late.add(500, () => given.push("later"));
  late.look(999);
  assertEquals(given, []);
  late.add(0, () => given.push("after its comparison"));
  late.look(1_000);
  assertEquals(given, ["at once", "after its comparison"]);
  late.look(2_000);
  late.look(3_000);
  assertEquals(given.slice(2), ["later"]);
});
