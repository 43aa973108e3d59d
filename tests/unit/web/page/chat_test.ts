import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../../common/limits.ts";
import { SAVED_TEXT_BYTES } from "../../../../client/core/saved_parts.ts";
import { canSend, excessOf, textOf } from "../../../../client/web/page/act_history.ts";
import { itemsOf } from "../../../../client/web/page/menus.ts";
import { titleOf } from "../../../../client/web/page/settle.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

/** alice in a chat with bob, who has written two messages. */
function talking(): FakePage {
  const page = new FakePage();
  const last = told(2, "bob", "alice", { senderAccount: "b0b1", status: "read" });
  page.enter({ with: "bob", unread: 0, last });
  page.open("bob", [told(1, "bob", "alice", { senderAccount: "b0b1", status: "read" }), last]);
  page.ordered();
  return page;
}

/** The open chat. */
function chatOf({ page }: FakePage): NonNullable<FakePage["page"]["opened"]>["chat"] {
  assert(page.opened !== undefined);
  return page.opened.chat;
}

function write(page: FakePage, text: string): void {
  page.act({ kind: "typed", text });
  page.act({ kind: "send" });
}

function labels({ page }: FakePage, id: string): readonly string[] {
  return itemsOf(page, { kind: "message", id }).map(({ label }) => label);
}

Deno.test("send sends the text as it is, and goes to the bottom", () => {
  const page = talking();
  page.act({ kind: "typed", text: " hello \n" });
  assertEquals(chatOf(page).draft, " hello \n");
  page.act({ kind: "send" });
  assertEquals(page.asked.at(-1)?.payload, {
    to: "bob",
    content: " hello \n",
    id: uuid(900),
    account: "b0b1",
  });
  assertEquals(textOf(page.page, chatOf(page)), "");
  assertEquals(page.orderedOf("scroll").map(({ target }) => target), [{ kind: "bottom" }]);
  assertEquals(page.document, [1, 2, 900]);
});

Deno.test("a text that is empty or too long is not sent, and nothing is cut", () => {
  const page = talking();
  write(page, " \n ");
  assertEquals(page.asked, []);
  const { contentBytes } = DEFAULT_LIMITS;
  const long = "é".repeat(contentBytes / 2) + "xyz";
  write(page, long);
  assertEquals(excessOf(page.page, chatOf(page)), 3);
  assertEquals(canSend(page.page, chatOf(page)), false);
  assertEquals(textOf(page.page, chatOf(page)), long);
  assertEquals(page.asked, []);
  page.act({ kind: "typed", text: long.slice(0, -3) });
  assertEquals(canSend(page.page, chatOf(page)), true);
});

Deno.test("a text that is too long even for a draft stays in its composer", () => {
  const page = talking();
  const long = "x".repeat(SAVED_TEXT_BYTES + 1);
  page.act({ kind: "typed", text: "short" });
  page.act({ kind: "typed", text: long });
  assertEquals(chatOf(page).draft, "", "a reload must not bring an older text back in its place");
  page.act({ kind: "went", hash: "#/chat/carol" });
  page.act({ kind: "went", hash: "#/chat/bob" });
  assertEquals(textOf(page.page, chatOf(page)), long);
  assertEquals(page.page.told, []);
  page.act({ kind: "typed", text: "short" });
  assertEquals([textOf(page.page, chatOf(page)), chatOf(page).draft], ["short", "short"]);
});

Deno.test("a message that is edited, or a draft that is put back, stands before a text too long for a draft", () => {
  const page = talking();
  write(page, "hello");
  page.refuse("sendMessage", "inbox-full");
  const long = "x".repeat(SAVED_TEXT_BYTES + 1);
  page.act({ kind: "typed", text: long });
  page.act({ kind: "edit", id: uuid(900) });
  const joined = `hello\n${long}`;
  assertEquals(textOf(page.page, chatOf(page)), joined);
  page.act({ kind: "typed", text: `${joined}!` });
  assertEquals([textOf(page.page, chatOf(page)), chatOf(page).draft], [`${joined}!`, ""]);
  page.act({ kind: "typed", text: "hello" });
  assertEquals(textOf(page.page, chatOf(page)), "hello");
});

