import { assert, assertEquals } from "@std/assert";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { type ClientOptions, fakeHash, NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const OTHER = "node2#bbbbbbbbbbbb";

/** The password of the account created at the other node. */
const OTHERS = "password at node2";

interface Cluster {
  readonly harness: NodeHarness;
  readonly replication: HeldReplication;
}

/** A node that asks its peers before it gives a name. */
function cluster(): Cluster {
  const replication = new HeldReplication();
  replication.grants = false;
  return { harness: new NodeHarness({}, undefined, undefined, replication), replication };
}

/** Absorbs an account that another node has created. */
function absorbAccount(harness: NodeHarness, name: string, stamp: number): void {
  const event = { type: "accountCreated", account: `${name}.node2`, name, hash: fakeHash(OTHERS) } as const;
  harness.node.absorb(encoded([entryOf(OTHER, 1, stamp, event)]), () => {});
  harness.settle();
}

/** A node at which `ann` was renamed, because another node created an account of that name earlier. */
function renamed(): NodeHarness {
  const harness = new NodeHarness();
  harness.login("ann").session.disconnected();
  absorbAccount(harness, "ann", 1);
  return harness;
}

/**
 * The replies to a login by name and password; after a success, the account's name in place of the second.
 */
function logIn(harness: NodeHarness, name: string, password: string, options: ClientOptions = {}): string[] {
  const client = harness.connect(options);
  const first = client.tell("startLogin", { name });
  const reply = client.ask("finishLogin", { password });
  if (reply.name !== "loginSuccess") return [first, inShort(reply)];
  return [first, "name" in reply.payload ? reply.payload.name : reply.name];
}

/** Registers as far as the reservation of the name. */
function register(harness: NodeHarness, name: string, options: ClientOptions = {}): HarnessClient {
  const client = harness.connect(options);
  assertEquals(client.tell("startLogin", { name }), "userNotExisting");
  client.request("finishLogin", { password: passwordOf(name) });
  harness.settle();
  assertEquals(client.replies, []);
  return client;
}

Deno.test("a login by the old name of a renamed account finds whom the password fits", () => {
  const harness = renamed();
  assertEquals(logIn(harness, "ann", passwordOf("ann")), ["userExisting", "ann~node1"]);
  assertEquals(logIn(harness, "ANN", OTHERS), ["userExisting", "ann"]);
  assertEquals(logIn(harness, "ann~node1", passwordOf("ann")), ["userExisting", "ann~node1"]);
  assertEquals(logIn(harness, "ann", "nobody's password"), ["userExisting", "loginFailed"]);
  assertEquals(logIn(harness, "ann~node1", OTHERS), ["userExisting", "loginFailed"]);
  assertEquals(logIn(harness, "ann~node2", OTHERS), ["name-invalid", "bad-request"]);
});

Deno.test("a login of the original dialect finds the renamed account too", () => {
  const harness = renamed();
  const options = { dialect: "original" } as const;
  assertEquals(logIn(harness, "ann", passwordOf("ann"), options), ["userExisting", "loginSuccess"]);
  const account = harness.state.directory.find("ann~node1");
  assertEquals(account && harness.node.audience.of(account).length, 1);
});

Deno.test("a login that fits none of two accounts counts as one failure", () => {
  const harness = renamed();
  const limit = harness.node.settings.limits.loginFailuresPerMinute;
  const outcomes: string[] = [];
  for (let i = 0; i <= limit; i++) outcomes.push(logIn(harness, "ann", "wrong password")[1] ?? "");
  assertEquals(outcomes, [...Array(limit).fill("loginFailed"), "rate-limited"]);
});

Deno.test("a name whose holder is gone stays with those who were renamed from it", () => {
  const harness = renamed();
  const gone = { type: "accountDeleted", account: "ann.node2" } as const;
  harness.node.absorb(encoded([entryOf(OTHER, 2, harness.state.stamp + 1, gone)]), () => {});
  harness.settle();
  assertEquals(harness.state.directory.find("ann"), undefined);
  assertEquals(logIn(harness, "ann", passwordOf("ann")), ["userExisting", "ann~node1"]);
  assertEquals(logIn(harness, "ann", OTHERS), ["userExisting", "loginFailed"]);
});

Deno.test("an account whose password fits may go while it is compared: the login fails", () => {
  const harness = renamed();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  const account = harness.state.directory.find("ann~node1")?.id ?? "";
  harness.node.absorb(encoded([entryOf(OTHER, 2, 2, { type: "accountDeleted", account })]), () => {});
  assertEquals(client.takeReplies().map(inShort), ["loginFailed"]);
});

Deno.test("a new account is made once its name is granted; no frame is taken meanwhile", () => {
  const { harness, replication } = cluster();
  const client = register(harness, "Ann");
  const [reservation] = replication.reservations;
  assertEquals([reservation?.name, client.pauseMs, client.resumes], ["ann", Infinity, 0]);
  assertEquals(harness.state.directory.size, 0);
  reservation?.done(true);
  assertEquals(client.resumes, 1);
  assertEquals(client.takeReplies().map(inShort), ["loginSuccess"]);
  assertEquals(harness.state.directory.find("ann")?.name, "Ann");
});

Deno.test("a name that is not granted is taken; in the original dialect the login has failed", () => {
  for (const [dialect, answered] of [["confirmed", "name-taken"], ["original", "loginFailed"]] as const) {
    const { harness, replication } = cluster();
    const client = register(harness, "ann", { dialect });
    replication.reservations[0]?.done(false);
    assertEquals([client.takeReplies().map(inShort), client.resumes], [[answered], 1]);
    assertEquals([harness.state.directory.size, harness.log.synced.length], [0, 0]);
  }
});

Deno.test("a name that is refused can be tried again on the same connection", () => {
  const { harness, replication } = cluster();
  const client = register(harness, "ann");
  replication.reservations[0]?.done(false);
  client.takeReplies();
  client.request("finishLogin", { password: passwordOf("ann") });
  harness.settle();
  replication.reservations[1]?.done(true);
  assertEquals(client.takeReplies().map(inShort), ["loginSuccess"]);
});

Deno.test("a name that is granted to a connection that has ended makes no account", () => {
  const { harness, replication } = cluster();
  register(harness, "ann").session.disconnected();
  replication.reservations[0]?.done(true);
  harness.settle();
  assertEquals([harness.state.directory.size, harness.log.synced.length], [0, 0]);
});

Deno.test("a client that has finished sending still gets the answer to its registration", () => {
  const { harness, replication } = cluster();
  const client = register(harness, "ann");
  client.session.finished();
  harness.settle();
  assertEquals(client.closed, false);
  replication.reservations[0]?.done(true);
  assertEquals([client.takeReplies().map(inShort), client.closed], [["loginSuccess"], true]);
});

Deno.test("an account that came from elsewhere while the name was reserved has the name", () => {
  for (const [dialect, answered] of [["confirmed", "name-taken"], ["original", "loginFailed"]] as const) {
    const { harness, replication } = cluster();
    const client = register(harness, "ann", { dialect });
    absorbAccount(harness, "ann", 1);
    replication.reservations[0]?.done(true);
    assertEquals(client.takeReplies().map(inShort), [answered]);
    assertEquals([harness.state.directory.size, harness.state.accounts.size], [1, 1]);
  }
});

Deno.test("a disk that has become full while the name was reserved makes no account", () => {
  const { harness, replication } = cluster();
  const client = register(harness, "ann");
  harness.log.readOnly = true;
  replication.reservations[0]?.done(true);
  assertEquals(client.takeReplies().map(inShort), ["read-only"]);
  assertEquals(harness.state.directory.size, 0);
});

Deno.test("a name that somebody has is not asked for", () => {
  const { harness, replication } = cluster();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  absorbAccount(harness, "ann", 1);
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "name-taken");
  assertEquals(replication.reservations, []);
});

