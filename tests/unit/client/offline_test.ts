import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PendingRequests } from "../../../client/core/pending_requests.ts";
import { failureStatus } from "../../../client/terminal/words/exit_status.ts";
import { failureText } from "../../../client/terminal/words/failures.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

const send = (number: number): Extract<Request, { name: "sendMessage" }> => ({
  name: "sendMessage",
  payload: { to: "bob", content: `text ${number}`, id: uuid(number) },
});

Deno.test("PendingRequests keeps the order, and sends nothing twice on one connection", () => {
  const pending = new PendingRequests();
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  pending.add(undefined, send(2), { kind: "send", id: uuid(2) });
  assertEquals(pending.takeUnsent(true).map((each) => each.request), [send(1), send(2)]);
  assertEquals(pending.takeUnsent(true), []);
  pending.connectionLost();
  assertEquals(pending.takeUnsent(true).map((each) => each.request), [send(1), send(2)]);
});

Deno.test("PendingRequests sends nothing but logins before the login", () => {
  const pending = new PendingRequests();
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  pending.add(undefined, { name: "resume", payload: { token: "t" } }, { kind: "resume" });
  assertEquals(pending.takeUnsent(false).map((each) => each.request.name), ["resume"]);
});

Deno.test("PendingRequests loses with the connection only what must not be asked twice", () => {
  const pending = new PendingRequests();
  pending.add(undefined, { name: "deleteAccount", payload: { password: "p" } }, { kind: "deleteAccount" });
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  assertEquals(pending.connectionLost().map((each) => each.purpose.kind), ["deleteAccount"]);
  assertEquals(pending.messageIds, [uuid(1)]);
});

Deno.test("PendingRequests.withdraw() takes back what was refused for the moment", () => {
  const pending = new PendingRequests();
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  for (let i = 0; i < 2; i++) {
    const [waiting] = pending.takeUnsent(true);
    assertEquals(pending.withdraw(uuid(1)), false, "it is under way");
    const refused = pending.answered(waiting?.serial ?? 0);
    if (refused === undefined) throw new Error("nothing was answered");
    pending.delay(refused, 1);
    pending.wakeUp();
  }
  assertEquals([pending.withdraw(uuid(1)), pending.withdraw(uuid(1)), pending.size], [true, false, 0]);
});

Deno.test("PendingRequests.withdraw() takes back only what was never sent", () => {
  const pending = new PendingRequests();
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  pending.takeUnsent(true);
  pending.connectionLost();
  pending.add(undefined, send(2), { kind: "send", id: uuid(2) });
  assertEquals([pending.withdraw(uuid(1)), pending.withdraw(uuid(2)), pending.withdraw(uuid(3))], [
    false,
    true,
    false,
  ]);
});

Deno.test("PendingRequests.delay() holds back until wakeUp()", () => {
  const pending = new PendingRequests();
  pending.add(undefined, send(1), { kind: "send", id: uuid(1) });
  const [waiting] = pending.takeUnsent(true);
  const answered = pending.answered(waiting?.serial ?? 0);
  if (answered === undefined) throw new Error("nothing was answered");
  assertEquals(pending.delay(answered, 1), true);
  assertEquals([pending.takeUnsent(true).length, pending.messageIds.length], [0, 1]);
  pending.wakeUp();
  assertEquals(pending.takeUnsent(true).length, 1);
});

Deno.test("what is typed offline is queued, and the prompt says so", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.disconnect();
  client.line("one");
  client.line("two");
  assertEquals(client.prompt, "offline: bob (reconnecting, 2 queued)> ");
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(client.reply("sendMessage", "sent", { id: uuid(102), timestamp: 1, copies: 1, nodes: 1 }), {
    name: "sendMessage",
    payload: { to: "bob", content: "one", id: uuid(102) },
  });
  client.reply("sendMessage", "sent", { id: uuid(103), timestamp: 2, copies: 1, nodes: 1 });
  client.caughtUp();
  assertEquals(client.asked.map((each) => each.payload), [{ with: "bob", limit: 50 }]);
  assertEquals(client.prompt, "bob> ");
});

Deno.test("a queued message can be deleted before it was sent, one under way cannot", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("under way");
  client.disconnect();
  client.line("queued");
  client.said();
  client.line("/delete #a1");
  client.line("/delete #a2");
  assertEquals(client.said(), ["!! #a1 is being sent; delete it once it is stored", "refresh"]);
  assertEquals(client.model.pending.messageIds, [uuid(102)]);
});

