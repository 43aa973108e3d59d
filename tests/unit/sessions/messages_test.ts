import { assertEquals } from "@std/assert";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness, START_MS } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";

const [ONE, TWO, THREE] = IDS;

/** Two sessions of ann, two of bob, one of cy. */
function people(): {
  harness: NodeHarness;
  ann: HarnessClient;
  ann2: HarnessClient;
  bob: HarnessClient;
  bob2: HarnessClient;
  cy: HarnessClient;
} {
  const harness = new NodeHarness();
  const [ann, ann2, bob, bob2, cy] = ["ann", "ann", "bob", "bob", "cy"].map((name) => harness.login(name));
  if (!ann || !ann2 || !bob || !bob2 || !cy) throw new Error("not logged in");
  return { harness, ann, ann2, bob, bob2, cy };
}

/** The pushes to each client since the last call: `message` or `read 2 by bob`. */
function heard(...clients: readonly HarnessClient[]): string[] {
  return clients.map((client) =>
    client.takePushes().map((push) => {
      if (
        push.name === "status"
      ) return `${push.payload.status} ${push.payload.ids.length} by ${push.payload.by}`;
      if (push.name === "deleted") return `deleted ${push.payload.ids.length} by ${push.payload.by}`;
      if (push.name === "user") return `${push.payload.name} ${push.payload.change}`;
      return push.name;
    }).join(", ")
  );
}

function contents(client: HarnessClient, other: string): string[] {
  const reply = client.ask("listMessages", { with: other });
  if (reply.name !== "messages" || !("messages" in reply.payload)) return [inShort(reply)];
  return reply.payload.messages.map((message) => `${message.content} ${message.status}`);
}

Deno.test("SEND_MSG answers with id, timestamp and copies, and pushes to everybody but the asker", () => {
  const { harness, ann, ann2, bob, bob2, cy } = people();
  heard(ann, ann2, bob, bob2, cy);
  harness.pass(5_250);
  const reply = ann.ask("sendMessage", { to: "BOB", content: "hey", id: ONE });
  const timestamp = (START_MS + 5_250) / 1_000;
  assertEquals(reply, { name: "sent", payload: { id: ONE, timestamp, copies: 1, nodes: 3 } });
  const message = {
    id: ONE,
    timestamp,
    sender: "ann",
    recipient: "bob",
    content: "hey",
    status: "unread",
  } as const;
  for (const client of [ann2, bob, bob2]) {
    assertEquals(client.takePushes(), [{ name: "message", payload: message }]);
  }
  assertEquals(heard(ann, cy), ["", ""]);
});

Deno.test("SEND_MSG without an id makes a UUID", () => {
  const { ann } = people();
  const replies = [1, 2].map(() => ann.ask("sendMessage", { to: "bob", content: "hey" }));
  const ids = replies.map((reply) => reply.name === "sent" ? reply.payload.id : inShort(reply));
  assertEquals(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    true,
  );
  assertEquals(new Set(ids).size, 2);
});

Deno.test("SEND_MSG again is the same SENT again, from any session, and is pushed to nobody", () => {
  const { harness, ann, ann2, bob } = people();
  const first = ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE });
  heard(ann2, bob);
  harness.pass(60_000);
  assertEquals(ann2.ask("sendMessage", { to: "Bob", content: "hey", id: ONE }), first);
  assertEquals(heard(ann, bob), ["", ""]);
  assertEquals(contents(bob, "ann"), ["hey unread"]);
});

Deno.test("SEND_MSG of something else under a known id is an id-conflict, and so is another sender's id", () => {
  const { ann, bob, cy } = people();
  ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE });
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "ho", id: ONE }), "id-conflict");
  assertEquals(ann.tell("sendMessage", { to: "cy", content: "hey", id: ONE }), "id-conflict");
  assertEquals(cy.tell("sendMessage", { to: "bob", content: "hey", id: ONE }), "id-conflict");
  assertEquals(contents(bob, "ann"), ["hey unread"]);
});

Deno.test("SEND_MSG of what was deleted is the same SENT, and it stays deleted", () => {
  const { ann, bob } = people();
  const first = ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE });
  ann.tell("deleteMessages", { ids: [ONE] });
  assertEquals(ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE }), first);
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "ho", id: ONE }), "id-conflict");
  assertEquals([contents(ann, "bob"), contents(bob, "ann")], [[], []]);
});