Deno.test("a name is given again though the stamp of its deletion is years ahead of the clock here", () => {
  const deleted = 2_000_000_000_000_000;
  const old = { type: "accountCreated", account: "aa01", name: "Ann", hash: "" } as const;
  const entries = [
    entryOf(OTHER, 1, 1, old),
    entryOf(OTHER, 2, deleted, { type: "accountDeleted", account: "aa01" }),
  ];
  const harness = new NodeHarness();
  harness.node.absorb(encoded(entries), () => {});
  harness.settle();
  assertEquals(logIn(harness, "ann", passwordOf("ann")), ["userNotExisting", "ann"]);
  const written = harness.log.written.map((json) => JSON.parse(json) as Entry);
  const created = written.find(({ type, origin }) => type === "accountCreated" && origin !== OTHER);
  assert(created?.type === "accountCreated");
  assertEquals(created.knewDeletionsTo, deleted);
  // In every order, and without the erased name, the new account has the name.
  const erased = [{ ...entries[0] as Entry, name: "" }, ...entries.slice(1)];
  for (const order of [[...entries, created], [created, ...entries], [created, ...erased]]) {
    const state = new State();
    for (const entry of order) evolve(state, entry as Entry);
    assertEquals(state.directory.find("ann")?.id, created.account);
  }
});
