import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage, NOW } from "../page/fake_page.ts";
import { drawn, elementsOf, wordsOf } from "./rendered.ts";
import { assertFrame, fromBob, talking } from "./talking_page.ts";

Deno.test("the login has a name and a password, and the words of its problems beside them", () => {
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  page.act({ kind: "loginSubmitted" });
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(html, 'autocomplete="username"');
  assertStringIncludes(html, 'autocomplete="current-password"');
  const problems = elementsOf(html, "problem").map(wordsOf);
  assertEquals(problems, ["Type your name.", "Type a password.", ""]);
});

Deno.test("a name that nobody has is asked for, with the password again", () => {
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.submit("bob", "password");
  assertStringIncludes(drawn(page), "One moment…");
  page.reply("startLogin", "userNotExisting", null);
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(wordsOf(html), "There is no bob yet. Make this account?");
  assertEquals([...html.matchAll(/autocomplete="new-password"/g)].length, 2);
  page.act({ kind: "loginTyped", field: "repeat", text: "x" });
  page.act({ kind: "loginSubmitted" });
  assertStringIncludes(wordsOf(drawn(page)), "The two passwords differ.");
});

Deno.test("the button of the login counts down", () => {
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.submit("alice", "password");
  page.reply("startLogin", "error", { code: "rate-limited", message: "too many logins", retryAfter: 3 });
  assertStringIncludes(wordsOf(drawn(page)), "Too many logins. Try again in 3 s");
  page.pass(1);
  assertStringIncludes(wordsOf(drawn(page)), "Try again in 2 s");
});

Deno.test("a page without a node says so above, with what waits, and a button", () => {
  const page = talking();
  page.disconnect();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.pass(1);
  page.act({
    kind: "searching",
    tried: [{ place: { host: "h", port: 1, name: "node1" }, reason: "refused" }],
  });
  const html = drawn(page);
  assertFrame(html);
  const [banner = ""] = elementsOf(html, "banner");
  assertEquals(wordsOf(banner), "No connection. 1 message waits to be sent. Try now");
  assertStringIncludes(banner, "node1: refused");
  assert(!/<textarea[^>]*disabled/.test(html));
});

Deno.test("the banner tells of new nodes, new versions, and a login that is refused", () => {
  const page = talking();
  page.act({ kind: "versionFound" });
  assertStringIncludes(wordsOf(drawn(page)), "A new version of this page is there. Load again");
  page.act({ kind: "nodesAdded", names: ["node4"] });
  assertStringIncludes(wordsOf(drawn(page)), "node4 joined after this page was loaded.");
  page.model.loginRefusal = { code: "too-many-sessions", message: "10 sessions are open" };
  assertStringIncludes(
    wordsOf(drawn(page)),
    "Close a tab, or log out on another device. This page tries again every few seconds. Try again now",
  );
  page.model.loginRefusal = { code: "disabled", message: "ask the operator" };
  assertStringIncludes(wordsOf(drawn(page)), "Ask the operator. Try again now");
});

Deno.test("the list of chats shows the last line with its state, and drafts", () => {
  const page = talking(
    told(3, "alice", "bob", { status: "delivered", timestamp: NOW, recipientAccount: "b0b1" }),
  );
  let [row = ""] = elementsOf(drawn(page), "row");
  assertStringIncludes(row, 'aria-label="delivered"');
  assertStringIncludes(row, 'aria-current="page"');
  page.act({ kind: "typed", text: "dear\nbob" });
  page.open("carol", []);
  row = elementsOf(drawn(page), "row").find((each) => each.includes("chat/bob")) ?? "";
  assertStringIncludes(wordsOf(row), "Draft: dear bob");
});

Deno.test("the list of people shows everybody, with unread counts", () => {
  const page = talking();
  page.act({ kind: "went", hash: "#/people" });
  assert(!wordsOf(drawn(page)).includes("Nobody is here yet."), "said before the node has told it");
  page.model.people.takePage([], false, true);
  assertStringIncludes(wordsOf(drawn(page)), "Nobody is here yet.");
  page.model.people.takePage(
    [
      { name: "alice", account: "a11ce", online: true, unread: 0 },
      { name: "bob", account: "b0b1", online: false, unread: 3 },
    ],
    true,
    true,
  );
  const html = drawn(page);
  assertFrame(html);
  assertEquals(elementsOf(html, "row").map(wordsOf), [
    "A alice you online",
    "B bob offline 3 3 unread messages",
  ]);
  assertStringIncludes(html, "Show more");
});

Deno.test("somebody who is found has a chat to begin", () => {
  const page = talking();
  page.act({ kind: "findTyped", text: "zo" });
  page.model.people.takePage([], false, true);
  assertStringIncludes(wordsOf(drawn(page)), "Nobody is called “zo”.");
  page.model.people.takePage([{ name: "zoe", account: "z", online: true, unread: 0 }], false, true);
  assertStringIncludes(elementsOf(drawn(page), "row").at(-1) ?? "", 'href="#/chat/zoe"');
});

Deno.test("a search shows what it finds, and says when that is nothing", () => {
  const page = talking();
  page.act({ kind: "went", hash: "#/search/bob" });
  page.act({ kind: "wordsTyped", text: "text" });
  page.act({ kind: "searchSubmitted" });
  assertStringIncludes(wordsOf(drawn(page)), "Searching…");
  page.answerNames();
  page.reply("search", "found", { messages: [fromBob(1)], more: false });
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(wordsOf(elementsOf(html, "row")[0] ?? ""), "bob to alice");
  assertStringIncludes(wordsOf(html), "in the chat with bob Search all chats");
  page.act({ kind: "searchSubmitted" });
  page.reply("search", "found", { messages: [], more: false });
  assertStringIncludes(wordsOf(drawn(page)), "Nothing found for “text”.");
  page.act({ kind: "searchSubmitted" });
  page.refuse("search", "busy");
  assertStringIncludes(wordsOf(drawn(page)), "Refused: busy.");
});

