import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Admission, type AdmissionLimits, type Guest } from "../../../server/net/admission.ts";

const LIMITS: AdmissionLimits = {
  connections: 5,
  unauthenticatedConnections: 3,
  unauthenticatedPerAddress: 2,
  crowdMs: 1_000,
  newConnectionsPerMinute: 4,
  loopbackExempt: true,
};

interface TestGuest extends Guest {
  loggedIn: boolean;
  loggingIn: boolean;
}

function guest(address: string, state: "stranger" | "logging in" | "logged in" = "stranger"): TestGuest {
  return { address, loggedIn: state === "logged in", loggingIn: state === "logging in" };
}

function admission(limits: Partial<AdmissionLimits> = {}): Admission<TestGuest> {
  return new Admission<TestGuest>({ ...LIMITS, ...limits });
}

/** Lets guests enter at the same time; returns those that gave way. */
function enter(door: Admission<TestGuest>, guests: readonly TestGuest[], nowMs = 0): TestGuest[] {
  return guests.flatMap((one) => door.enter(one, nowMs)?.guest ?? []);
}

/** The guests that a trim dismisses. */
function trimmed(door: Admission<TestGuest>, nowMs: number): TestGuest[] {
  return door.trim(nowMs).map((dismissal) => dismissal.guest);
}

Deno.test("refusal() names value, limit and way out when all connections are taken", () => {
  const door = admission({ connections: 2 });
  assertEquals(door.refusal(), undefined);
  enter(door, [guest("192.0.2.1", "logged in"), guest("127.0.0.1", "logged in")]);
  const refusal = door.refusal() ?? "";
  assertStringIncludes(refusal, "2 connections and its limit is 2 (limits.connections)");
  assertStringIncludes(refusal, "use another node");
});

Deno.test("leave() makes room again", () => {
  const door = admission({ connections: 1 });
  const first = guest("192.0.2.1");
  enter(door, [first]);
  door.leave(first);
  assertEquals(door.refusal(), undefined);
});

Deno.test("enter() lets the oldest stranger give way when there are too many, and says why", () => {
  const door = admission();
  const guests = [
    guest("192.0.2.1", "logged in"),
    guest("192.0.2.2"),
    guest("192.0.2.3"),
    guest("192.0.2.4"),
  ];
  assertEquals(enter(door, guests), []);
  const dismissal = door.enter(guest("192.0.2.5"), 0);
  assertEquals(dismissal?.guest, guests[1]);
  assertEquals([dismissal?.reason.code, dismissal?.reason.retryAfter], ["rate-limited", 1]);
  assertMatch(
    dismissal?.reason.message ?? "",
    /^3 connections are not logged in and the limit of this node is 3 \(limits\.unauthenticatedConnections\).*connect again/,
  );
});

Deno.test("enter() lets the address with the most strangers give way, not the oldest of all", () => {
  const door = admission({ unauthenticatedConnections: 4 });
  const person = guest("192.0.2.1");
  const flood = Array.from({ length: 20 }, () => guest("192.0.2.66"));
  enter(door, [person]);
  assertEquals(enter(door, flood), flood.slice(0, 17));
});

Deno.test("enter() lets those in the midst of a login give way last", () => {
  const door = admission();
  const [typing, ...idle] = [guest("192.0.2.1", "logging in"), guest("192.0.2.1"), guest("192.0.2.1")];
  if (typing === undefined) return;
  enter(door, [typing, ...idle]);
  const others = [guest("192.0.2.1", "logging in"), guest("192.0.2.1", "logging in")];
  assertEquals(enter(door, [...others, guest("192.0.2.1")]), [...idle, typing]);
});

Deno.test("enter() prefers an idle stranger where several addresses have as many", () => {
  const door = admission();
  const guests = [guest("192.0.2.1", "logging in"), guest("192.0.2.2"), guest("192.0.2.3")];
  enter(door, guests);
  assertEquals(enter(door, [guest("192.0.2.4")]), [guests[1]]);
});

