import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { TokenBucket } from "../../../server/sessions/token_bucket.ts";
import { WindowCounter } from "../../../server/sessions/window_counter.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

const MINUTE_MS = 60_000;

/** Tries a password; returns the reply, with the seconds to wait if it is `rate-limited`. */
function attempt(client: HarnessClient, name: string, password: string): string {
  client.tell("startLogin", { name });
  client.request("finishLogin", { password });
  client.harness.settle();
  // Strangers are refused a second later.
  if (client.replies.length === 0) client.harness.pass(1_000);
  client.harness.sessions.tick();
  const reply = client.takeReply();
  const wait = reply.name === "error" && typeof reply.payload === "object"
    ? reply.payload.retryAfter
    : undefined;
  return wait === undefined ? inShort(reply) : `${inShort(reply)} ${wait}`;
}

Deno.test("loginFailuresPerMinute: five wrong passwords, then a delay that doubles up to 15 minutes", () => {
  const harness = new NodeHarness({ loginFailuresPerAddress: 0 });
  harness.login("ann");
  const client = harness.connect();
  for (let i = 0; i < 5; i++) assertEquals(attempt(client, "ann", "wrong password"), "loginFailed");
  for (let seconds = 1; seconds < 2_000; seconds *= 2) {
    const delay = Math.min(seconds, 900);
    assertEquals(attempt(client, "Ann", "wrong password"), `rate-limited ${delay}`);
    assertEquals(
      attempt(harness.connect(), "ann", passwordOf("ann")),
      `rate-limited ${delay}`,
      "the right one too",
    );
    harness.pass(delay * 1_000 - 1);
    assertEquals(attempt(client, "ann", "wrong password"), "rate-limited 1");
    harness.pass(1);
    assertEquals(attempt(client, "ann", "wrong password"), "loginFailed");
  }
  harness.pass(900_000);
  assertEquals(attempt(client, "ann", passwordOf("ann")), "loginSuccess");
  harness.pass(MINUTE_MS);
  assertEquals(attempt(harness.connect(), "ann", "wrong password"), "loginFailed");
  assertEquals(attempt(harness.connect(), "ann", passwordOf("ann")), "loginSuccess", "begins anew");
});

Deno.test("loginFailuresPerMinute: failures that are a minute apart delay nothing", () => {
  const harness = new NodeHarness({ loginFailuresPerAddress: 0 });
  harness.login("ann");
  for (let i = 0; i < 20; i++) {
    assertEquals(attempt(harness.connect(), "ann", "wrong password"), "loginFailed");
    harness.pass(MINUTE_MS / 4);
  }
});

Deno.test("loginFailuresPerMinute: CHANGE_PASSWORD and DELETE_ACCOUNT count too", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  for (let i = 0; i < 5; i++) {
    const wrong = i % 2 === 0
      ? ann.tell("deleteAccount", { password: "wrong password" })
      : ann.tell("changePassword", { old: "wrong password", new: "another password" });
    assertEquals(wrong, "login-failed");
  }
  assertEquals(ann.tell("deleteAccount", { password: passwordOf("ann") }), "rate-limited");
  assertEquals(ann.closed, false);
});

Deno.test("loginFailuresPerAddress: twenty in ten minutes, then nobody there gets in for ten", () => {
  const harness = new NodeHarness({ loginFailuresPerMinute: 0 });
  ["ann", "bob"].forEach((name) => harness.login(name, { address: "192.0.2.9" }));
  for (let i = 0; i < 20; i++) {
    harness.pass(1_000);
    assertEquals(
      attempt(harness.connect(), i % 2 === 0 ? "ann" : "bob", "wrong password"),
      "loginFailed",
      String(i),
    );
  }
  assertEquals(attempt(harness.connect(), "ann", passwordOf("ann")), "rate-limited 600");
  assertEquals(attempt(harness.connect({ address: "192.0.2.9" }), "ann", passwordOf("ann")), "loginSuccess");
  harness.pass(10 * MINUTE_MS - 1_001);
  assertEquals(attempt(harness.connect(), "ann", passwordOf("ann")), "rate-limited 1");
  assertEquals(attempt(harness.connect(), "ann", passwordOf("ann")), "loginSuccess");
});