Deno.test("SEND_MSG of what was deleted 30 days ago, or by a node without fingerprints, is an id-conflict", () => {
  const { harness, ann, bob } = people();
  const again = (id: string) => ann.tell("sendMessage", { to: "bob", content: "hey", id });
  for (const id of [ONE, TWO]) ann.ask("sendMessage", { to: "bob", content: "hey", id });
  ann.tell("deleteMessages", { ids: [ONE] });
  const [sender, recipient] = ["ann", "bob"].map((name) => harness.state.directory.find(name)?.id ?? "");
  const ids = [TWO];
  harness.node.apply([{ type: "messagesDeleted", sender: sender ?? "", recipient: recipient ?? "", ids }]);
  assertEquals([again(ONE), again(TWO)], ["sent", "id-conflict"]);
  harness.time.wallMs += 30 * 86_400_000 + 1;
  assertEquals([again(ONE), again(TWO)], ["id-conflict", "id-conflict"]);
  assertEquals([contents(ann, "bob"), contents(bob, "ann")], [[], []]);
});

Deno.test("SEND_MSG takes 1 byte to 16 KiB, exactly as they are", () => {
  const { ann, bob } = people();
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "" }), "content-empty");
  const edge = "ä".repeat(8_192);
  assertEquals(ann.tell("sendMessage", { to: "bob", content: edge }), "sent");
  assertEquals(ann.tell("sendMessage", { to: "bob", content: `${edge}x` }), "content-too-long");
  assertEquals(ann.tell("sendMessage", { to: "nobody", content: "x" }), "unknown-user");
  const odd = " \0\r\n\u202e e\u0301 ";
  ann.ask("sendMessage", { to: "bob", content: odd });
  assertEquals(contents(bob, "ann"), [`${edge} unread`, `${odd} unread`]);
});

Deno.test("a message to oneself is there once, and read", () => {
  const { ann, ann2 } = people();
  assertEquals(ann.tell("sendMessage", { to: "ann", content: "note", id: ONE }), "sent");
  assertEquals(heard(ann, ann2), ["", "message"]);
  assertEquals(contents(ann, "ann"), ["note read"]);
  assertEquals(ann.tell("readMessages", { with: "ann" }), "ok 0");
  assertEquals(ann.tell("deleteMessages", { ids: [ONE] }), "ok 1");
  assertEquals(heard(ann, ann2), ["", "deleted 1 by ann"]);
  assertEquals(contents(ann2, "ann"), []);
});

Deno.test("DELIVERED and READ_MSG tell the sender and the reader's other sessions, once", () => {
  const { ann, ann2, bob, bob2, cy } = people();
  for (const id of [ONE, TWO]) ann.ask("sendMessage", { to: "bob", content: id, id });
  heard(ann, ann2, bob, bob2, cy);
  assertEquals(bob.tell("confirmDelivery", { ids: [ONE, TWO, THREE, ONE] }), "ok 2");
  assertEquals(heard(ann, ann2, bob, bob2, cy), [
    "delivered 2 by bob",
    "delivered 2 by bob",
    "",
    "delivered 2 by bob",
    "",
  ]);
  assertEquals(bob.tell("confirmDelivery", { ids: [ONE] }), "ok 0");
  assertEquals(bob2.tell("readMessages", { with: "ann", ids: [TWO] }), "ok 1");
  assertEquals(heard(ann, ann2, bob, bob2, cy), ["read 1 by bob", "read 1 by bob", "read 1 by bob", "", ""]);
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 1");
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 0");
  heard(ann, ann2, bob, bob2);
  assertEquals(bob.tell("confirmDelivery", { ids: [ONE, TWO] }), "ok 0", "never backwards");
  assertEquals(heard(ann, ann2, bob2), ["", "", ""]);
  assertEquals(contents(ann, "bob").map((each) => each.split(" ")[1]), ["read", "read"]);
});

Deno.test("nobody but the recipient marks a message", () => {
  const { ann, bob, cy } = people();
  ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE });
  for (const client of [ann, cy]) assertEquals(client.tell("confirmDelivery", { ids: [ONE] }), "ok 0");
  assertEquals(cy.tell("readMessages", { with: "ann", ids: [ONE] }), "ok 0");
  assertEquals(ann.tell("readMessages", { with: "bob" }), "ok 0");
  assertEquals(bob.tell("readMessages", { with: "cy", ids: [ONE] }), "ok 0");
  assertEquals(bob.tell("readMessages", { with: "nobody" }), "unknown-user");
  assertEquals(contents(bob, "ann"), ["hey unread"]);
});