Deno.test("enter() lets nobody give way who has logged in meanwhile", () => {
  const door = admission();
  const guests = [guest("192.0.2.1"), guest("192.0.2.2"), guest("192.0.2.3")];
  enter(door, guests);
  for (const one of guests) one.loggedIn = true;
  assertEquals(enter(door, [guest("192.0.2.4")]), []);
});

Deno.test("trim() lets a crowd be for a while, then the oldest of the address give way", () => {
  const door = admission({ unauthenticatedConnections: 100 });
  const early = Array.from({ length: 20 }, () => guest("192.0.2.1"));
  const late = Array.from({ length: 5 }, () => guest("192.0.2.1"));
  enter(door, early, 0);
  enter(door, [guest("192.0.2.2")], 0);
  assertEquals(trimmed(door, 999), []);
  enter(door, late, 500);
  assertEquals(trimmed(door, 1_000), early.slice(0, 18));
  assertEquals(trimmed(door, 1_499), []);
  assertEquals(trimmed(door, 1_500), [...early.slice(18), ...late.slice(0, 3)]);
});

Deno.test("trim() names value, limit and way out", () => {
  const door = admission();
  enter(door, [guest("192.0.2.1"), guest("192.0.2.1"), guest("192.0.2.1")]);
  const [dismissal] = door.trim(1_000);
  assertMatch(
    dismissal?.reason.message ?? "",
    /^3 connections of 192\.0\.2\.1 are not logged in and the limit is 2 \(limits\.unauthenticatedPerAddress\).*connect again/,
  );
});

Deno.test("trim() lets those in the midst of a login give way last", () => {
  const door = admission();
  const [typing, idle, last] = [guest("192.0.2.1", "logging in"), guest("192.0.2.1"), guest("192.0.2.1")];
  enter(door, [typing, idle, last]);
  assertEquals(trimmed(door, 1_000), [idle]);
  last.loggingIn = true;
  enter(door, [guest("192.0.2.1", "logging in")], 1_000);
  assertEquals(trimmed(door, 2_000), [typing]);
});

Deno.test("trim() takes the addresses of one IPv6 household for one", () => {
  const door = admission({ unauthenticatedConnections: 100 });
  const household = [guest("2001:db8::1"), guest("2001:db8::2"), guest("2001:db8:0:0:9::3")];
  enter(door, household);
  enter(door, [guest("2001:db8:0:1::3"), guest("2001:db8:0:1::4")]);
  const dismissals = door.trim(1_000);
  assertEquals(dismissals.map((one) => one.guest), household.slice(0, 1));
  assertStringIncludes(dismissals[0]?.reason.message ?? "", "3 connections of 2001:db8:0:0::/64");
});

Deno.test("trim() exempts loopback addresses only where the limits say so", () => {
  for (const loopbackExempt of [true, false]) {
    const door = admission({ loopbackExempt });
    const guests = [guest("127.0.0.1"), guest("127.0.0.1"), guest("127.0.0.1")];
    enter(door, guests);
    assertEquals(trimmed(door, 1_000), loopbackExempt ? [] : guests.slice(0, 1));
  }
});

Deno.test("shed() lets the oldest of the largest address give way until so many strangers are left", () => {
  const door = admission({ unauthenticatedConnections: 100 });
  const person = guest("192.0.2.1");
  const crowd = Array.from({ length: 6 }, () => guest("127.0.0.1"));
  const [first, ...others] = crowd;
  if (first === undefined) return;
  first.loggedIn = true;
  enter(door, [person, ...crowd]);
  const shed = (strangersMax: number) => [...door.shed(strangersMax)].map((one) => one.guest);
  assertEquals(shed(Infinity), []);
  assertEquals(shed(3), others.slice(0, 3), "nobody that is logged in");
  assertEquals(shed(3), []);
  assertEquals(new Set(shed(0)), new Set([person, ...others.slice(3)]));
});

