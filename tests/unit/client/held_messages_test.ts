import { assertEquals } from "@std/assert";
import { jsonLine } from "../../../client/terminal/display/json_line.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";
import {
  ALICE,
  BOB,
  changed,
  fromBob,
  fromStranger,
  held,
  PASSED_ON,
  resume,
  sending,
  STRANGER,
  talking,
  user,
} from "./talking_client.ts";

Deno.test("a message whose recipient has changed is held, and the person is asked", () => {
  const client = changed();
  assertEquals(client.said(), ["refresh", held("a2")]);
  assertEquals(client.prompt, "bob (gone) [1 held]> ");
  assertEquals(client.model.messages.get(uuid(102))?.status, "held");
  client.line("/status");
  assertEquals(client.said().includes("held: 1 message; the mark ? is on their lines"), true);
});

Deno.test("a held message is not sent by itself: not after a break, a login, or at a node without accounts", () => {
  const client = changed();
  for (const features of [["account-ids"], undefined, ["account-ids"]]) {
    client.disconnect();
    assertEquals(client.prompt, "offline: bob (gone) (reconnecting, 1 held)> ");
    client.features = features;
    resume(client);
    client.push(told(7, "bob", "alice", features === undefined ? {} : { senderAccount: STRANGER }));
    client.give({ kind: "wakeUp" });
    assertEquals(sending(client), []);
  }
  client.disconnect();
  client.connect("node2");
  client.reply("resume", "loginFailed", null);
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  assertEquals(sending(client), []);
  assertEquals(client.model.messages.get(uuid(102))?.content, "for bob's eyes");
});

Deno.test("/anyway sends a held message to whoever has the name now, once", () => {
  const client = changed();
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  client.said();
  client.line("/anyway a2");
  assertEquals(sending(client), [
    { to: "bob", content: "for bob's eyes", id: uuid(103), account: STRANGER },
  ]);
  assertEquals(client.said(), ["refresh", "#a4 .  alice to bob (new)> for bob's eyes"]);
  for (const line of ["/anyway a2", "/anyway a1", "/anyway z9", "/anyway", "/anyway a2 a1"]) {
    client.line(line);
  }
  assertEquals(client.said(), [
    "!! #a2 is not held, so there is nothing to send again",
    "!! #a1 is not held, so there is nothing to send again",
    "!! there is no message z9; its short id is on its line, such as #a1",
    "!! which message?; usage: /anyway #ID",
    "!! one message at a time; usage: /anyway #ID",
  ]);
  assertEquals([client.prompt, sending(client).length], ["bob (gone) [1 unread: bob 1]> ", 1]);
});

Deno.test("/delete drops a held message without asking a node", () => {
  const client = changed();
  const asked = client.asked.length;
  client.line("/delete #a2");
  assertEquals([client.prompt, client.asked.length], ["bob (gone)> ", asked]);
  assertEquals(client.model.messages.get(uuid(102))?.content, "");
});

Deno.test("held messages are counted where they are lost: at the end, and with the account", () => {
  const client = changed();
  client.said();
  client.give({ kind: "quit", sure: true });
  assertEquals(client.said(), ["!! not sent: 1 held message", "leave 3"]);
  client.caughtUp();
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.line("/login carol");
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "carol", token: "t", unread: 0, account: "ca201" });
  assertEquals(client.said().includes("!! not sent: 1 held message of alice"), true);
});

Deno.test("in a script a held message is data with that status, and an error", () => {
  const client = changed(true);
  const shown = client.effects.flatMap((each) => each.kind === "show" ? jsonLine(each.item) : []);
  assertEquals(shown.map((line) => JSON.parse(line)).map(({ event, to, status }) => [event, to, status]), [
    ["message", "bob", "held"],
  ]);
  assertEquals(client.said().at(-1), held("a2"));
});

Deno.test("the chat of a deleted bob stays his: a new bob is outside, and a line for the old one is held", () => {
  const client = talking();
  user(client, { name: "bob", change: "deleted", account: BOB });
  assertEquals(client.prompt, "bob (gone)> ");
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  client.said();
  assertEquals(client.asked.map(({ name }) => name), ["confirmDelivery"]);
  assertEquals(client.prompt, "bob (gone) [1 unread: bob 1]> ");
  client.line("are you there?");
  client.line("/r hi");
  assertEquals(client.said(), [
    "#a3 .  alice> are you there?",
    "refresh",
    held("a3"),
    "-- to bob",
    "#a4 .  alice to bob (new)> hi",
  ]);
  assertEquals(sending(client), [{ to: "bob", content: "hi", id: uuid(103), account: STRANGER }]);
  for (const line of ["/history", "/more", "/read"]) client.line(line);
  const gone = "!! the account bob of this chat is gone; /chat USER chooses another chat";
  assertEquals(client.said(), [gone, gone, gone]);
  client.line("/chat bob");
  assertEquals(client.prompt, "bob [1 held] [1 unread: bob 1]> ".replace(" [1 unread: bob 1]", ""));
});

