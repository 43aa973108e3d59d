import { assertEquals } from "@std/assert";
import type { Event } from "../../../server/core/events.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { fakeHash, NodeHarness, passwordOf } from "../../testing/node_harness.ts";

const HOME = "192.0.2.1";
const DAY_MS = 86_400_000;

/** Tries a password from an address; returns the reply. A stranger may be refused a second later. */
function attempt(harness: NodeHarness, address: string, name: string, password: string): string {
  const client = harness.connect({ address });
  client.tell("startLogin", { name });
  client.request("finishLogin", { password });
  const reply = replyOf(client);
  client.session.disconnected();
  return reply;
}

function replyOf(client: HarnessClient): string {
  const { harness } = client;
  harness.settle();
  if (client.replies.length === 0) harness.pass(1_000);
  harness.sessions.tick();
  return inShort(client.takeReply());
}

/** Guesses from that many addresses, each that often; returns the number of guesses that were compared. */
function attack(harness: NodeHarness, name: string, addresses: number, times: number): number {
  let compared = 0;
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < addresses; i++) {
      const reply = attempt(harness, `198.51.${i >> 8}.${i & 255}`, name, "wrong password");
      compared += Number(reply === "loginFailed");
    }
  }
  return compared;
}

function knownAddresses({ log }: NodeHarness): number {
  return log.synced.filter(({ type }) => type === "addressKnown").length;
}

Deno.test("fifteen guesses from anywhere, then one in 15 minutes, keep no owner out", () => {
  const harness = new NodeHarness();
  harness.login("ann", { address: HOME });
  assertEquals(attack(harness, "ann", 1, 15) >= 5, true);
  for (let i = 0; i < 34; i++) {
    assertEquals(attempt(harness, HOME, "ann", passwordOf("ann")), "loginSuccess", String(i));
    assertEquals(attempt(harness, `203.0.113.${i}`, "ann", passwordOf("ann")), "loginSuccess", String(i));
    attack(harness, "ann", 1, 1);
    harness.pass(900_000);
  }
});

Deno.test("2,000 guesses from 200 addresses keep neither a known nor a new address out", () => {
  const harness = new NodeHarness();
  harness.login("ann", { address: HOME });
  const compared = attack(harness, "ann", 200, 10);
  console.log(`${compared} of 2000 guesses were compared`);
  // Two thousand refusals took 2,000 s, in which the allowance grew by 166.
  assertEquals(compared <= 300 + 170, true, String(compared));
  assertEquals(attempt(harness, HOME, "ann", passwordOf("ann")), "loginSuccess");
  assertEquals(attempt(harness, "203.0.113.1", "ann", passwordOf("ann")), "loginSuccess");
});

Deno.test("a known address is let in while strangers are refused, and a wrong password from there looks like theirs", () => {
  const harness = new NodeHarness({ strangerFailuresPerHour: 10 });
  harness.login("ann", { address: HOME });
  assertEquals(attack(harness, "ann", 10, 1), 10);
  const refusals = [HOME, "203.0.113.1"].map((address) => {
    const client = harness.connect({ address });
    client.tell("startLogin", { name: "ann" });
    client.request("finishLogin", { password: "wrong password" });
    return client;
  });
  harness.settle();
  harness.sessions.tick();
  assertEquals(refusals.map(({ replies }) => replies.length), [0, 0]);
  harness.pass(1_000);
  harness.sessions.tick();
  const [known, stranger] = refusals.map((client) => client.takeReply());
  assertEquals(known, stranger);
  assertEquals(stranger, {
    name: "error",
    payload: {
      code: "rate-limited",
      message: "too many wrong passwords for this name came from other addresses; try again in 360 s",
      retryAfter: 360,
    },
  });
  assertEquals(
    attempt(harness, "203.0.113.1", "ann", passwordOf("ann")),
    "rate-limited",
    "nothing is compared",
  );
  assertEquals(attempt(harness, HOME, "ann", passwordOf("ann")), "loginSuccess");
  harness.pass(360_000);
  assertEquals(attempt(harness, "203.0.113.1", "ann", passwordOf("ann")), "loginSuccess");
});

Deno.test("guesses from the owner's own address slow that address alone; the session and its token go on", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann", { address: HOME });
  for (let i = 0; i < 8; i++) attempt(harness, HOME, "ann", "wrong password");
  assertEquals(attempt(harness, HOME, "ann", passwordOf("ann")), "rate-limited");
  assertEquals(attempt(harness, "203.0.113.1", "ann", passwordOf("ann")), "loginSuccess");
  const again = harness.connect({ address: HOME });
  assertEquals(again.tell("resume", { token: ann.token }), "loginSuccess");
  assertEquals(
    ann.tell("changePassword", { old: passwordOf("ann"), new: "another password" }),
    "ok",
  );
  assertEquals(ann.tell("deleteAccount", { password: "another password" }), "ok");
});

Deno.test("the guesses of a session are counted by its token, whatever its connections, and delay no login", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann", { address: HOME });
  for (let i = 0; i < 5; i++) {
    assertEquals(ann.tell("deleteAccount", { password: "wrong password" }), "login-failed");
  }
  const again = harness.connect({ address: "203.0.113.1" });
  again.tell("resume", { token: ann.token });
  assertEquals(again.tell("deleteAccount", { password: passwordOf("ann") }), "rate-limited");
  const other = harness.login("ann", { address: HOME });
  assertEquals(other.tell("deleteAccount", { password: passwordOf("ann") }), "ok");
});