Deno.test("each chat has its own draft", () => {
  const page = talking();
  page.act({ kind: "typed", text: "for bob" });
  page.open("carol", []);
  assertEquals(textOf(page.page, chatOf(page)), "");
  page.act({ kind: "typed", text: "for carol" });
  page.act({ kind: "went", hash: "#/chat/bob" });
  assertEquals(textOf(page.page, chatOf(page)), "for bob");
});

Deno.test("a message that was refused can be tried again, edited and discarded", () => {
  const page = talking();
  write(page, "hello");
  page.refuse("sendMessage", "inbox-full");
  const id = uuid(900);
  assertEquals(labels(page, id), ["retry", "edit", "discard", "copy", "details"]);
  assertEquals(page.page.told, []);
  page.act({ kind: "retry", id });
  assertEquals(page.asked.at(-1)?.payload, { to: "bob", content: "hello", id, account: "b0b1" });
  page.refuse("sendMessage", "inbox-full");
  page.act({ kind: "typed", text: "more" });
  page.act({ kind: "edit", id });
  assertEquals(textOf(page.page, chatOf(page)), "hello\nmore");
  assertEquals(page.document, [1, 2]);
  write(page, "hello");
  page.refuse("sendMessage", "inbox-full");
  page.act({ kind: "discard", id: uuid(901) });
  assertEquals(page.document, [1, 2]);
});

Deno.test("a message that was refused while another chat is open is told", () => {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.act({ kind: "went", hash: "#/people" });
  page.refuse("sendMessage", "inbox-full");
  assertEquals(page.page.told.map(({ isAlert, of }) => [isAlert, of.kind]), [[true, "failure"]]);
});

Deno.test("a message for an account that is gone can be sent to whoever has the name now", () => {
  const page = talking();
  page.disconnect();
  write(page, "for bob's eyes");
  page.connect();
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  page.refuse("sendMessage", "recipient-changed");
  const id = uuid(900);
  assertEquals(chatOf(page).former, true);
  assertEquals(page.page.route, { kind: "chat", name: "bob", account: "b0b1" });
  assertEquals(labels(page, id), ["sendAnyway", "edit", "discard", "copy", "details"]);
  page.act({ kind: "sendAnyway", id });
  const anyway = page.asked.find(({ name }) => name === "sendMessage");
  assertEquals(anyway?.payload, { to: "bob", content: "for bob's eyes", id: uuid(901) });
});

Deno.test("deletion asks, names both ends for an own message, and gives the focus to a neighbour", () => {
  const page = talking();
  write(page, "hello");
  page.reply("sendMessage", "sent", { id: uuid(900), timestamp: 1_700_500_000, copies: 2, nodes: 3 });
  assertEquals(page.model.messages.get(uuid(900))?.stored, { copies: 2, nodes: 3 });
  assertEquals(labels(page, uuid(900)), ["copy", "details", "deleteForBoth"]);
  assertEquals(labels(page, uuid(2)), ["copy", "details", "deleteForMe"]);
  page.ordered();
  page.act({ kind: "openMenu", of: { kind: "message", id: uuid(2) } });
  page.act({ kind: "askToDelete", id: uuid(2) });
  assertEquals(page.page.dialog, { kind: "deleteMessage", id: uuid(2) });
  page.act({ kind: "confirm" });
  assertEquals(page.orderedOf("focus").at(-1)?.target, { kind: "message", id: uuid(900) });
  assertEquals(page.reply("deleteMessages", "ok", { count: 1 }).payload, { ids: [uuid(2)] });
  assertEquals(page.document, [1, 900]);
  assertEquals(page.page.told.length, 1);
});

