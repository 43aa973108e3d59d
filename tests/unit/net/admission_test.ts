import { assertEquals, assertStringIncludes } from "@std/assert";
import { Admission, type AdmissionLimits, type Guest } from "../../../server/net/admission.ts";

const LIMITS: AdmissionLimits = {
  connections: 5,
  unauthenticatedConnections: 3,
  unauthenticatedPerAddress: 2,
  newConnectionsPerMinute: 4,
  loopbackExempt: true,
};

interface TestGuest extends Guest {
  loggedIn: boolean;
}

function guest(address: string, loggedIn = false): TestGuest {
  return { address, loggedIn };
}

function admission(limits: Partial<AdmissionLimits> = {}): Admission<TestGuest> {
  return new Admission<TestGuest>({ ...LIMITS, ...limits });
}

Deno.test("refusal() is undefined for the first connection of an address", () => {
  assertEquals(admission().refusal("192.0.2.1", 0), undefined);
});

Deno.test("refusal() names value, limit and way out when all connections are taken", () => {
  const door = admission({ connections: 2 });
  door.enter(guest("192.0.2.1", true));
  door.enter(guest("127.0.0.1", true));
  const refusal = door.refusal("127.0.0.1", 0) ?? "";
  assertStringIncludes(refusal, "2 connections and its limit is 2 (limits.connections)");
  assertStringIncludes(refusal, "use another node");
});

Deno.test("leave() makes room again", () => {
  const door = admission({ connections: 1 });
  const first = guest("192.0.2.1");
  door.enter(first);
  door.leave(first);
  assertEquals(door.refusal("192.0.2.1", 0), undefined);
});

Deno.test("enter() names the oldest connection that is not logged in when those are too many", () => {
  const door = admission();
  const guests = [guest("192.0.2.1", true), guest("192.0.2.2"), guest("192.0.2.3"), guest("192.0.2.4")];
  assertEquals(guests.map((one) => door.enter(one)), [undefined, undefined, undefined, undefined]);
  assertEquals(door.enter(guest("192.0.2.5")), guests[1]);
});

Deno.test("enter() lets nobody give way who has logged in meanwhile", () => {
  const door = admission();
  const guests = [guest("192.0.2.1"), guest("192.0.2.2"), guest("192.0.2.3")];
  for (const one of guests) door.enter(one);
  for (const one of guests) one.loggedIn = true;
  assertEquals(door.enter(guest("192.0.2.4")), undefined);
});

Deno.test("refusal() names the limit on connections of one address that are not logged in", () => {
  const door = admission();
  const guests = [guest("192.0.2.1"), guest("192.0.2.1")];
  for (const one of guests) door.enter(one);
  const refusal = door.refusal("192.0.2.1", 0) ?? "";
  assertStringIncludes(refusal, "2 connections of 192.0.2.1 are not logged in and the limit is 2");
  assertEquals(door.refusal("192.0.2.2", 0), undefined);
  guests.forEach((one) => one.loggedIn = true);
  assertEquals(door.refusal("192.0.2.1", 0), undefined);
});

Deno.test("refusal() takes the addresses of one IPv6 household for one", () => {
  const door = admission();
  door.enter(guest("2001:db8::1"));
  door.enter(guest("2001:db8::2"));
  assertStringIncludes(door.refusal("2001:db8::3", 0) ?? "", "2001:db8:0:0::/64");
  assertEquals(door.refusal("2001:db8:0:1::3", 0), undefined);
});

Deno.test("refusal() exempts loopback addresses only where the limits say so", () => {
  for (const loopbackExempt of [true, false]) {
    const door = admission({ loopbackExempt });
    door.enter(guest("127.0.0.1"));
    door.enter(guest("127.0.0.1"));
    assertEquals(door.refusal("127.0.0.1", 0) === undefined, loopbackExempt);
  }
});

Deno.test("refusal() bounds the new connections of one address within a minute", () => {
  const door = admission();
  for (let i = 0; i < 4; i++) assertEquals(door.refusal("192.0.2.1", i * 1_000), undefined);
  const refusal = door.refusal("192.0.2.1", 20_000) ?? "";
  assertStringIncludes(refusal, "4 connections came from 192.0.2.1 within a minute and the limit is 4");
  assertStringIncludes(refusal, "try again in 40 s");
  assertEquals(door.refusal("192.0.2.2", 20_000), undefined);
  assertEquals(door.refusal("192.0.2.1", 60_000), undefined);
});

Deno.test("refusal() takes a rate of 0 for no limit", () => {
  const door = admission({ newConnectionsPerMinute: 0 });
  for (let i = 0; i < 100; i++) assertEquals(door.refusal("192.0.2.1", 0), undefined);
});

Deno.test("forget() keeps the minutes that are not over", () => {
  const door = admission({ newConnectionsPerMinute: 1 });
  door.refusal("192.0.2.1", 0);
  door.forget(59_999);
  assertStringIncludes(door.refusal("192.0.2.1", 59_999) ?? "", "try again in 1 s");
});

Deno.test("update() counts a connection that has logged out as not logged in", () => {
  const door = admission();
  const guests = [guest("192.0.2.1"), guest("192.0.2.1")];
  for (const one of guests) door.enter(one);
  for (const loggedIn of [true, false]) {
    for (const one of guests) {
      one.loggedIn = loggedIn;
      door.update(one);
    }
    assertEquals(door.refusal("192.0.2.1", 0) === undefined, loggedIn);
  }
});

Deno.test("update() does not bring back a connection that has left", () => {
  const door = admission({ unauthenticatedPerAddress: 1 });
  const gone = guest("192.0.2.1");
  door.enter(gone);
  door.leave(gone);
  door.update(gone);
  assertEquals(door.refusal("192.0.2.1", 0), undefined);
});
