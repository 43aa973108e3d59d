import { assert, assertEquals } from "@std/assert";
import { type Saved, SAVED_MESSAGES } from "../../../client/core/saved.ts";
import { SAVED_TEXT_BYTES } from "../../../client/core/saved_parts.ts";
import { FakeClient, uuid } from "./fake_client.ts";
import { after, enter, offline, resume, saved, saver, sent } from "./saving_client.ts";
import { ALICE, BOB, fromBob, STRANGER } from "./talking_client.ts";

Deno.test("a message is told to be saved before it is sent, and until it is stored", () => {
  const client = saver();
  enter(client);
  client.effects.length = 0;
  client.give({ kind: "send", to: "bob", text: "hello", id: uuid(50), timestamp: 5 });
  assertEquals(client.effects.map(({ kind }) => kind), ["save", "show"]);
  const [message] = saved(client).messages;
  assertEquals(message, {
    id: uuid(50),
    to: { name: "bob" },
    text: "hello",
    timestamp: 5,
    status: "queued",
    mayBeStored: true,
  });
  client.reply("sendMessage", "sent", { id: uuid(50), timestamp: 6, copies: 1, nodes: 1 });
  assertEquals(saved(client).messages, []);
});

Deno.test("a message put back after a crash keeps its id and its account, and is sent once", () => {
  const before = offline();
  assertEquals(saved(before).messages.map(({ mayBeStored }) => mayBeStored), [false]);
  const client = after(saved(before), false);
  assertEquals(client.said(), ["#a1 .  alice to bob> hello", "-- put back: 1 message, 0 drafts"]);
  client.give({ kind: "restore", saved: saved(before) });
  assertEquals(client.said(), ["-- put back: 0 messages, 0 drafts"]);
  client.connect();
  resume(client);
  assertEquals(sent(client), [{ to: "bob", content: "hello", id: uuid(50), account: BOB }]);
  client.reply("sendMessage", "sent", { id: uuid(50), timestamp: 6, copies: 1, nodes: 1 });
  assertEquals([saved(client).messages, sent(client)], [[], []]);
});

Deno.test("a message that a node may have stored is not dropped, also after a crash", () => {
  const before = saver();
  enter(before);
  before.give({ kind: "send", to: "bob", text: "hello", id: uuid(50), timestamp: 5 });
  const client = after(saved(before), false);
  client.said();
  client.give({ kind: "discard", id: uuid(50) });
  client.give({ kind: "edit", id: uuid(50) });
  const problem = "!! #a1 is being sent; delete it once it is stored";
  assertEquals(client.said(), [problem, problem]);
  assertEquals(saved(client).messages.length, 1);
});

Deno.test("a message that was refused for the moment is saved as not stored, and can be dropped after a crash", () => {
  for (const code of ["busy", "unavailable"] as const) {
    const before = saver();
    enter(before);
    before.give({ kind: "send", to: "bob", text: "hello", id: uuid(50), timestamp: 5 });
    assertEquals(saved(before).messages.map(({ mayBeStored }) => mayBeStored), [true]);
    before.refuse("sendMessage", code);
    assertEquals(saved(before).messages.map(({ mayBeStored }) => mayBeStored), [false]);
    const client = after(saved(before), false);
    client.give({ kind: "discard", id: uuid(50) });
    assertEquals(saved(client).messages, []);
  }
});

Deno.test("nothing saved is put back for another account or another cluster", () => {
  const value = saved(offline());
  assertEquals(value.cluster, "c");
  const other = new FakeClient();
  other.login("bob");
  other.give({ kind: "restore", saved: value });
  const refused = "!! the saved messages and drafts are not put back: ";
  assertEquals(other.said(), [`${refused}they are of alice; log in as alice`]);
  const alice = new FakeClient();
  alice.login();
  alice.give({ kind: "restore", saved: { ...value, cluster: "elsewhere" } });
  assertEquals(alice.said(), [`${refused}they are of the cluster elsewhere`]);
  assertEquals([sent(other), sent(alice)], [[], []]);
});

Deno.test("what an account saved before it was renamed is put back, and what its namesake saved is not", () => {
  const before = saved(offline());
  for (const [account, messages] of [[ALICE, 1], [STRANGER, 0], [undefined, 0]] as const) {
    const client = new FakeClient({ saves: true });
    client.give({ kind: "start", user: "alice~node2", token: "t", account });
    client.give({ kind: "restore", saved: before });
    assertEquals([account, client.outbox?.saved?.messages.length ?? 0], [account, messages]);
  }
});