for (
  const [path, arrive] of Object.entries({
    push: (client: FakeClient) => client.push(fromStranger(client, 7)),
    undelivered(client: FakeClient): void {
      client.disconnect();
      resume(client);
      client.reply("listChats", "chats", { chats: [], more: false });
      client.reply("listMessages", "messages", { messages: [fromStranger(client, 7)], more: false });
    },
    page(client: FakeClient): void {
      client.line("/chat bob");
      client.reply("listMessages", "messages", { messages: [fromStranger(client, 7)], more: false });
    },
  })
) {
  for (const features of [["account-ids"], undefined]) {
    Deno.test(`the first message of a new bob (${path}, ${features ?? "no accounts"}) comes after a line`, () => {
      const client = talking();
      user(client, { name: "bob", change: "deleted", account: BOB });
      client.line("are you there?");
      client.features = features;
      client.disconnect();
      resume(client);
      client.caughtUp();
      user(client, { name: "bob", change: "created", ...(features && { account: STRANGER }) });
      client.said();
      arrive(client);
      client.push(fromStranger(client, 8));
      const lines = client.said().filter((line) => line === PASSED_ON || line.includes("> text"));
      assertEquals(lines, [PASSED_ON, "#a3 bob (new)> text 7", "#a4 bob (new)> text 8"]);
    });
  }
}

Deno.test("messages held for an account that lives after all are sent once a node names it", () => {
  const rows = { name: "bob", unread: 0, online: false, account: BOB };
  const names: Readonly<Record<string, (client: FakeClient) => void>> = {
    users(client): void {
      client.line("/users");
      client.reply("listUsers", "users", { users: [rows], more: false });
    },
    message: (client) => client.push(told(7, "bob", "alice", { senderAccount: BOB })),
    registered: (client) => user(client, { name: "bob", change: "created", account: BOB }),
    online: (client) => user(client, { name: "bob", change: "online", account: BOB }),
  };
  for (const name of Object.values(names)) {
    const client = changed();
    client.caughtUp();
    client.refuse("listMessages", "unknown-user");
    client.line("dropped");
    client.line("held, too");
    client.line("/delete a3");
    client.said();
    name(client);
    assertEquals(sending(client), [
      { to: "bob", content: "for bob's eyes", id: uuid(102), account: BOB },
      { to: "bob", content: "held, too", id: uuid(104), account: BOB },
    ]);
    assertEquals(client.said().slice(0, 3), [
      "-- the account bob is there after all; sending now: 2 held messages",
      "refresh",
      "refresh",
    ]);
    assertEquals(client.prompt, "bob> ");
    for (const id of [uuid(102), uuid(104)]) {
      client.reply("sendMessage", "sent", { id, timestamp: 1, copies: 1, nodes: 1, account: BOB });
    }
    name(client);
    assertEquals(sending(client), []);
  }
});

Deno.test("a bob who is deleted while messages wait for him: they are held, at any node", () => {
  for (const features of [["account-ids"], undefined]) {
    const client = new FakeClient();
    client.features = features;
    client.login();
    client.open("bob", fromBob(1, BOB));
    client.line("under way");
    client.refuse("sendMessage", "busy");
    client.line("under way, too");
    user(client, { name: "bob", change: "deleted", ...(features && { account: BOB }) });
    assertEquals(client.said().slice(-2), ["refresh", held("a2")], "no node has it: it was refused");
    client.refuse("sendMessage", "unknown-user");
    client.give({ kind: "wakeUp" });
    assertEquals(client.said(), ["refresh", held("a3")]);
    assertEquals(sending(client), []);
  }
});

Deno.test("/chat with an account that is gone leaves what waits for it held", () => {
  const client = talking();
  client.line("/chat bob");
  client.refuse("listMessages", "unknown-user");
  assertEquals(client.prompt, "(no chat)> ");
  assertEquals(client.model.chats.all, []);
});

Deno.test("a message that was never under way is held when its recipient goes", () => {
  const client = talking();
  client.disconnect();
  client.line("for bob's eyes");
  client.connect("node2");
  client.said();
  user(client, { name: "bob", change: "deleted", account: BOB });
  assertEquals(client.said().slice(1), [
    "-- the account bob was deleted, with every message from and to it",
    "refresh",
    held("a2"),
  ]);
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(sending(client), []);
});
