import { assertEquals } from "@std/assert";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { evolve } from "../../../server/core/evolve.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { MemoryArchive } from "../../testing/memory_archive.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const MESSAGES = 12;
/** Numbers of the messages that stay in memory: the newest. */
const RESIDENT_FROM = 11;

/** The UUID with this number. */
function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

interface Talk {
  readonly harness: NodeHarness;
  readonly archive: MemoryArchive;
  readonly ann: HarnessClient;
  readonly bob: HarnessClient;
}

/** Twelve messages of ann that bob has read; the first ten have left memory. */
function talk(): Talk {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  for (let number = 1; number <= MESSAGES; number++) {
    ann.tell("sendMessage", { to: "bob", content: `text ${number}`, id: uuid(number) });
    harness.pass(1);
  }
  bob.tell("readMessages", { with: "ann" });
  const archived = new State();
  for (const entry of harness.log.synced) evolve(archived, entry);
  const archive = new MemoryArchive(() => archived);
  harness.archive.ask = (query, done) => archive.ask(query, done);
  for (const message of [...harness.state.messages.all()]) {
    if (Number(message.id.slice(-3)) < RESIDENT_FROM) evict(harness, message);
  }
  return { harness, archive, ann, bob };
}

/** A message leaves memory. */
function evict({ state }: NodeHarness, message: Message): void {
  message.sender.conversations.get(message.recipient.id)?.evict(new Set([message]));
  state.messages.remove(message);
  state.evicted.add(message.id);
}

/** The numbers on a page, and `+` if there are more; or the code of the refusal. */
function listed(client: HarnessClient, page: RequestPayload<"listMessages">): string {
  return shown(client.ask("listMessages", page));
}

function shown(reply: ReturnType<HarnessClient["takeReply"]>): string {
  if (reply.name !== "messages" || !("more" in reply.payload)) return inShort(reply);
  const numbers = reply.payload.messages.map(({ id }) => Number(id.slice(-3)));
  return numbers.join(" ") + (reply.payload.more ? " +" : "");
}

Deno.test("LIST_MESSAGES pages through messages that have left memory, and asks for none that has not", () => {
  const { ann, bob, archive } = talk();
  assertEquals(listed(bob, { with: "ann", limit: 1 }), "12 +");
  assertEquals(listed(bob, { with: "ann", after: uuid(11) }), "12");
  assertEquals(archive.queries.length, 0);
  assertEquals(listed(bob, { with: "ann", limit: 4 }), "9 10 11 12 +");
  assertEquals(listed(ann, { with: "bob", before: uuid(12), limit: 2 }), "10 11 +");
  assertEquals(listed(ann, { with: "bob", before: uuid(9), limit: 3 }), "6 7 8 +");
  assertEquals(listed(ann, { with: "bob", before: uuid(4) }), "1 2 3");
  assertEquals(listed(bob, { with: "ann", after: uuid(3), limit: 2 }), "4 5 +");
  assertEquals(listed(bob, { with: "ann", after: uuid(8) }), "9 10 11 12");
  assertEquals(listed(bob, { with: "ann" }), "1 2 3 4 5 6 7 8 9 10 11 12");
  const reply = bob.ask("listMessages", { with: "ann", before: uuid(2) });
  if (reply.name !== "messages" || !("more" in reply.payload)) throw new Error(reply.name);
  const [message] = reply.payload.messages;
  assertEquals([message?.content, message?.status, message?.sender], ["text 1", "read", "ann"]);
});

Deno.test("LIST_MESSAGES refuses an id that nobody knows, and asks the archive only if it may know it", () => {
  const { harness, bob, archive } = talk();
  assertEquals(listed(bob, { with: "ann", before: uuid(99) }), "unknown-message");
  assertEquals(archive.queries, []);
  harness.state.evicted.add(uuid(99));
  assertEquals(listed(bob, { with: "ann", before: uuid(99) }), "unknown-message");
  assertEquals(archive.queries.map(({ type }) => type), ["page"]);
});

Deno.test("LIST_MESSAGES asks again for messages in place of those deleted since, and shows none of these", () => {
  const { harness, ann, bob, archive } = talk();
  const [sender, recipient] = ["ann", "bob"].map((name) => harness.state.directory.find(name)?.id ?? "");
  const ids = [5, 6, 7, 8, 9, 10].map(uuid);
  harness.node.apply([{ type: "messagesDeleted", sender: sender ?? "", recipient: recipient ?? "", ids }]);
  harness.settle();
  assertEquals(listed(ann, { with: "bob", before: uuid(11), limit: 2 }), "3 4 +");
  assertEquals(archive.queries.length > 2, true);
  assertEquals(listed(bob, { with: "ann", after: uuid(6) }), "11 12");
  assertEquals(listed(bob, { with: "ann" }), "1 2 3 4 11 12");
});

Deno.test("LIST_MESSAGES of older messages keeps its own session waiting, and nobody else", () => {
  const { harness, ann, bob, archive } = talk();
  archive.isHeld = true;
  bob.request("listMessages", { with: "ann", limit: 4 });
  assertEquals([bob.pauseMs, bob.takeReplies()], [Infinity, []]);
  assertEquals(ann.tell("ping", null), "pong");
  const { resumes } = bob;
  archive.answer();
  harness.settle();
  assertEquals([shown(bob.takeReply()), bob.resumes], ["9 10 11 12 +", resumes + 1]);
  assertEquals(bob.tell("ping", null), "pong");
});

Deno.test("LIST_MESSAGES of older messages is busy while the archive is, or is being built", () => {
  for (const problem of ["busy", "building"] as const) {
    const { bob, archive } = talk();
    archive.problem = { problem, retryAfterSeconds: 2 };
    const reply = bob.ask("listMessages", { with: "ann" });
    if (reply.name !== "error" || typeof reply.payload === "string") throw new Error(reply.name);
    assertEquals([reply.payload.code, reply.payload.retryAfter], ["busy", 2]);
    assertEquals(listed(bob, { with: "ann", limit: 1 }), "12 +");
  }
});

Deno.test("LIST_MESSAGES of older messages is not answered to a session that has logged out meanwhile", () => {
  const { harness, bob, archive } = talk();
  archive.isHeld = true;
  bob.request("listMessages", { with: "ann" });
  harness.node.apply([{ type: "accountDeleted", account: harness.state.directory.find("bob")?.id ?? "" }]);
  harness.settle();
  archive.answer();
  harness.settle();
  assertEquals(bob.takeReplies().filter(({ name }) => name === "messages"), []);
});

Deno.test("DELETE_MESSAGES deletes what leaves memory while the archive is asked for the others", () => {
  const { harness, ann, bob, archive } = talk();
  archive.isHeld = true;
  ann.request("deleteMessages", { ids: [uuid(1), uuid(11)] });
  const [message] = harness.state.messages.withId(uuid(11));
  if (message === undefined) throw new Error("it has left memory too early");
  evict(harness, message);
  archive.isHeld = false;
  archive.answer();
  harness.settle();
  const reply = ann.takeReply();
  assertEquals([reply.name, reply.payload], ["ok", { count: 2 }]);
  assertEquals(listed(bob, { with: "ann" }), "2 3 4 5 6 7 8 9 10 12");
});
