import { assertEquals, assertGreater } from "@std/assert";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { FEATURES } from "../../../common/protocol/features.ts";
import { SEARCH_WORK } from "../../../server/sessions/archive_questions.ts";
import { HANDLERS } from "../../../server/sessions/handlers.ts";
import { Sessions } from "../../../server/sessions/sessions.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

/** The UUID with this number. */
function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

interface People {
  readonly harness: NodeHarness;
  readonly ann: HarnessClient;
  readonly bob: HarnessClient;
  readonly cy: HarnessClient;
}

/** Three people who have talked: number 1 is the oldest message. */
function people(limits: ConstructorParameters<typeof NodeHarness>[0] = {}): People {
  const harness = new NodeHarness(limits);
  const [ann, bob, cy] = [harness.login("ann"), harness.login("bob"), harness.login("cy")];
  const said: readonly [HarnessClient, string, string][] = [
    [ann, "bob", "Crème brûlée, please"],
    [bob, "ann", "no creme today"],
    [cy, "ann", "CREMES for all"],
    [cy, "bob", "the secret creme"],
    [ann, "cy", "東京大学 tomorrow"],
  ];
  for (const [i, [client, to, content]] of said.entries()) {
    client.tell("sendMessage", { to, content, id: uuid(i + 1) });
    harness.pass(1);
  }
  return { harness, ann, bob, cy };
}

/** The numbers of the messages that are found, newest first, and `+` if there are more; or the code of the refusal. */
function found(client: HarnessClient, request: RequestPayload<"search">): string {
  return shown(client.ask("search", request));
}

function shown(reply: ReturnType<HarnessClient["takeReply"]>): string {
  if (reply.name !== "found") return inShort(reply);
  const numbers = reply.payload.messages.map(({ id }) => Number(id.slice(-3)));
  return numbers.join(" ") + (reply.payload.more ? " +" : "");
}

Deno.test("SEARCH finds the asker's own messages by the beginnings of their words, newest first", () => {
  const { ann, bob, cy } = people();
  assertEquals([ann, bob, cy].map((client) => found(client, { words: "creme" })), ["3 2 1", "4 2 1", "4 3"]);
  assertEquals(found(ann, { words: "CRÈ" }), "3 2 1");
  assertEquals(found(ann, { words: "please crème" }), "1");
  assertEquals(found(ann, { words: "creme today", with: "bob" }), "2");
  assertEquals(found(ann, { words: "creme", with: "Bob" }), "2 1");
  assertEquals(found(ann, { words: "京大" }), "5");
  assertEquals(found(ann, { words: "reme" }), "");
  assertEquals(found(ann, { words: "creme OR today" }), "");
});

Deno.test("SEARCH shows messages as LIST_MESSAGES does", () => {
  const { ann, bob } = people();
  bob.tell("readMessages", { with: "ann" });
  const reply = ann.ask("search", { words: "please" });
  const page = ann.ask("listMessages", { with: "bob", limit: 2 });
  if (reply.name !== "found" || page.name !== "messages" || !("messages" in page.payload)) {
    throw new Error(inShort(reply));
  }
  assertEquals(reply.payload.messages, page.payload.messages.slice(0, 1));
  assertEquals(reply.payload.messages[0]?.status, "read");
});

Deno.test("SEARCH gives account ids to the sessions that use them", () => {
  const { harness, ann } = people();
  const keys = (): string[] => {
    const reply = ann.ask("search", { words: "please" });
    return reply.name === "found" ? Object.keys(reply.payload.messages[0] ?? {}) : [];
  };
  const plain = keys();
  ann.tell("useFeatures", { use: ["account-ids", "search"] });
  assertEquals(keys(), [...plain, "senderAccount", "recipientAccount"]);
  assertEquals(harness.archive.queries.length, 2);
});