Deno.test("giveWay() takes the oldest of the largest addresses, as many as asked for, and says why", () => {
  const door = admission({ unauthenticatedConnections: 100 });
  const few = [guest("192.0.2.1"), guest("192.0.2.1")];
  const many = Array.from({ length: 4 }, () => guest("127.0.0.1"));
  enter(door, [...few, ...many]);
  const dismissals = door.giveWay(2, "descriptors", "no descriptor is left");
  assertEquals(dismissals.map((one) => one.guest), many.slice(0, 2));
  assertMatch(dismissals[0]?.reason.message ?? "", /^no descriptor is left, so the oldest gives way/);
  assertEquals(door.giveWay(0, "memory", ""), []);
  assertEquals(door.giveWay(9, "memory", "").length, 4);
});

Deno.test("charge() bounds the connections of one address within a minute", () => {
  const door = admission();
  for (let i = 0; i < 4; i++) assertEquals(door.charge(guest("192.0.2.1"), i * 1_000).refusal, undefined);
  const { refusal } = door.charge(guest("192.0.2.1"), 20_000);
  assertEquals([refusal?.code, refusal?.retryAfter], ["rate-limited", 40]);
  assertMatch(
    refusal?.message ?? "",
    /^4 connections came from 192\.0\.2\.1 within a minute and the limit is 4 .*newConnectionsPerMinute.* 40 s$/,
  );
  assertEquals(door.charge(guest("192.0.2.2"), 20_000).refusal, undefined);
  assertEquals(door.charge(guest("192.0.2.1"), 60_000).refusal, undefined);
});

Deno.test("charge() counts nothing that was given back, and gives back once", () => {
  const door = admission({ newConnectionsPerMinute: 1 });
  for (let i = 0; i < 10; i++) {
    const charge = door.charge(guest("192.0.2.1"), 0);
    assertEquals(charge.refusal, undefined);
    charge.giveBack();
    charge.giveBack();
  }
  assertEquals(door.charge(guest("192.0.2.1"), 0).refusal, undefined);
  const over = door.charge(guest("192.0.2.1"), 0);
  assertEquals(over.refusal?.code, "rate-limited");
  over.giveBack();
  assertEquals(door.charge(guest("192.0.2.1"), 0).refusal?.code, "rate-limited");
});

Deno.test("charge() takes a rate of 0 for no limit, and exempts loopback addresses", () => {
  const doors = [admission({ newConnectionsPerMinute: 0 }), admission()];
  for (const [index, address] of ["192.0.2.1", "127.0.0.1"].entries()) {
    for (let i = 0; i < 100; i++) assertEquals(doors[index]?.charge(guest(address), 0).refusal, undefined);
  }
});

Deno.test("forget() keeps the minutes that are not over", () => {
  const door = admission({ newConnectionsPerMinute: 1 });
  door.charge(guest("192.0.2.1"), 0);
  door.forget(59_999);
  assertStringIncludes(
    door.charge(guest("192.0.2.1"), 59_999).refusal?.message ?? "",
    "try again in 1 s",
  );
});

Deno.test("update() counts a connection that has logged out as a stranger", () => {
  const door = admission({ unauthenticatedConnections: 1 });
  const one = guest("192.0.2.1");
  enter(door, [one]);
  for (const loggedIn of [true, false]) {
    one.loggedIn = loggedIn;
    door.update(one);
    const other = guest("192.0.2.2");
    assertEquals(enter(door, [other]), loggedIn ? [] : [one]);
    door.leave(other);
  }
});

Deno.test("update() does not bring back a connection that has left", () => {
  const door = admission({ unauthenticatedConnections: 1 });
  const gone = guest("192.0.2.1");
  enter(door, [gone]);
  door.leave(gone);
  door.update(gone);
  assertEquals(enter(door, [guest("192.0.2.1")]), []);
});
