import { assert, assertEquals, assertLess } from "@std/assert";
import fastCheck from "fast-check";
import { Account } from "../../../server/core/accounts/account.ts";
import { PARTNER_PACE, PresenceReceivers, WATCH_PACE } from "../../../server/node/presence_receivers.ts";

const LOOK_MS = 100;
const CHANGES_PER_SECOND = 200;

function accounts(count: number): Account[] {
  return Array.from({ length: count }, (_, i) => new Account(`account.${i}`));
}

/** Receivers that note how often, and when last, they were told of each account. */
class Told {
  nowMs = 0;
  readonly times: { readonly ms: number; readonly to: Account; readonly account: Account }[] = [];
  readonly receivers: PresenceReceivers<Account>;

  constructor(pace = PARTNER_PACE) {
    this.receivers = new PresenceReceivers<Account>(pace, (accounts, receivers) => {
      for (const account of accounts) {
        for (const to of receivers) this.times.push({ ms: this.nowMs, to, account });
      }
    });
  }

  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs;) {
      this.nowMs += LOOK_MS;
      this.receivers.look(this.nowMs);
    }
  }

  lastMs(to: Account, account: Account): number {
    return this.times.findLast((told) => told.to === to && told.account === account)?.ms ?? -1;
  }
}

Deno.test("PresenceReceivers tells a receiver 200 changes a second, and all of them in the end", () => {
  const told = new Told();
  const [bob = new Account("bob.1"), ...crowd] = accounts(1_001);
  for (const account of crowd) told.receivers.changed(account, [bob], told.nowMs);
  assertEquals(told.times.length, CHANGES_PER_SECOND);
  told.pass(1_000);
  assertEquals(told.times.length, 2 * CHANGES_PER_SECOND);
  told.pass(3_000);
  assertEquals(new Set(told.times.map(({ account }) => account)).size, 1_000);
  assertEquals(told.times.length, 1_000);
});

Deno.test("PresenceReceivers keeps receivers apart: one with a crowd holds up nobody", () => {
  const told = new Told();
  const [bob = new Account("bob.1"), carol = new Account("carol.1"), ...crowd] = accounts(500);
  for (const account of crowd) told.receivers.changed(account, [bob], 0);
  told.receivers.changed(bob, [carol], 0);
  assertEquals(told.lastMs(carol, bob), 0);
});

Deno.test("PresenceReceivers at the pace of PERSON tells two changes at once, and the others together", () => {
  const told = new Told(WATCH_PACE);
  const [bob = new Account("bob.1"), ...crowd] = accounts(301);
  for (const account of crowd) told.receivers.changed(account, [bob], told.nowMs);
  assertEquals(told.times.length, 2);
  told.pass(400);
  assertEquals(told.times.length, 2);
  const lengths = [500, 500, 500].map((ms) => {
    told.pass(ms);
    return told.times.length;
  });
  assertEquals(lengths, [102, 202, 300]);
  assertEquals(told.times.map(({ account }) => account), crowd, "in their order");
});

Deno.test("PresenceReceivers tells no more in one look than it may, and the others in the next ones", () => {
  const told = new Told(WATCH_PACE);
  const [first, ...crowd] = accounts(50);
  const receivers = accounts(4);
  for (const account of crowd) told.receivers.changed(account, receivers, 0);
  assertEquals(told.times.length, 4 * 2);
  told.receivers.look(500, 60);
  assertEquals(new Set(told.times.filter((_, i) => i >= 8).map(({ to }) => to)).size, 2, "whole receivers");
  told.receivers.look(500, 60);
  assertEquals(told.times.length, 4 * crowd.length);
  assert(first !== undefined);
});

Deno.test("PresenceReceivers puts a change that has to be the last behind all that wait", () => {
  const told = new Told(WATCH_PACE);
  const [bob = new Account("bob.1"), ...crowd] = accounts(6);
  const [one = bob, two = bob, three = bob, four = bob] = crowd;
  for (const account of [one, two, three, four]) told.receivers.changed(account, [bob], 0);
  told.receivers.changed(three, [bob], 0);
  told.receivers.changed(three, [bob], 0, true);
  told.pass(500);
  assertEquals(told.times.map(({ account }) => account), [one, two, four, three]);
  for (const account of [one, two, three, four]) told.receivers.changed(account, [bob], told.nowMs);
  told.receivers.leave(bob);
  told.pass(1_000);
  assertEquals(told.times.length, 4, "who has left hears nothing of what waited");
});

Deno.test("PresenceReceivers: whatever changes when, no second is over its bound, and the last change is told", () => {
  let changes = 0;
  let most = 0;
  const [receivers, crowd] = [accounts(3), accounts(450)];
  const step = fastCheck.record({
    afterMs: fastCheck.integer({ min: 0, max: 20 }),
    first: fastCheck.nat(crowd.length - 1),
    count: fastCheck.integer({ min: 1, max: crowd.length }),
    to: fastCheck.subarray(receivers, { minLength: 1 }),
  });
  fastCheck.assert(
    fastCheck.property(fastCheck.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const told = new Told();
      const lastMs = new Map<Account, Map<Account, number>>();
      for (const { afterMs, first, count, to } of steps) {
        told.pass(afterMs * LOOK_MS);
        for (const account of crowd.slice(first, first + count)) {
          told.receivers.changed(account, to, told.nowMs);
          for (const each of to) lastMs.set(each, (lastMs.get(each) ?? new Map()).set(account, told.nowMs));
          changes += to.length;
        }
      }
      told.pass(5_000);
      for (const receiver of receivers) {
        const times = told.times.filter(({ to }) => to === receiver).map(({ ms }) => ms);
        // Two windows may meet in a second that is counted from anywhere.
        for (const [i, ms] of times.entries()) {
          const last = times[i + 2 * CHANGES_PER_SECOND];
          assert(last === undefined || last - ms >= 1_000, `${i}: ${ms} to ${last}`);
        }
        for (const [account, ms] of lastMs.get(receiver) ?? []) {
          assertLess(ms - 1, told.lastMs(receiver, account));
        }
        most = Math.max(most, times.length);
      }
    }),
    { numRuns: 300 },
  );
  console.log(`${changes} changes for 3 receivers, at most ${most} told to one`);
});
