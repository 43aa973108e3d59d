import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { assertEquals } from "@std/assert";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { fakeHash, NodeHarness, passwordOf, START_MS } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import { encoded, joinedLines } from "../../testing/encoded_entries.ts";

const OTHER = "node2#bbbbbbbbbbbb";
const MINUTE = 60_000_000;

/** Another node, which logs events. */
class Other {
  #seq = 0;
  #stamp: number;

  constructor(readonly harness: NodeHarness, stamp = START_MS * 1_000) {
    this.#stamp = stamp;
  }

  entries(...events: readonly Event[]): Entry[] {
    return events.map((event) => entryOf(OTHER, ++this.#seq, ++this.#stamp, event));
  }

  /** Absorbs events of the other node. */
  absorb(...events: readonly Event[]): void {
    this.harness.node.absorb(encoded(this.entries(...events)), () => {});
    this.harness.settle();
  }
}

function idOf(harness: NodeHarness, name: string): string {
  return harness.state.directory.find(name)?.id ?? "";
}

function messageSent(harness: NodeHarness, from: string, to: string, id: string): Event {
  return { type: "messageSent", id, from: idOf(harness, from), to: idOf(harness, to), content: "hey" };
}

Deno.test("absorb() calls back once the entries are on the disk, with those of the turn, as they came", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  let durable = 0;
  const entries = new Other(harness).entries(messageSent(harness, "ann", "ann", IDS[0] ?? ""));
  ann.request("sendMessage", { to: "ann", content: "own" });
  harness.node.absorb(encoded(entries), () => durable++);
  harness.turn();
  assertEquals([durable, harness.log.pending?.map(({ origin }) => origin)], [0, [
    "node1#aaaaaaaaaaaa",
    OTHER,
  ]]);
  harness.sync();
  assertEquals([durable, harness.log.synced.at(-1)], [1, entries[0]]);
});

Deno.test("apply() and absorb() give the log the JSON of each entry, absorbed ones as they came", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const text = `{ "type":"later","seq":1.0, "stamp":10e2,"origin":"${OTHER}", "x":[1.0,10e2]}`;
  const other = { entry: JSON.parse(text) as Entry, json: new TextEncoder().encode(text) };
  ann.request("sendMessage", { to: "ann", content: "żółw 🐢".repeat(9_999).slice(0, 5_000) });
  harness.node.absorb([other], () => {});
  ann.request("sendMessage", { to: "ann", content: "own" });
  harness.settle();
  const [...own] = harness.log.synced.map((entry) => JSON.stringify(entry));
  assertEquals(harness.log.written, own.with(-2, text));
});

Deno.test("absorb() lets a message go if one of its entries is erased", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const other = new Other(harness);
  const gone = "ada.0123456789ab";
  other.absorb({ type: "accountDeleted", account: gone });
  const content = "x".repeat(10_000);
  const events: Event[] = [
    { type: "messageSent", id: IDS[0] ?? "", from: gone, to: idOf(harness, "ann"), content },
    messageSent(harness, "ann", "ann", IDS[1] ?? ""),
  ];
  const entries = encoded(other.entries(...events));
  const whole = joinedLines(entries.map(({ json }) => new TextDecoder().decode(json)));
  const lengths = entries.map(({ json }) => json.length);
  const parts = entries.map(({ entry }, i) => {
    const start = i === 0 ? 0 : (lengths[0] ?? 0) + 1;
    return { entry, json: whole.subarray(start, start + (lengths[i] ?? 0)) };
  });
  const committed: EncodedEntry[] = [];
  const { log } = harness;
  const commit = log.commit.bind(log);
  log.commit = (batch) => {
    committed.push(...batch);
    commit(batch);
  };
  harness.node.absorb(parts, () => {});
  harness.settle();
  assertEquals(committed.length, 2);
  for (const { json } of committed) assertEquals(json.buffer === whole.buffer, false);
});