Deno.test("SEARCH gives pages, each behind the last message of the one before", () => {
  const { ann } = people();
  assertEquals(found(ann, { words: "creme", limit: 1 }), "3 +");
  assertEquals(found(ann, { words: "creme", limit: 1, before: uuid(3) }), "2 +");
  assertEquals(found(ann, { words: "creme", limit: 1, before: uuid(2) }), "1");
  assertEquals(found(ann, { words: "creme", before: uuid(1) }), "");
  ann.tell("deleteMessages", { ids: [uuid(2)] });
  assertEquals(found(ann, { words: "creme", before: uuid(2) }), "1", "a place of a deleted message");
});

Deno.test("SEARCH refuses what it cannot search for, before the archive is asked", () => {
  const { harness, ann } = people();
  const refused: readonly [RequestPayload<"search">, string][] = [
    [{ words: "" }, "bad-request"],
    [{ words: "*" }, "bad-request"],
    [{ words: "x".repeat(16_384) }, "bad-request"],
    [{ words: "x", limit: 101 }, "bad-request"],
    [{ words: "x", with: "nobody" }, "unknown-user"],
    [{ words: "x", before: uuid(4) }, "unknown-message"],
    [{ words: "x", before: uuid(99) }, "unknown-message"],
  ];
  for (const [request, code] of refused) assertEquals(found(ann, request), code);
  assertEquals(harness.archive.queries, []);
  const [others, nobodys] = [4, 99].map((number) => ann.ask("search", { words: "x", before: uuid(number) }));
  assertEquals(JSON.stringify(others).replace(uuid(4), uuid(99)), JSON.stringify(nobodys));
});

Deno.test("SEARCH needs a login, and is unknown in the original dialect", () => {
  const { harness } = people();
  assertEquals(found(harness.connect(), { words: "creme" }), "not-logged-in");
  const original = harness.login("ann", { dialect: "original" });
  original.frame(20, new Uint8Array([2, 0, 0, 0, 0]));
  assertEquals(inShort(original.takeReply()), "there is no request of type 20");
});

Deno.test("SEARCH lets its own session wait for the archive, and nobody else", () => {
  const { harness, ann, bob } = people();
  harness.archive.isHeld = true;
  ann.request("search", { words: "creme" });
  assertEquals([ann.pauseMs, ann.takeReplies()], [Infinity, []]);
  assertEquals(bob.tell("ping", null), "pong");
  assertEquals(bob.tell("sendMessage", { to: "ann", content: "creme", id: uuid(6) }), "sent");
  const { resumes } = ann;
  harness.archive.answer();
  assertEquals([shown(ann.takeReply()), ann.resumes], ["3 2 1", resumes + 1]);
  assertEquals(ann.tell("ping", null), "pong");
});

Deno.test("SEARCH shows nothing that was hidden or deleted while the archive was asked", () => {
  const { harness, ann, bob, cy } = people();
  const ann2 = harness.login("ann");
  harness.archive.isHeld = true;
  ann.request("search", { words: "creme" });
  ann2.tell("deleteMessages", { ids: [uuid(3)] });
  bob.tell("deleteMessages", { ids: [uuid(2)] });
  harness.archive.answer();
  assertEquals(shown(ann.takeReply()), "1");
  ann.request("search", { words: "creme" });
  cy.request("search", { words: "creme" });
  bob.request("deleteAccount", { password: "password of bob" });
  harness.settle();
  harness.archive.answer();
  assertEquals([shown(ann.takeReply()), shown(cy.takeReply())], ["", "3"]);
});

Deno.test("SEARCH asks on behind a page of which nothing is visible any more", () => {
  const { harness, ann, cy } = people();
  harness.archive.isHeld = true;
  ann.request("search", { words: "creme", limit: 1 });
  cy.tell("deleteMessages", { ids: [uuid(3)] });
  harness.archive.answer();
  assertEquals(ann.takeReplies(), []);
  harness.archive.answer();
  assertEquals(shown(ann.takeReply()), "2 +");
  const befores = harness.archive.queries.map((query) => query.type === "search" ? query.before?.id : "");
  assertEquals(befores, [undefined, uuid(3)]);
});