Deno.test("settings and about are screens of their own", () => {
  const page = talking();
  page.act({ kind: "went", hash: "#/settings" });
  const settings = drawn(page);
  assertFrame(settings);
  assertStringIncludes(wordsOf(settings), "Change password Log out Delete account");
  // The chat stays in the document, so that its history stays where it is.
  assertEquals([...settings.matchAll(/id="history"/g)].length, 1);
  assert(/<section hidden class="screen chat"|<section class="screen chat" hidden/.test(settings));
  page.act({ kind: "went", hash: "#/about" });
  const peers = [{ name: "node2", state: "behind", behind: 7 }] as const;
  page.reply("nodeStatus", "clusterStatus", { node: "node1", copies: 1, nodes: 2, peers });
  const about = drawn(page);
  assertFrame(about);
  assertStringIncludes(wordsOf(about), "node1 you are connected here");
  assertStringIncludes(wordsOf(about), "behind by 7 entries");
  page.disconnect();
  assertStringIncludes(wordsOf(drawn(page)), "No connection to a node.");
});

Deno.test("each menu and each dialog has its words", () => {
  const page = talking(
    fromBob(1),
    told(2, "alice", "bob", { status: "read", timestamp: NOW, recipientAccount: "b0b1" }),
  );
  page.act({ kind: "openMenu", of: { kind: "message", id: uuid(2) } });
  const menu = drawn(page);
  assertFrame(menu);
  assertEquals(elementsOf(menu, "menu").map(wordsOf), ["Copy text Details Delete for both"]);
  assertEquals([...menu.matchAll(/id="menu"/g)].length, 1);
  page.act({ kind: "openMenu", of: { kind: "person" } });
  assertEquals(elementsOf(drawn(page), "menu").map(wordsOf), ["Settings About Keys Log out"]);
  const dialogs = [
    [
      { kind: "deleteMessage", id: uuid(1) },
      "Delete this message for you? It disappears on all your devices; bob keeps it.",
    ],
    [{ kind: "deleteMessage", id: uuid(2) }, "Delete this message for both? It disappears here and at bob"],
    [{ kind: "details", id: uuid(2) }, "Details From alice To bob Time"],
    [{ kind: "logOut", unsent: 2 }, "Log out? 2 messages were not sent yet."],
    [{ kind: "keys" }, "Keys Ctrl or Cmd K Find or start a chat"],
  ] as const;
  for (const [dialog, words] of dialogs) {
    page.page.dialog = dialog;
    const html = drawn(page);
    assertFrame(html);
    assertStringIncludes(wordsOf(elementsOf(html, "dialog")[0] ?? ""), words);
  }
  page.act({ kind: "askForPassword" });
  page.act({ kind: "passwordSubmitted" });
  assertStringIncludes(
    wordsOf(elementsOf(drawn(page), "dialog")[0] ?? ""),
    "Present password Type your present password.",
  );
  page.act({ kind: "askToDeleteAccount" });
  page.act({ kind: "deletionSubmitted" });
  assertFrame(drawn(page));
  assertStringIncludes(wordsOf(drawn(page)), "This is not the name of your account.");
});

Deno.test("a page without a chat says what to do, and one for nobody says so", () => {
  const page = new FakePage();
  page.enter();
  assertFrame(drawn(page));
  assertStringIncludes(wordsOf(drawn(page)), "No chats yet.");
  assertStringIncludes(wordsOf(drawn(page)), "Choose a chat");
  page.act({ kind: "went", hash: "#/chat/nobody" });
  page.answerNames();
  page.refuse("listMessages", "unknown-user");
  assertStringIncludes(wordsOf(drawn(page)), "There is nobody called nobody.");
});

Deno.test("the standing of the node shows where it is not in order", () => {
  const page = talking();
  const standing = (): string => wordsOf(elementsOf(drawn(page), "standing")[0] ?? "");
  assertEquals(standing(), "node1");
  page.model.clusterShown = { copies: 2, nodes: 3 };
  assertEquals(standing(), "Copies of a message now: 2 of 3");
  page.model.clusterShown = { copies: 1, nodes: 3, alone: "disk full\u202e" };
  assertEquals(standing(), "node1 is alone: disk full\\u{202e}");
  page.disconnect();
  assertEquals(standing(), "offline");
});

Deno.test("the settings offer Enter only where it can be chosen", () => {
  for (const isTouch of [false, true]) {
    const page = new FakePage({ isTouch });
    page.enter();
    page.act({ kind: "went", hash: "#/settings" });
    assertEquals(wordsOf(drawn(page)).includes("Enter sends a message"), !isTouch);
  }
});

Deno.test("the address of an account that is gone says so", () => {
  const page = new FakePage();
  page.enter();
  page.act({ kind: "went", hash: "#/chat/bob/b0b1" });
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(wordsOf(html), "The account that was called bob is gone.");
});

Deno.test("a count has three digits in a list, two in the narrow tab, and all of them for who hears the page", () => {
  const page = new FakePage();
  page.enter({ with: "bob", unread: 1_234, last: fromBob(1, { status: "delivered" }) });
  const badges = elementsOf(drawn(page), "badge").map(wordsOf);
  assertEquals(badges, ["99+ 1,234 unread messages", "999+ 1,234 unread messages"]);
});

Deno.test("the name of the page can have the focus: it is where a touch screen begins after the login", () => {
  const page = new FakePage({ isTouch: true });
  page.enter();
  assertStringIncludes(drawn(page), '<h1 id="page-name" tabindex="-1">');
});
