import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { itemsOf } from "../../../../client/web/page/menus.ts";
import { drawn, wordsOf } from "../view/rendered.ts";
import { fromBob, talking } from "../view/talking_page.ts";
import type { FakePage } from "./fake_page.ts";

/** alice in a chat with bob, at a node with these features beside the usual ones. */
function talkingAt(...features: readonly string[]): FakePage {
  const page = talking();
  page.disconnect();
  page.features = ["account-ids", ...features];
  page.connect("node2");
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  return page;
}

function labels({ page }: FakePage): readonly string[] {
  return itemsOf(page, { kind: "chat" }).map(({ label }) => label);
}

/** Answers all that was asked, and the list of those who are blocked with these names. */
function answer(page: FakePage, blocked: readonly string[] = []): void {
  for (let [asked] = page.asked; asked !== undefined; [asked] = page.asked) {
    if (asked.name === "listBlocked") page.reply("listBlocked", "blocked", { names: blocked, more: false });
    else if (asked.name === "blockPerson") page.reply("blockPerson", "ok", null);
    else page.refuse(asked.name, "busy");
  }
}

Deno.test("the menu of a chat blocks its person, and accepts them again", () => {
  const page = talkingAt("block");
  answer(page);
  page.act({ kind: "openMenu", of: { kind: "chat" } });
  assertEquals(page.asked.at(-1)?.name, "listBlocked");
  answer(page);
  assertEquals(labels(page), ["markRead", "block"]);
  page.act({ kind: "stepMenu", by: -1 });
  page.act({ kind: "chooseItem" });
  assertEquals([page.asked.at(-1)?.payload, page.page.menu], [{ user: "bob", blocked: true }, undefined]);
  answer(page);
  assertStringIncludes(wordsOf(drawn(page)), "bob is blocked.");
  assertEquals(labels(page), ["markRead", "unblock"]);
  page.act({ kind: "block", blocked: false });
  answer(page);
  assertEquals(labels(page), ["markRead", "block"]);
});

Deno.test("the menu knows what another device has blocked meanwhile", () => {
  const page = talkingAt("block");
  answer(page);
  page.act({ kind: "openMenu", of: { kind: "chat" } });
  answer(page, ["BOB"]);
  assertEquals(labels(page), ["markRead", "unblock"]);
});

Deno.test("nobody can be blocked at a node without the feature, nor the person themselves, nor who is gone", () => {
  const page = talkingAt("search");
  answer(page);
  page.act({ kind: "openMenu", of: { kind: "chat" } });
  assertEquals([labels(page), page.asked], [["markRead", "searchHere"], []]);
  const own = talkingAt("block");
  answer(own);
  own.open("alice", [fromBob(3, { sender: "alice", recipient: "alice", senderAccount: "a11ce" })]);
  assertEquals(labels(own), ["markRead"]);
  const gone = talkingAt("block");
  answer(gone);
  gone.give({
    kind: "push",
    push: { name: "user", payload: { name: "bob", change: "deleted", account: "b0b1" } },
  });
  assertEquals(labels(gone), ["markRead"]);
});

Deno.test("the settings list whom the account blocks, each with the way to the chat", () => {
  const page = talkingAt("block");
  answer(page);
  page.act({ kind: "went", hash: "#/settings" });
  assert(!wordsOf(drawn(page)).includes("People whom you block"));
  answer(page, ["bob", "<carl>"]);
  const html = drawn(page);
  assertStringIncludes(wordsOf(html), "People whom you block");
  assertStringIncludes(html, 'href="#/chat/bob"');
  assertStringIncludes(html, "&lt;carl>");
});

Deno.test("a message that is not accepted says so beside it, with the ways out", () => {
  const page = talkingAt("block");
  answer(page);
  page.act({ kind: "typed", text: "hello?" });
  page.act({ kind: "send" });
  const message = "bob does not accept your messages; nothing was sent";
  page.reply("sendMessage", "error", { code: "not-accepted", message });
  assertStringIncludes(
    wordsOf(drawn(page)),
    `Not sent: Bob does not accept your messages; nothing was sent.`,
  );
  page.pass(60);
  assertEquals(page.asked.some(({ name }) => name === "sendMessage"), false);
});