Deno.test("a login to the same account, or to another one later, sets nothing aside", () => {
  const client = after(saved(offline()));
  resume(client);
  client.refuse("sendMessage", "busy");
  client.caughtUp();
  client.line("/login bob");
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "bob", token: "t", unread: 0, account: BOB });
  assertEquals(client.effects.filter(({ kind }) => kind === "setAside"), []);
});

for (const [what, change] of [["account", "a11ce2"], ["cluster", undefined]] as const) {
  Deno.test(`a login that turns out to be in another ${what} sends nothing that was put back`, () => {
    const client = after({ ...saved(offline()), ...(change === undefined && { cluster: "elsewhere" }) });
    resume(client, change ?? ALICE);
    assertEquals(sent(client), []);
    const [aside, save] = client.effects.filter(({ kind }) => kind === "setAside" || kind === "save").slice(
      -2,
    );
    assert(aside?.kind === "setAside" && save?.kind === "save", "it is kept before the next save");
    assert(client.said().includes("!! not sent: 1 queued message of alice"));
    assertEquals(saved(client).messages, []);
    const again = after(aside.saved);
    if (change !== undefined) resume(again);
    assertEquals(again.model.messages.get(uuid(50))?.content, "hello");
  });
}

Deno.test("a message put back follows its account to a new name, and is held if a stranger has the old one", () => {
  const value = saved(offline());
  const renamed = saver();
  enter(renamed);
  renamed.push({ ...fromBob(2, BOB), sender: "bobby" });
  renamed.give({ kind: "restore", saved: value });
  assertEquals(sent(renamed), [{ to: "bobby", content: "hello", id: uuid(50), account: BOB }]);
  const passedOn = saver();
  enter(passedOn);
  passedOn.push(fromBob(2, STRANGER));
  passedOn.give({ kind: "restore", saved: value });
  assertEquals(sent(passedOn), []);
  assertEquals(saved(passedOn).messages.map(({ status }) => status), ["held"]);
});

Deno.test("a message that failed is sent again with its id, taken back into the draft, or dropped", () => {
  const client = saver();
  enter(client);
  const fail = (): void => client.refuse("sendMessage", "quota");
  client.give({ kind: "send", to: "bob", text: "hello", id: uuid(50), timestamp: 5 });
  fail();
  const message = client.model.messages.get(uuid(50));
  assertEquals([message?.status, message?.refusal?.code], ["failed", "quota"]);
  assertEquals(saved(client).messages.map(({ status, refusal }) => [status, refusal?.code]), [[
    "failed",
    "quota",
  ]]);
  client.give({ kind: "retry", id: uuid(50) });
  assertEquals([message?.status, message?.refusal], ["queued", undefined]);
  assertEquals(sent(client), [{ to: "bob", content: "hello", id: uuid(50) }]);
  client.give({ kind: "retry", id: uuid(50) });
  assertEquals(sent(client).length, 1);
  fail();
  const chat = client.model.chats.with("bob");
  client.give({ kind: "draft", chat, text: "begun" });
  client.give({ kind: "edit", id: uuid(50) });
  assertEquals([chat.draft, client.model.messages.of(chat)], ["hello\nbegun", []]);
  client.give({ kind: "send", to: "bob", text: chat.draft, id: uuid(51), timestamp: 5 });
  assertEquals(chat.draft, "");
  fail();
  client.give({ kind: "discard", id: uuid(51) });
  assertEquals([client.model.messages.of(chat), saved(client).messages, saved(client).drafts], [[], [], []]);
});

Deno.test("a message that was not sent stays where it has no room in the draft, and its size is told", () => {
  for (const [length, isTaken] of [[SAVED_TEXT_BYTES - 6, true], [SAVED_TEXT_BYTES - 5, false]] as const) {
    const client = offline();
    const [chat] = client.model.chats.all;
    if (chat === undefined) throw new Error("no chat");
    client.give({ kind: "draft", chat, text: "x".repeat(length) });
    client.said();
    client.give({ kind: "edit", id: uuid(50) });
    const said = `!! a draft takes at most ${SAVED_TEXT_BYTES} bytes, and this one has ${
      SAVED_TEXT_BYTES + 1
    }; it is not saved`;
    assertEquals(client.said(), isTaken ? ["refresh"] : [said]);
    assertEquals(
      [chat.draft.length, saved(client).messages.length],
      isTaken ? [SAVED_TEXT_BYTES, 0] : [length, 1],
    );
  }
});