Deno.test("loginFailuresPerAddress: loopback addresses are exempt unless it says otherwise", () => {
  for (const loopbackExempt of [true, false]) {
    const harness = new NodeHarness({ loginFailuresPerMinute: 0, loopbackExempt });
    harness.login("ann", { address: "192.0.2.9" });
    const client = harness.connect({ address: "127.0.0.1" });
    for (let i = 0; i < 20; i++) attempt(client, "ann", "wrong password");
    assertEquals(
      attempt(client, "ann", passwordOf("ann")),
      loopbackExempt ? "loginSuccess" : "rate-limited 600",
    );
  }
});

Deno.test("registrationsPerHour: five of one address in an hour, a /64 being one address", () => {
  const harness = new NodeHarness({ registrationsPerHour: DEFAULT_LIMITS.registrationsPerHour });
  const register = (name: string, address: string): string =>
    attempt(harness.connect({ address }), name, passwordOf(name));
  for (let i = 0; i < 5; i++) {
    assertEquals(register(`ann${i}`, `2001:db8::${i}`), "loginSuccess");
    harness.pass(MINUTE_MS);
  }
  assertEquals(register("more", "2001:db8::99"), `rate-limited ${55 * 60}`);
  assertEquals(register("ann0", "2001:db8::99"), "loginSuccess", "logging in is not registering");
  assertEquals(register("more", "2001:db8:0:1::1"), "loginSuccess");
  harness.pass(55 * MINUTE_MS);
  assertEquals(register("last", "2001:db8::99"), "loginSuccess");
});

Deno.test("registrationsPerHour: passwords that are hashed at the same time do not get past it", () => {
  const harness = new NodeHarness({ registrationsPerHour: 2 });
  const clients = ["a", "b", "c", "d"].map((name) => {
    const client = harness.connect();
    client.tell("startLogin", { name });
    client.request("finishLogin", { password: passwordOf(name) });
    return client;
  });
  const replies = clients.map((client) => inShort(client.takeReply()));
  assertEquals(replies, ["loginSuccess", "loginSuccess", "rate-limited", "rate-limited"]);
});

Deno.test("registrationsPerTenMinutes: thirty in total", () => {
  const { registrationsPerTenMinutes } = DEFAULT_LIMITS;
  const harness = new NodeHarness({ registrationsPerTenMinutes });
  const register = (i: number): string =>
    attempt(
      harness.connect({ address: i % 2 === 0 ? "127.0.0.1" : `192.0.2.${i}` }),
      `user${i}`,
      passwordOf("user"),
    );
  for (let i = 0; i < 30; i++) assertEquals(register(i), "loginSuccess", String(i));
  assertEquals(register(30), "rate-limited 600");
  harness.pass(10 * MINUTE_MS);
  assertEquals(register(30), "loginSuccess");
});

Deno.test("WindowCounter counts what happened within the window, and says when there is room", () => {
  const counter = new WindowCounter(100);
  for (const nowMs of [0, 40, 80]) counter.add("a", nowMs);
  counter.add("b", 80);
  assertEquals([counter.count("a", 99), counter.count("a", 100), counter.count("a", 180)], [3, 2, 0]);
  for (const nowMs of [200, 240]) counter.add("a", nowMs);
  assertEquals(
    [counter.roomInMs("a", 3, 250), counter.roomInMs("a", 2, 250), counter.roomInMs("a", 1, 250)],
    [0, 50, 90],
  );
  counter.prune(250);
  assertEquals([counter.count("a", 250), counter.count("b", 250)], [2, 0]);
});

Deno.test("TokenBucket fills with time up to its burst, and may be overdrawn", () => {
  const bucket = new TokenBucket(10, 20, 0);
  assertEquals([bucket.take(20, 0), bucket.take(5, 0), bucket.take(0, 250)], [0, 500, 250]);
  assertEquals([bucket.take(20, 60_000), bucket.take(1, 60_000)], [0, 100]);
  assertEquals(new TokenBucket(0, 1, 0).take(1e9, 0), 0);
});

Deno.test("guesses that are compared at the same time learn nothing past the limit", () => {
  const harness = new NodeHarness({ loginFailuresPerAddress: 0 });
  harness.login("ann");
  const clients = Array.from({ length: 8 }, (_, i) => {
    const client = harness.connect();
    client.tell("startLogin", { name: "ann" });
    client.request("finishLogin", { password: i < 7 ? `wrong password ${i}` : passwordOf("ann") });
    return client;
  });
  const replies = clients.map((client) => inShort(client.takeReply()));
  assertEquals(replies.slice(0, 5), Array.from({ length: 5 }, () => "loginFailed"));
  assertEquals(replies.slice(5), Array.from({ length: 3 }, () => "rate-limited"));
});