Deno.test("absorb() of nothing calls back, behind what is being written", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  ann.request("sendMessage", { to: "ann", content: "hey" });
  harness.turn();
  let durable = 0;
  harness.node.absorb([], () => durable++);
  harness.turn();
  assertEquals(durable, 0);
  harness.sync();
  assertEquals(durable, 1);
});

Deno.test("replication hears of what is durable before anything leaves", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const ann = harness.login("ann");
  const before = replication.syncs;
  ann.request("sendMessage", { to: "ann", content: "hey" });
  harness.turn();
  assertEquals(replication.syncs, before);
  const send = ann.send.bind(ann);
  const seen: number[] = [];
  ann.send = (frame) => {
    seen.push(replication.syncs);
    send(frame);
  };
  harness.sync();
  assertEquals(seen, [before + 1]);
});

Deno.test("absorbed messages and marks are pushed to the sessions here, once they are durable", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  ann.takePushes();
  const [sender, recipient] = [idOf(harness, "ann"), idOf(harness, "bob")];
  const ids = [IDS[0] ?? ""];
  const entries = new Other(harness).entries(
    messageSent(harness, "ann", "bob", IDS[0] ?? ""),
    { type: "messagesDelivered", sender, recipient, ids },
    { type: "messagesRead", sender, recipient, ids },
    { type: "messagesDeleted", sender, recipient, ids },
  );
  harness.node.absorb(encoded(entries), () => {});
  harness.turn();
  assertEquals([ann.pushes, bob.pushes], [[], []]);
  const names = ["message", "status", "status", "deleted"];
  assertEquals(ann.takePushes().map((push) => push.name), names);
  assertEquals(bob.takePushes().map((push) => push.name), names);
});

Deno.test("absorb() of a deletion ends the account's sessions, and those of nobody else", () => {
  const harness = new NodeHarness();
  const [ann, again, bob] = [harness.login("ann"), harness.login("ann"), harness.login("bob")];
  new Other(harness).absorb({ type: "accountDeleted", account: idOf(harness, "ann") });
  assertEquals([ann.closed, again.closed, bob.closed], [true, true, false]);
});

Deno.test("absorb() of another password ends the sessions; the old tokens are void, the kept one is not", () => {
  const harness = new NodeHarness();
  const [ann, again] = [harness.login("ann"), harness.login("ann")];
  const keeps = `digest of ${again.token}`;
  const hash = fakeHash("another password");
  new Other(harness).absorb({
    type: "passwordChanged",
    account: idOf(harness, "ann"),
    hash,
    generation: 1,
    keeps,
  });
  assertEquals([ann.closed, again.closed], [true, true]);
  const client = harness.connect();
  assertEquals(client.tell("resume", { token: ann.token }), "loginFailed");
  assertEquals(client.tell("resume", { token: again.token }), "loginSuccess");
});

Deno.test("absorb() of a revoked token ends the sessions of that token", () => {
  const harness = new NodeHarness();
  const [ann, again] = [harness.login("ann"), harness.login("ann")];
  const token = harness.state.tokens.get(`digest of ${ann.token}`);
  new Other(harness).absorb({
    type: "tokenRevoked",
    account: idOf(harness, "ann"),
    token: token?.hash ?? "",
    issued: token?.issued ?? "",
  });
  assertEquals([ann.closed, again.closed], [true, false]);
});

Deno.test("what was deleted here does not come to the disk again", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  harness.login("bob");
  const [sender, recipient] = [idOf(harness, "ann"), idOf(harness, "bob")];
  const ids = [IDS[0] ?? ""];
  const third = "node3#cccccccccccc";
  const deleted: Event = { type: "messagesDeleted", sender, recipient, ids };
  harness.node.absorb(encoded([entryOf(third, 1, 1, deleted)]), () => {});
  const other = new Other(harness);
  other.absorb(
    messageSent(harness, "ann", "bob", IDS[0] ?? ""),
    messageSent(harness, "ann", "bob", IDS[1] ?? ""),
  );
  const [erased, kept] = harness.log.synced.slice(-2);
  assertEquals(harness.log.written.slice(-2), [erased, kept].map((entry) => JSON.stringify(entry)));
  assertEquals(erased?.type === "messageSent" && [erased.content, erased.digest], ["", 0]);
  assertEquals(kept?.type === "messageSent" && [kept.content, kept.digest], ["hey", undefined]);
  const account = "cat.000000000001";
  harness.node.absorb(encoded([entryOf(third, 2, 2, { type: "accountDeleted", account })]), () => {});
  other.absorb({ type: "accountCreated", account, name: "cat", hash: fakeHash("secret") });
  const created = harness.log.synced.at(-1);
  assertEquals(created?.type === "accountCreated" && created.hash, "");
});

