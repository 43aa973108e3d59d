import { assertEquals } from "@std/assert";
import { savedForm } from "../../../../client/core/saved.ts";
import { told } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

const GONE = "#/chat/bob/b0b1";

/** alice logs in again by her token, at an address. */
function begun(hash: string): FakePage {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash });
  return page;
}

function entered(page: FakePage): void {
  page.connect();
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  page.reply("listChats", "chats", { chats: [], more: false });
  page.reply("listMessages", "messages", { messages: [], more: false });
  page.answerNames();
}

/** Pages of messages that a node was asked for. */
function opening({ asked }: FakePage): readonly unknown[] {
  return asked.filter(({ name }) => name === "listMessages");
}

Deno.test("the address of an account that is gone never opens the chat of another one with its name", () => {
  const page = begun(GONE);
  entered(page);
  page.push(told(1, "bob", "alice", { senderAccount: "other" }));
  const { opened, nobody, route, told: news } = page.page;
  assertEquals([opened, nobody, opening(page)], [undefined, undefined, []]);
  assertEquals(route, { kind: "chat", name: "bob", account: "b0b1" });
  assertEquals(news.filter(({ isAlert }) => isAlert), []);
  assertEquals(page.model.focus, undefined);
});

Deno.test("the chat before is not the focused one beside the address of an account that is gone", () => {
  const page = new FakePage();
  page.enter();
  page.open("carol", []);
  page.act({ kind: "went", hash: GONE });
  assertEquals([page.page.opened, page.model.focus], [undefined, undefined]);
});

Deno.test("a chat that is put back after the login opens at its address", () => {
  const saved = savedForm({
    cluster: "c",
    of: { name: "alice", account: "a11ce" },
    messages: [],
    drafts: [{ to: { name: "bob", account: "b0b1" }, text: "dear bob" }],
  });
  for (const isTaken of [true, false]) {
    const page = begun(GONE);
    entered(page);
    if (isTaken) page.push(told(1, "bob", "alice", { senderAccount: "other" }));
    page.ordered();
    page.give({ kind: "restore", saved });
    const { opened, told: news } = page.page;
    assertEquals([opened?.chat.account, opened?.chat.former, opened?.chat.draft], [
      "b0b1",
      isTaken,
      "dear bob",
    ]);
    assertEquals(news.filter(({ isAlert }) => isAlert), []);
    assertEquals(page.orderedOf("focus"), [], "nothing takes the focus by itself");
    assertEquals(opening(page).length > 0, !isTaken, "the account is asked for only while it has the name");
  }
});
