import { assertEquals } from "@std/assert";
import { fakeHash, NodeHarness, passwordOf } from "../../testing/node_harness.ts";

Deno.test("LOGIN_2 costs a comparison also where the account is gone", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  harness.node.apply([{ type: "accountDeleted", account: harness.state.directory.find("ann")?.id ?? "" }]);
  const jobs = harness.hasher.jobs.length;
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginFailed");
  const job = harness.hasher.jobs.at(-1);
  assertEquals([harness.hasher.jobs.length, job && "hash" in job && job.hash], [
    jobs + 1,
    fakeHash(".".repeat(53)),
  ]);
});

Deno.test("a wrong password counts also where the connection ends before it was compared", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  for (let i = 0; i < 5; i++) {
    const client = harness.connect();
    client.tell("startLogin", { name: "ann" });
    client.request("finishLogin", { password: "wrong password" });
    client.session.disconnected();
    assertEquals(client.takeReplies(), []);
  }
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "rate-limited");
});

/**
 * The hash after a login of ann, whose hash was cheap; `obstruct` runs between the comparison and the new
 * hash.
 */
function hashAfterLogin(obstruct: (harness: NodeHarness) => void): string | undefined {
  const harness = new NodeHarness();
  const hash = fakeHash(passwordOf("ann"), 4);
  harness.node.apply([{ type: "accountCreated", account: "ann.1", name: "ann", hash }]);
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  const [compare] = harness.hasher.waiting.splice(0);
  obstruct(harness);
  compare?.();
  harness.settle();
  return harness.state.account("ann.1").passwordHash;
}

Deno.test("a login hashes a cheap hash anew, unless the hasher is busy or the disk full", () => {
  const [cheap, dear] = [fakeHash(passwordOf("ann"), 4), fakeHash(passwordOf("ann"), 10)];
  assertEquals(hashAfterLogin(() => {}), dear);
  assertEquals(hashAfterLogin((harness) => harness.hasher.busy = true), cheap);
  assertEquals(hashAfterLogin((harness) => harness.log.readOnly = true), cheap);
});

Deno.test("a cheap hash is not hashed anew where the account goes meanwhile", () => {
  const gone = hashAfterLogin((harness) =>
    harness.node.apply([{ type: "accountDeleted", account: "ann.1" }])
  );
  assertEquals(gone, fakeHash(passwordOf("ann"), 4));
});

Deno.test("a password is right also where its hash is renewed while it is compared", () => {
  const harness = new NodeHarness();
  harness.node.apply([{
    type: "accountCreated",
    account: "ann.1",
    name: "ann",
    hash: fakeHash(passwordOf("ann"), 4),
  }]);
  const clients = [harness.connect(), harness.connect()];
  for (const client of clients) client.tell("startLogin", { name: "ann" });
  for (const client of clients) client.request("finishLogin", { password: passwordOf("ann") });
  const [first, second] = harness.hasher.waiting.splice(0);
  first?.();
  harness.settle();
  assertEquals(harness.state.account("ann.1").passwordHash, fakeHash(passwordOf("ann"), 10));
  second?.();
  harness.settle();
  for (const client of clients) assertEquals(client.takeReply().name, "loginSuccess");
});