Deno.test("a deletion elsewhere takes the message out of the page, and closes what was about it", () => {
  const page = talking();
  page.act({ kind: "openMenu", of: { kind: "message", id: uuid(1) } });
  page.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(1)], by: "bob" } } });
  assertEquals(page.document, [2]);
  assertEquals(page.page.menu, undefined);
  page.act({ kind: "askToDelete", id: uuid(2) });
  page.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(2)], by: "bob" } } });
  assertEquals(page.page.dialog, undefined);
  page.act({ kind: "openMenu", of: { kind: "message", id: uuid(1) } });
  assertEquals(page.page.menu, undefined);
});

Deno.test("the address follows a rename of the open chat", () => {
  const page = talking();
  const payload = { name: "bob", change: "renamed", to: "bob~node2", account: "b0b1" } as const;
  page.give({ kind: "push", push: { name: "user", payload } });
  assertEquals(page.orderedOf("go"), [{ kind: "go", hash: "#/chat/bob~node2", replace: true }]);
  const { opened } = page.page;
  page.act({ kind: "went", hash: "#/chat/bob~node2" });
  assertEquals([page.page.opened, page.ordered()], [opened, []]);
  assertEquals(page.page.told.length, 1);
  assertEquals(page.document, [1, 2]);
});

Deno.test("an account that is deleted leaves its chat open, without messages", () => {
  const page = talking();
  const payload = { name: "bob", change: "deleted", account: "b0b1" } as const;
  page.give({ kind: "push", push: { name: "user", payload } });
  assertEquals([chatOf(page).former, page.document], [true, []]);
  assertEquals(page.page.told.map(({ of }) => of.kind), ["notice"]);
  write(page, "too late");
  assertEquals(page.asked, []);
  assertEquals(page.model.messages.get(uuid(900))?.status, "held");
});

Deno.test("seen marks messages as read, and the title counts the others", () => {
  const page = talking();
  page.push(told(3, "bob", "alice", { senderAccount: "b0b1" }));
  page.push(told(4, "carol", "alice", { senderAccount: "ca" }));
  assertEquals(titleOf(page.page), "(2) Chat");
  while (page.asked.length > 0) page.reply("confirmDelivery", "ok", null);
  page.act({ kind: "seen", ids: [uuid(3)] });
  assertEquals(page.reply("readMessages", "ok", { count: 1 }).payload, { with: "bob", ids: [uuid(3)] });
  assertEquals(titleOf(page.page), "(1) Chat");
});

Deno.test("copy gives the text as it was sent", () => {
  const page = talking();
  page.push(told(3, "bob", "alice", { senderAccount: "b0b1", content: "a\u202eb\n" }));
  page.act({ kind: "copy", id: uuid(3) });
  assertEquals(page.orderedOf("copy"), [{ kind: "copy", text: "a\u202eb\n" }]);
  page.act({ kind: "copied", isCopied: true });
  page.act({ kind: "copied", isCopied: false });
  assertEquals(page.page.told.map(({ isAlert }) => isAlert), [false, true]);
});

Deno.test("from message to message, and at the first one to older ones", () => {
  const page = talking();
  const focused = (): unknown => page.orderedOf("focus").at(-1)?.target;
  page.act({ kind: "lastMessage" });
  assertEquals(focused(), { kind: "message", id: uuid(2) });
  page.act({ kind: "stepMessage", by: -1 });
  assertEquals(focused(), { kind: "message", id: uuid(1) });
  page.act({ kind: "stepMessage", by: -1 });
  assertEquals(focused(), undefined);
  page.act({ kind: "stepMessage", by: 1 });
  assertEquals(focused(), { kind: "message", id: uuid(2) });
  page.act({ kind: "stepMessage", by: 1 });
  assertEquals(focused(), undefined);
  page.act({ kind: "firstMessage" });
  assertEquals(focused(), { kind: "message", id: uuid(1) });
});
