import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Page } from "../../../../client/web/page/page.ts";
import { isEntered } from "../../../../client/web/page/page.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

/** Fields that another account may find as they are: they say nothing of the last one. */
const OF_NOBODY: readonly (keyof Page)[] = ["model", "formats", "lastNumber", "taken", "forgotten"];

/** Fields of the window, the browser and the form, which stay or are set by the login. */
const OF_WINDOW: readonly (keyof Page)[] = [
  "settings",
  "nowSeconds",
  "isLooking",
  "isTouch",
  "isNarrow",
  "stays",
  "connection",
  "isPermitted",
  "wasForbidden",
  "hasNewVersion",
  "waitingElsewhere",
  "wanted",
  "login",
];

/** The login of an account that has no messages; alice is logged in as a former one unless `name` is another. */
function logIn(page: FakePage, name: string, isAsked: boolean): void {
  page.submit(name, "password");
  // After the end of a session, the core has asked for the name by itself, before the form did.
  if (isAsked) page.reply("startLogin", "userExisting", null);
  page.reply("startLogin", "userExisting", null);
  page.reply("finishLogin", "loginSuccess", { name, token: `t ${name}`, unread: 0, account: `id ${name}` });
  page.reply("listChats", "chats", { chats: [], more: false });
  page.reply("listMessages", "messages", { messages: [], more: false });
  page.answerNames();
}

/** alice uses everything that a page has. */
function used(): FakePage {
  const page = new FakePage({ isPermitted: true });
  const last = told(2, "carol", "alice", { senderAccount: "ca", status: "delivered" });
  page.enter({ with: "carol", unread: 1, last });
  page.act({ kind: "set", settings: { notifications: "withText" } });
  page.act({ kind: "went", hash: "#/search" });
  page.act({ kind: "wordsTyped", text: "secret" });
  page.act({ kind: "searchSubmitted" });
  page.reply("search", "found", { messages: [last], more: false });
  page.act({ kind: "findTyped", text: "carol" });
  page.act({ kind: "peopleTyped", text: "carol" });
  page.act({ kind: "moreChats" });
  page.act({ kind: "morePeople" });
  page.open("carol", [last]);
  page.act({ kind: "typed", text: "x".repeat(100_000) });
  page.act({ kind: "looked", isLooking: false });
  page.push(told(3, "carol", "alice", { senderAccount: "ca" }));
  page.act({ kind: "looked", isLooking: true });
  page.act({ kind: "copied", isCopied: false });
  page.act({ kind: "openMenu", of: { kind: "message", id: uuid(2) } });
  // These cannot all be at one time.
  Object.assign(page.page, {
    list: "people",
    nobody: "dave",
    target: { id: uuid(2), isAsked: true },
    dialog: { kind: "details", id: uuid(2) },
    peopleAfter: "carol",
    shown: page.model.messages.of(page.page.opened?.chat ?? page.model.chats.with("carol")),
    burst: { tag: uuid(3), count: 2, hash: "#/chat/carol", newestAt: 1, notifiedAt: 1, isBehind: true },
    status: { copies: 1, nodes: 1, peers: [] },
    peers: [{ name: "node2" }],
  });
  return page;
}

/** The session of alice ends, by the word of the node after a break. */
function end(page: FakePage): void {
  page.disconnect();
  page.connect("node2");
  page.reply("resume", "loginFailed", null);
}

function fresh(name: string): FakePage {
  const page = new FakePage({ isPermitted: true });
  page.act({ kind: "went", hash: "" });
  page.connect();
  logIn(page, name, false);
  return page;
}

Deno.test("leaveFormer() leaves nothing of the account before, in any field of the page", () => {
  const [page, wanted] = [used(), fresh("bob").page];
  const fields = Object.keys(wanted) as (keyof Page)[];
  const compared = fields.filter((field) => !OF_NOBODY.includes(field) && !OF_WINDOW.includes(field));
  for (const field of compared) assertNotEquals(page.page[field], wanted[field], `${field} was used`);
  end(page);
  page.ordered();
  logIn(page, "bob", true);
  for (const field of compared) assertEquals(page.page[field], wanted[field], field);
  assertEquals(page.page.taken, page.model.taken);
  assertEquals(page.page.login, wanted.login);
  assertEquals(page.orderedOf("go").map(({ hash }) => hash), ["#/"]);
  console.log(`${compared.length} of ${fields.length} fields compared`);
});

Deno.test("leaveSession() leaves nothing that is seen or heard beside the login", () => {
  const page = used();
  end(page);
  assertEquals(isEntered(page.page), false);
  const { heard, shown, menu, dialog, burst, login } = page.page;
  assertEquals([heard, shown, login.name], [[], [], "alice"]);
  assertEquals([menu, dialog, burst], [undefined, undefined, undefined]);
  const kinds = page.page.told.map(({ of }) => of.kind === "notice" ? of.notice.kind : of.kind);
  assertEquals(kinds, ["sessionEnded"]);
});