Deno.test("stamps follow those of other nodes, at most a minute ahead of the clock, and never go back", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const stamp = (): number => {
    ann.tell("sendMessage", { to: "ann", content: "hey" });
    return (harness.log.synced.at(-1)?.stamp ?? 0) - START_MS * 1_000;
  };
  const near = new Other(harness, START_MS * 1_000 + MINUTE / 2);
  near.absorb(messageSent(harness, "ann", "ann", IDS[0] ?? ""));
  assertEquals(stamp(), MINUTE / 2 + 2);
  const far = entryOf("node3#cccccccccccc", 1, (START_MS * 1_000) + 100 * MINUTE, {
    type: "messageSent",
    id: IDS[1] ?? "",
    from: idOf(harness, "ann"),
    to: idOf(harness, "ann"),
    content: "hey",
  });
  harness.node.absorb(encoded([far]), () => {});
  harness.settle();
  assertEquals([stamp(), stamp()], [MINUTE + 1, MINUTE + 2]);
  harness.time.wallMs += 1_000;
  assertEquals(stamp(), MINUTE + 1_000_001);
  harness.time.wallMs -= 3_600_000;
  assertEquals(stamp(), MINUTE + 1_000_002);
});

Deno.test("the first session of an account is announced, and the end of its last", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const [ann, again] = [harness.login("ann"), harness.login("ann")];
  const id = idOf(harness, "ann");
  assertEquals(replication.announced, [`+${id}`]);
  ann.session.disconnected();
  assertEquals(replication.announced, [`+${id}`]);
  harness.pass(PRESENCE_MS);
  again.session.disconnected();
  assertEquals(replication.announced, [`+${id}`, `-${id}`]);
  harness.pass(PRESENCE_MS);
  const client = harness.login("ann");
  harness.pass(PRESENCE_MS);
  client.login("bob", passwordOf("bob"));
  assertEquals(replication.announced.slice(2), [`+${id}`, `-${id}`, `+${idOf(harness, "bob")}`]);
});

Deno.test("partners hear who comes and goes, counted over the whole cluster", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const bob = harness.login("bob");
  const ann = harness.login("ann");
  ann.tell("sendMessage", { to: "bob", content: "hey" });
  bob.takePushes();
  const id = idOf(harness, "ann");
  const said = (): string[] => {
    harness.pass(PRESENCE_MS);
    return bob.takePushes().map((push) => push.name === "user" ? push.payload.change : push.name);
  };
  /** The order of replication: it updates its own knowledge, then reports. */
  const elsewhere = (online: boolean): void => {
    if (online) replication.online.add(id);
    else replication.online.delete(id);
    harness.node.presence.changedElsewhere(id);
  };
  elsewhere(true);
  assertEquals(said(), [], "ann is online here anyway");
  ann.session.disconnected();
  assertEquals(said(), [], "ann is online elsewhere still");
  const users = bob.ask("listUsers", {});
  assertEquals(users.name === "users" && "users" in users.payload && users.payload.users[0]?.online, true);
  elsewhere(false);
  assertEquals(said(), ["offline"]);
  elsewhere(true);
  assertEquals(said(), ["online"]);
  const again = harness.login("ann");
  assertEquals(said(), []);
  again.session.disconnected();
  assertEquals(said(), []);
  elsewhere(false);
  harness.node.presence.changedElsewhere("nobody.000000000000");
  assertEquals(said(), ["offline"]);
});
