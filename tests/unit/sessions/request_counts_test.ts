import { assertEquals, assertGreater } from "@std/assert";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

/** Counts of a node's requests that are not 0, as `sendMessage ok 2`. */
function countsOf({ sessions: { census } }: NodeHarness): string[] {
  return census.requests.all().filter(({ count }) => count > 0).map(({ request, outcome, count }) =>
    `${request} ${outcome} ${count}`
  );
}

Deno.test("RequestCounts has every request once, by its name and its outcome", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  harness.login("bob");
  for (const content of ["one", "two"]) assertEquals(ann.tell("sendMessage", { to: "bob", content }), "sent");
  assertEquals(ann.tell("sendMessage", { to: "nobody", content: "x" }), "unknown-user");
  assertEquals(ann.tell("listMessages", { with: "bob" }), "messages");
  ann.frame(250);
  harness.settle();
  assertEquals(countsOf(harness), [
    "startLogin ok 2",
    "finishLogin ok 2",
    "sendMessage ok 2",
    "sendMessage unknown-user 1",
    "listMessages ok 1",
    "hello ok 2",
    "unknown unknown-request 1",
  ]);
});

Deno.test("RequestCounts counts a login once the password is compared, and not if the connection has gone", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const ofLogins = (): string[] => countsOf(harness).filter((line) => line.startsWith("finishLogin"));
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: "wrong password" });
  assertEquals(ofLogins(), ["finishLogin ok 1"], "the hasher has not answered yet");
  harness.settle();
  assertEquals(ofLogins(), ["finishLogin ok 1", "finishLogin login-failed 1"]);
  const other = harness.connect();
  other.tell("startLogin", { name: "ann" });
  other.request("finishLogin", { password: passwordOf("ann") });
  other.session.disconnected();
  harness.settle();
  assertEquals(ofLogins(), ["finishLogin ok 1", "finishLogin login-failed 1"]);
});

Deno.test("SessionCensus knows the dialects of open connections", () => {
  const harness = new NodeHarness();
  const { census } = harness.sessions;
  const original = harness.connect({ dialect: "original" });
  assertEquals(census.byDialect(), { none: 1, original: 0, confirmed: 0 });
  original.tell("startLogin", { name: "ann" });
  const confirmed = harness.connect();
  assertEquals(census.byDialect(), { none: 0, original: 1, confirmed: 1 });
  for (const { session } of [original, confirmed]) session.disconnected();
  assertEquals(census.byDialect(), { none: 0, original: 0, confirmed: 0 });
});

Deno.test("diagnostics say the number of a connection, each request, its outcome and time, and no more", () => {
  const harness = new NodeHarness();
  const secret = "a very private word";
  const ann = harness.login("ann");
  ann.tell("sendMessage", { to: "ann", content: secret });
  ann.request("changePassword", { old: passwordOf("ann"), new: secret });
  harness.pass(3);
  harness.settle();
  ann.session.disconnected();
  const told = harness.diagnostics.filter(({ event }) =>
    event === "request" || event.startsWith("connection")
  );
  assertEquals(
    told.map(({ event, fields }) => [event, fields["session"], fields["request"], fields["outcome"]]),
    [
      ["connectionOpened", 1, undefined, undefined],
      ["request", 1, "hello", "ok"],
      ["request", 1, "startLogin", "ok"],
      ["request", 1, "finishLogin", "ok"],
      ["request", 1, "sendMessage", "ok"],
      ["request", 1, "changePassword", "ok"],
      ["connectionClosed", 1, undefined, undefined],
    ],
  );
  assertEquals(told.map(({ fields }) => fields["ms"]).filter((ms) => ms !== undefined), [0, 0, 0, 0, 3]);
  const text = JSON.stringify(told);
  assertGreater(text.length, 0);
  for (const word of ["ann", secret, passwordOf("ann")]) assertEquals(text.includes(word), false, word);
});