Deno.test("who logs in again after the end of the session finds the page as it was", () => {
  const page = new FakePage();
  page.enter();
  page.open("carol", []);
  page.act({ kind: "typed", text: "x".repeat(100_000) });
  end(page);
  page.submit("alice", "password");
  page.reply("startLogin", "userExisting", null);
  page.reply("startLogin", "userExisting", null);
  const account = "a11ce";
  page.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account });
  const { opened, route, longTexts } = page.page;
  assertEquals([opened?.chat.name, route, longTexts.size], ["carol", { kind: "chat", name: "carol" }, 1]);
});

Deno.test("messages of the account before that were not sent are nothing to the next one", () => {
  const page = new FakePage();
  page.enter();
  page.open("carol", []);
  page.disconnect();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.connect("node2");
  page.reply("resume", "loginFailed", null);
  logIn(page, "bob", true);
  assertEquals(page.page.told, []);
});

Deno.test("what is told at a logout is not told to the next account", () => {
  const page = new FakePage();
  page.enter();
  page.act({ kind: "storeFailed", reason: "alice's things" });
  page.act({ kind: "logOut" });
  page.reply("logout", "ok", null);
  assertEquals(page.page.told.map(({ of }) => of.kind), ["notice"]);
  logIn(page, "bob", false);
  assertEquals(page.page.told, []);
});

Deno.test("an address that is opened before the first login is shown after it", () => {
  const page = new FakePage();
  page.act({ kind: "went", hash: "#/chat/carol" });
  page.connect();
  page.submit("alice", "password");
  page.reply("startLogin", "userExisting", null);
  page.ordered();
  page.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  assertEquals(page.page.route, { kind: "chat", name: "carol" });
  assertEquals(page.orderedOf("go"), []);
});

for (const [name, what] of [["alice", "the same person"], ["bob", "somebody else"]] as const) {
  Deno.test(`an address that is opened after a log out is shown to ${what} who logs in, and not after the next`, () => {
    const page = new FakePage();
    page.enter();
    page.open("dave", []);
    page.act({ kind: "logOut" });
    page.reply("logout", "ok", null);
    page.act({ kind: "went", hash: "#/chat/carol" });
    page.submit(name, "password");
    page.reply("startLogin", "userExisting", null);
    page.ordered();
    page.reply("finishLogin", "loginSuccess", { name, token: "t", unread: 0, account: `id ${name}` });
    assertEquals(page.page.route, { kind: "chat", name: "carol" });
    assertEquals(page.orderedOf("go").map(({ hash }) => hash), ["#/chat/carol"]);
    assertEquals(page.asked.some(({ name }) => name === "listMessages"), true);
    page.disconnect();
    page.act({ kind: "logOut" });
    page.connect();
    page.ordered();
    logIn(page, "erin", false);
    assertEquals(page.orderedOf("go").map(({ hash }) => hash), ["#/"]);
  });
}

Deno.test("an address that is opened after the end of a session is shown to the next, whoever that is", () => {
  for (const name of ["alice", "bob"]) {
    const page = new FakePage();
    page.enter();
    page.open("dave", []);
    end(page);
    page.act({ kind: "went", hash: "#/chat/carol" });
    logIn(page, name, true);
    assertEquals(page.page.route, { kind: "chat", name: "carol" });
  }
});

Deno.test("logOut without a node is done at once, and says that no node has heard of it", () => {
  const page = new FakePage();
  page.enter();
  page.disconnect();
  page.ordered();
  page.act({ kind: "logOut" });
  assertEquals(isEntered(page.page), false);
  assertEquals(page.ordered().map(({ kind }) => kind), ["forgetLogin", "go", "focus"]);
  const kinds = page.page.told.map(({ of }) => of.kind === "notice" ? of.notice.kind : of.kind);
  assertEquals(kinds, ["loggedOutHere"]);
  page.connect("node2");
  assertEquals(page.asked, []);
});

Deno.test("logOut without a node asks before messages are lost, and loses none that are written after it", () => {
  const page = new FakePage();
  page.enter();
  page.open("bob", []);
  page.disconnect();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.act({ kind: "logOut" });
  assertEquals(page.page.dialog, { kind: "logOut", unsent: 1 });
  page.act({ kind: "closeDialog" });
  page.connect("node2");
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  assert(page.asked.some(({ name }) => name === "sendMessage"));
  assertEquals(page.asked.some(({ name }) => name === "logout"), false);
  page.disconnect();
  page.act({ kind: "logOut" });
  page.act({ kind: "confirm" });
  assertEquals(isEntered(page.page), false);
});

Deno.test("logOut counts messages that wait in other tabs", () => {
  const page = new FakePage();
  page.enter();
  page.page.waitingElsewhere = 2;
  page.act({ kind: "logOut" });
  assertEquals(page.page.dialog, { kind: "logOut", unsent: 2 });
});