Deno.test("a message that a node cannot take now is sent again later, one it refuses has failed", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("one");
  client.refuse("sendMessage", "busy");
  assertEquals(client.asked, []);
  assertEquals(client.effects.some((each) => each.kind === "wakeUpAfter" && each.ms === 1_000), true);
  client.give({ kind: "wakeUp" });
  assertEquals(client.asked.length, 1);
  client.said();
  client.refuse("sendMessage", "content-too-long");
  assertEquals(client.said(), ["refresh", "!! #a1 to bob was not sent: refused: content-too-long"]);
  assertEquals(client.model.messages.get(uuid(102))?.status, "failed");
});

Deno.test("what a node cannot serve yet is asked of another one, logged in by the token", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.line("/msg bob hello");
  client.connect();
  client.refuse("resume", "unavailable");
  assertEquals(client.effects.at(-1), {
    kind: "moveOn",
    reason: { kind: "leftUs", text: "refused: unavailable" },
  });
  client.disconnect("refused: unavailable");
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "token of alice", unread: 0 });
  assertEquals(client.asked.filter(({ name }) => name === "sendMessage").length, 1);
});

Deno.test("PendingRequests.delay() asks for one wakeUp() however many requests wait", () => {
  const pending = new PendingRequests();
  for (const each of [1, 2, 3, 4]) pending.add(undefined, send(each), { kind: "send", id: uuid(each) });
  const waits = [2_000, 2_000, 5_000, 1_000];
  const isAsked = pending.takeUnsent(true).map((each, index) => pending.delay(each, waits[index] ?? 0));
  assertEquals(isAsked, [true, false, false, true]);
  pending.wakeUp();
  const [first] = pending.takeUnsent(true);
  assertEquals(first && pending.delay(first, 5_000), true);
});

Deno.test("a script is not patient with a rate limit", () => {
  const client = new FakeClient({ script: true });
  client.login();
  client.give({ kind: "send", to: "bob", text: "hi", id: uuid(1), timestamp: 1 });
  client.reply("sendMessage", "error", { code: "rate-limited", message: "too fast", retryAfter: 3 });
  const refusal = { code: "rate-limited", message: "too fast", retryAfter: 3 } as const;
  const failure = { kind: "notSent", id: uuid(1), number: 0, to: "bob", refusal } as const;
  assertEquals(client.effects.find((each) => each.kind === "failure"), {
    kind: "failure",
    failure,
    cause: undefined,
  });
  assertEquals(failureText(failure), "#a1 to bob was not sent: too fast; try again in 3 s");
  assertEquals(failureStatus(failure), 5);
});

Deno.test("after a break the client hears what became of its messages, and what is new in the chat", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/msg carol hi");
  client.reply("sendMessage", "sent", { id: uuid(102), timestamp: 1, copies: 1, nodes: 1 });
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  client.caughtUp();
  client.said();
  const fromBob = told(1, "bob", "alice", { status: "delivered" });
  client.reply("listMessages", "messages", { messages: [fromBob], more: false });
  const toCarol = told(102, "alice", "carol", { content: "hi", status: "read" });
  client.reply("listMessages", "messages", { messages: [toCarol], more: false });
  assertEquals(client.said(), ["#a2 bob> text 1", "refresh"]);
  assertEquals(client.model.messages.get(uuid(102))?.status, "read");
});

type Step = "type" | "answer" | "break" | "return";

Deno.test("every message typed reaches the server under one id, however often the connection breaks", () => {
  let checked = 0;
  const steps = fc.array(fc.constantFrom<Step>("type", "type", "answer", "break", "return"), {
    maxLength: 40,
  });
  fc.assert(fc.property(steps, (taken) => {
    const client = new FakeClient();
    client.login();
    client.open("bob");
    const server = new Map<string, string>();
    let typed = 0;
    for (const step of [...taken, "break", "return"] as const) {
      if (step === "type") client.line(`text ${++typed}`);
      if (step === "answer") answerOne(client, server);
      if (step === "break" && client.model.node !== undefined) client.disconnect();
      if (step === "return" && client.model.node === undefined) resume(client);
    }
    while (client.asked.length > 0) answerOne(client, server);
    assertEquals(
      [...server.values()].sort(),
      Array.from({ length: typed }, (_, i) => `text ${i + 1}`).sort(),
    );
    assertEquals(client.model.pending.size, 0);
    checked += typed;
  }));
  console.log(`checked ${checked} messages`);
});

function resume(client: FakeClient): void {
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
}

/** Answers the oldest request as a server does that stores each message id once. */
function answerOne(client: FakeClient, server: Map<string, string>): void {
  const [request] = client.asked;
  if (request === undefined) return;
  if (request.name === "sendMessage") {
    const id = request.payload.id ?? "";
    server.set(id, request.payload.content);
    client.reply("sendMessage", "sent", { id, timestamp: 1, copies: 1, nodes: 1 });
  } else if (request.name === "listChats") {
    client.reply("listChats", "chats", { chats: [], more: false });
  } else {
    client.reply(request.name, "messages", { messages: [], more: false });
  }
}