Deno.test("SEARCH ends with an archive that finds nothing and says that there is more", () => {
  const { harness, ann } = people();
  harness.archive.ask = (_query, done) => done({ messages: [], more: true });
  assertEquals(found(ann, { words: "creme" }), "");
});

Deno.test("SEARCH is not answered to a session that has ended meanwhile", () => {
  const { harness, ann } = people();
  harness.archive.isHeld = true;
  ann.request("search", { words: "creme" });
  ann.session.disconnected();
  harness.archive.answer();
  assertEquals(ann.takeReplies(), []);
  const bob = harness.login("bob");
  bob.request("search", { words: "creme" });
  bob.session.finished();
  harness.archive.answer();
  assertEquals([shown(bob.takeReply()), bob.closed], ["4 2 1", true]);
});

Deno.test("SEARCH asks on behind a page for no session that has ended meanwhile", () => {
  const { harness, ann, cy } = people();
  harness.archive.isHeld = true;
  ann.request("search", { words: "creme", limit: 1 });
  cy.tell("deleteMessages", { ids: [uuid(3)] });
  ann.session.disconnected();
  harness.archive.answer();
  assertEquals([harness.archive.queries.length, ann.takeReplies()], [1, []]);
});

Deno.test("SEARCH is busy while the archive is, and says how long", () => {
  const { harness, ann } = people();
  const problems = [
    ["busy", "too many searches wait at the moment; try again in 2 s"],
    [
      "behind",
      "the archive that searches need has not come up with the log yet; another node's may have; try again in 2 s",
    ],
    [
      "building",
      "the archive that searches need is being built; another node's may be there; try again in 2 s",
    ],
  ] as const;
  for (const [problem, message] of problems) {
    harness.archive.problem = { problem, retryAfterSeconds: 2 };
    const refusal = { name: "error", payload: { code: "busy", message, retryAfter: 2 } };
    assertEquals(ann.ask("search", { words: "creme" }), refusal as unknown);
  }
  assertEquals(ann.tell("ping", null), "pong");
});

Deno.test("SEARCH waits while its account has asked for too much, over all its sessions", () => {
  const { harness, ann, bob } = people({ workPerSecond: SEARCH_WORK, workBurst: SEARCH_WORK / 2 });
  const ann2 = harness.login("ann");
  harness.pass(1_000);
  assertEquals(found(ann, { words: "creme" }), "3 2 1");
  ann2.request("search", { words: "creme" });
  assertGreater(ann2.pauseMs, 400);
  assertEquals(ann2.takeReplies(), []);
  assertEquals(found(bob, { words: "creme" }), "4 2 1", "another account");
  assertEquals(harness.archive.queries.length, 2);
  harness.pass(Math.ceil(ann2.pauseMs));
  ann2.pauseMs = ann2.session.goOn();
  assertEquals(shown(ann2.takeReply()), "3 2 1");
});

Deno.test("WELCOME names the feature search at a node that has an archive", () => {
  const { harness } = people();
  const { archive: _, ...ports } = harness.sessions.ports;
  const sessions = new Sessions(harness.node, ports, HANDLERS);
  const features = (): readonly string[] => {
    const client = harness.connect({ dialect: "original" });
    client.request("hello", { version: 2, client: "test" });
    client.dialect = "confirmed";
    const reply = client.takeReply();
    return reply.name === "welcome" ? reply.payload.features ?? [] : [inShort(reply)];
  };
  assertEquals(features(), FEATURES);
  Object.assign(harness, { sessions });
  assertEquals(features(), FEATURES.filter((each) => each !== "search"));
  assertEquals(found(harness.login("ann"), { words: "creme" }), "unknown-request");
});