Deno.test("the sender deletes for both, the recipient for themselves, a stranger nothing", () => {
  const { ann, ann2, bob, bob2, cy } = people();
  for (const id of IDS) ann.ask("sendMessage", { to: "bob", content: id, id });
  heard(ann, ann2, bob, bob2);
  assertEquals(cy.tell("deleteMessages", { ids: IDS }), "ok 0");
  assertEquals(bob.tell("deleteMessages", { ids: [ONE] }), "ok 1");
  assertEquals(heard(ann, ann2, bob, bob2, cy), ["", "", "", "deleted 1 by bob", ""]);
  assertEquals([contents(ann, "bob").length, contents(bob, "ann").length], [3, 2]);
  assertEquals(bob.tell("deleteMessages", { ids: [ONE] }), "ok 0");
  assertEquals(ann.tell("deleteMessages", { ids: [ONE, TWO, TWO] }), "ok 2");
  assertEquals(heard(ann, ann2, bob, bob2, cy), [
    "",
    "deleted 2 by ann",
    "deleted 2 by ann",
    "deleted 2 by ann",
    "",
  ]);
  assertEquals([contents(ann, "bob"), contents(bob, "ann")], [[`${THREE} unread`], [`${THREE} unread`]]);
  assertEquals(bob.tell("confirmDelivery", { ids: [ONE, TWO] }), "ok 0");
});

Deno.test("DELETE_MESSAGE of what was sent and received makes one push a session with all ids", () => {
  const { ann, ann2, bob, cy } = people();
  ann.ask("sendMessage", { to: "bob", content: "1", id: ONE });
  ann.ask("sendMessage", { to: "cy", content: "2", id: TWO });
  bob.ask("sendMessage", { to: "ann", content: "3", id: THREE });
  heard(ann, ann2, bob, cy);
  assertEquals(ann.tell("deleteMessages", { ids: IDS }), "ok 3");
  assertEquals(heard(ann, ann2, bob, cy), ["", "deleted 3 by ann", "deleted 1 by ann", "deleted 1 by ann"]);
});

Deno.test("STATUS and DELETED carry at most 1000 ids", () => {
  const harness = new NodeHarness({ messagesPerSecond: 0, bytesPerSecond: 0, frameBytes: 1 << 20 });
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const ids = Array.from(
    { length: 2_001 },
    (_, i) => `3f2b9a60-0000-4000-8000-${String(i).padStart(12, "0")}`,
  );
  for (const id of ids) {
    ann.request("sendMessage", { to: "bob", content: "x", id });
    harness.settle();
  }
  heard(ann, bob);
  assertEquals(bob.tell("confirmDelivery", { ids }), "ok 2001");
  assertEquals(heard(ann), ["delivered 1000 by bob, delivered 1000 by bob, delivered 1 by bob"]);
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 2001");
  assertEquals(heard(ann), ["read 1000 by bob, read 1000 by bob, read 1 by bob"]);
  ann.replies.length = 0;
  assertEquals(ann.tell("deleteMessages", { ids }), "ok 2001");
  assertEquals(heard(bob), ["deleted 1000 by ann, deleted 1000 by ann, deleted 1 by ann"]);
});

Deno.test("LIST_CHATS, LIST_USERS and LIST_MESSAGES show what there is", () => {
  const { ann, bob } = people();
  ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE });
  const chats = bob.ask("listChats", {});
  assertEquals(
    chats.name === "chats" && chats.payload.chats.map((chat) => [chat.with, chat.unread, chat.last.id]),
    [
      ["ann", 1, ONE],
    ],
  );
  assertEquals(bob.ask("listUsers", { match: "?nn" }), {
    name: "users",
    payload: { users: [{ name: "ann", unread: 1, online: true }], more: false },
  });
  const waiting = bob.ask("listMessages", { undelivered: true });
  assertEquals(
    waiting.name === "messages" && "more" in waiting.payload && waiting.payload.messages.length,
    1,
  );
});