Deno.test("an address becomes known by any login, and is written once a week", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann", { address: HOME });
  for (let i = 0; i < 5; i++) harness.login("ann", { address: HOME }).session.disconnected();
  assertEquals(knownAddresses(harness), 1);
  const written = harness.log.synced.length;
  assertEquals(harness.connect({ address: HOME }).tell("resume", { token: ann.token }), "loginSuccess");
  assertEquals(harness.log.synced.length, written, "RESUME from a known address writes nothing");
  harness.connect({ address: "203.0.113.1" }).tell("resume", { token: ann.token });
  assertEquals(knownAddresses(harness), 2);
  harness.pass(7 * DAY_MS + 1);
  harness.connect({ address: HOME }).tell("resume", { token: ann.token });
  assertEquals(knownAddresses(harness), 3);
  const old = harness.connect({ dialect: "original", address: "198.51.100.1" });
  old.login("ann", passwordOf("ann"));
  assertEquals(knownAddresses(harness), 4);
  assertEquals(JSON.stringify(harness.log.synced).includes("198.51.100.1"), false);
});

Deno.test("no address becomes known by a wrong password, nor while the disk is full", () => {
  const harness = new NodeHarness();
  harness.login("ann", { address: HOME });
  attempt(harness, "203.0.113.1", "ann", "wrong password");
  harness.log.readOnly = true;
  assertEquals(attempt(harness, "203.0.113.1", "ann", passwordOf("ann")), "loginSuccess");
  assertEquals(knownAddresses(harness), 1);
});

Deno.test("a name that is made again has neither the counts nor the known addresses of the account before", () => {
  const harness = new NodeHarness({ strangerFailuresPerHour: 10 });
  const ann = harness.login("ann", { address: HOME });
  attack(harness, "ann", 10, 1);
  for (let i = 0; i < 8; i++) attempt(harness, HOME, "ann", "wrong password");
  assertEquals(attempt(harness, "203.0.113.1", "ann", passwordOf("ann")), "rate-limited");
  assertEquals(ann.tell("deleteAccount", { password: passwordOf("ann") }), "ok");
  const next = harness.connect({ address: "203.0.113.7" });
  next.login("ann", "quite another password");
  assertEquals(attempt(harness, HOME, "ann", "quite another password"), "loginSuccess");
  assertEquals(harness.state.directory.find("ann")?.knownAddresses.length, 2);
});

/** Two accounts registered under one name on two sides of a split; the other one is renamed. */
function namesakes(harness: NodeHarness): void {
  harness.login("bob", { address: HOME });
  const other: Event = {
    type: "accountCreated",
    account: "ff01",
    name: "bob",
    hash: fakeHash("the other's password"),
  };
  const stamp = harness.state.stamp + 1;
  harness.node.absorb([encodeEntry(entryOf("node2#bbbbbbbbbbbb", 1, stamp, other))], () => {});
  harness.settle();
}

Deno.test("namesakes: whoever is known to one account is a stranger to the other", () => {
  const harness = new NodeHarness({ strangerFailuresPerHour: 10 });
  namesakes(harness);
  attack(harness, "bob", 10, 1);
  assertEquals(attempt(harness, HOME, "bob", passwordOf("bob")), "loginSuccess");
  const compared = harness.hasher.jobs.length;
  assertEquals(attempt(harness, HOME, "bob", "the other's password"), "rate-limited");
  assertEquals(
    harness.hasher.jobs.length,
    compared + 1,
    "compared with the account that knows the address alone",
  );
  harness.pass(360_000);
  assertEquals(attempt(harness, HOME, "bob", "the other's password"), "loginSuccess");
  assertEquals(harness.state.account("ff01").knownAddresses.length, 1);
});

Deno.test("an account has one count under all its names", () => {
  const harness = new NodeHarness();
  namesakes(harness);
  const stranger = "203.0.113.1";
  for (let i = 0; i < 5; i++) {
    assertEquals(
      attempt(harness, stranger, i % 2 === 0 ? "bob" : "bob~node2", "wrong password"),
      "loginFailed",
    );
  }
  assertEquals(attempt(harness, stranger, "bob~node2", "the other's password"), "rate-limited");
  // Three of the five were for the holder of the name.
  assertEquals(attempt(harness, stranger, "bob", passwordOf("bob")), "loginSuccess");
});

Deno.test("the original dialect gets the same refusals as text, and a deleted account the same counts", () => {
  const harness = new NodeHarness({ loginFailuresPerAddress: 0 });
  harness.login("ann", { address: HOME });
  const client = harness.connect({ dialect: "original", address: "203.0.113.1" });
  client.tell("startLogin", { name: "ann" });
  harness.node.apply([{ type: "accountDeleted", account: harness.state.directory.find("ann")?.id ?? "" }]);
  for (let i = 0; i < 5; i++) {
    assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginFailed");
  }
  assertEquals(
    client.tell("finishLogin", { password: passwordOf("ann") }),
    "too many wrong passwords for this name; try again in 1 s",
  );
});

Deno.test("a connection that ends before its late refusal gets nothing, and harms nobody", () => {
  const harness = new NodeHarness({ strangerFailuresPerHour: 1 });
  harness.login("ann", { address: HOME });
  attack(harness, "ann", 1, 1);
  const client = harness.connect({ address: "203.0.113.1" });
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  client.session.disconnected();
  harness.pass(1_000);
  harness.sessions.tick();
  assertEquals(client.takeReplies(), []);
});

Deno.test("verify() of known addresses and sessions is trusted, of strangers it is not", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann", { address: HOME });
  attempt(harness, HOME, "ann", passwordOf("ann"));
  attempt(harness, "203.0.113.1", "ann", "wrong password");
  ann.tell("changePassword", { old: passwordOf("ann"), new: "another password" });
  assertEquals(harness.hasher.jobs.map(({ isTrusted }) => isTrusted), [false, true, false, true, true]);
});