Deno.test("drafts are saved for each chat, put back where nothing was begun, and bounded", () => {
  const client = saver();
  enter(client);
  const { chats } = client.model;
  client.give({ kind: "draft", chat: chats.with("bob"), text: "dear bob" });
  client.give({ kind: "draft", chat: chats.with("carol"), text: "dear carol" });
  client.give({ kind: "draft", chat: chats.with("dan"), text: "d" });
  client.give({ kind: "draft", chat: chats.with("dan"), text: "" });
  client.said();
  client.give({ kind: "draft", chat: chats.with("dan"), text: "x".repeat(SAVED_TEXT_BYTES + 1) });
  assertEquals(client.said().length, 1);
  client.give({ kind: "draft", chat: chats.with("dan"), text: "x" });
  client.give({ kind: "draft", chat: chats.with("dan"), text: "" });
  const value = saved(client);
  assertEquals(value.drafts.map(({ to, text }) => [to.name, text]), [["bob", "dear bob"], [
    "carol",
    "dear carol",
  ]]);
  const again = new FakeClient({ saves: true });
  again.login();
  again.give({ kind: "draft", chat: again.model.chats.with("carol"), text: "newer" });
  again.give({ kind: "restore", saved: value });
  assertEquals(again.model.chats.drafted.map(({ draft }) => draft), ["dear carol\nnewer", "dear bob"]);
});

/** alice's client with a draft for bob, after another one was put back. */
function withDrafts(newer: string, ...older: readonly string[]): FakeClient {
  const client = new FakeClient({ saves: true });
  client.login();
  for (const text of ["begun", newer]) {
    client.give({ kind: "draft", chat: client.model.chats.with("bob"), text });
  }
  const value = saved(client);
  for (const text of older) {
    client.give({ kind: "restore", saved: { ...value, drafts: [{ to: { name: "bob" }, text }] } });
  }
  return client;
}

Deno.test("a draft that is put back stands before the one that was begun, and never twice", () => {
  const cases: readonly (readonly [newer: string, older: readonly string[], draft: string])[] = [
    ["", ["older"], "older"],
    ["newer", ["older"], "older\nnewer"],
    ["newer", ["newer"], "newer"],
    ["newer", ["older", "older", "newer", "older\nnewer"], "older\nnewer"],
    ["newer", ["older", "oldest"], "oldest\nolder\nnewer"],
    // A letter that was typed at once is no repetition.
    ["o", ["older"], "older\no"],
  ];
  for (const [newer, older, draft] of cases) {
    const client = withDrafts(newer, ...older);
    assertEquals([client.model.chats.with("bob").draft, saved(client).drafts[0]?.text], [draft, draft]);
  }
});

Deno.test("a draft for which the one that was begun leaves no room is set aside, and told", () => {
  const older = "y".repeat(10);
  for (
    const [length, isLeftOut] of [[SAVED_TEXT_BYTES - 11, false], [SAVED_TEXT_BYTES - 10, true]] as const
  ) {
    const client = withDrafts("x".repeat(length), older);
    const asides = client.effects.flatMap((effect) => effect.kind === "setAside" ? [effect.saved] : []);
    assertEquals(asides.map((each) => (each as Saved).drafts[0]?.text), isLeftOut ? [older] : []);
    assertEquals(saved(client).drafts[0]?.text.length, isLeftOut ? length : SAVED_TEXT_BYTES);
    const said = isLeftOut ? "0 drafts; left out as unreadable or too long: 1" : "1 draft";
    assertEquals(client.said(), [`-- put back: 0 messages, ${said}`]);
  }
});

Deno.test("what is saved is bounded, and says how much is left out", () => {
  const client = new FakeClient({ saves: true });
  client.login();
  client.disconnect();
  for (let i = 0; i < SAVED_MESSAGES + 3; i++) {
    client.give({ kind: "send", to: "bob", text: "hello", id: uuid(1_000 + i), timestamp: i });
  }
  assertEquals([saved(client).messages.length, client.outbox?.leftOut], [SAVED_MESSAGES, 3]);
});
