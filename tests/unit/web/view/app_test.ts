import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ChatMessage } from "../../../../common/protocol/shapes.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage, NOW } from "../page/fake_page.ts";
import { hostileTexts } from "./hostile_texts.ts";
import { drawn, elementsOf, wordsOf } from "./rendered.ts";

function fromBob(number: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return told(number, "bob", "alice", {
    senderAccount: "b0b1",
    status: "read",
    timestamp: NOW - 100 + number,
    ...more,
  });
}

function talking(...messages: readonly ChatMessage[]): FakePage {
  const page = new FakePage();
  const last = messages.at(-1) ?? fromBob(1);
  page.enter({ with: "bob", unread: 0, last });
  page.open("bob", messages.length > 0 ? messages : [last]);
  return page;
}

/** Elements of a document without which it is not usable by everybody. */
function assertFrame(html: string): void {
  assertEquals([...html.matchAll(/<h1/g)].length, 1);
  assertEquals([...html.matchAll(/<main/g)].length, 1);
  for (const role of ["status", "alert", "log"]) assertStringIncludes(html, `role="${role}"`);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  assertEquals(ids.length, new Set(ids).size, `an id twice: ${ids}`);
  for (const [, labels = ""] of html.matchAll(/aria-(?:labelledby|describedby)="([^"]*)"/g)) {
    for (const label of labels.split(" ")) assert(ids.includes(label), `${label} is nowhere`);
  }
  for (const [button] of html.matchAll(/<button[^>]*>(?:<svg.*?<\/svg>)<\/button>/g)) {
    assertStringIncludes(button, "aria-label=");
  }
  assert(!/ style=/.test(html), "a style in the document");
}

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

Deno.test("a chat shows its messages in groups, under the days, and is one stop of Tab", () => {
  const page = talking(
    fromBob(1),
    fromBob(2),
    told(3, "alice", "bob", { status: "read", timestamp: NOW, recipientAccount: "b0b1" }),
  );
  const html = drawn(page);
  assertFrame(html);
  assertEquals(elementsOf(html, "day").map(wordsOf), ["Today"]);
  const messages = elementsOf(html, "message");
  assertEquals(messages.length, 3);
  assertEquals(messages.map((each) => /tabindex="(-?\d)"/.exec(each)?.[1]), ["-1", "-1", "0"]);
  const id = uuid(3);
  assertStringIncludes(messages[2] ?? "", `aria-labelledby="who-${id} text-${id} time-${id} state-${id}"`);
  assertStringIncludes(wordsOf(messages[2] ?? ""), "text 3 read");
  for (const message of messages) {
    const buttons = [...message.matchAll(/<button[^>]*>/g)].map(([button]) => button);
    assert(buttons.length > 0 && buttons.every((button) => button.includes('tabindex="-1"')));
  }
});

Deno.test("the state of an own message is a named icon, or a word", () => {
  const page = talking();
  const states = [] as string[];
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  const state = (): string => wordsOf(elementsOf(drawn(page), "state").at(-1) ?? "");
  states.push(state());
  page.reply("sendMessage", "sent", { id: uuid(900), timestamp: NOW, copies: 2, nodes: 3, account: "b0b1" });
  states.push(state());
  for (const status of ["delivered", "read"] as const) {
    page.give({ kind: "push", push: { name: "status", payload: { ids: [uuid(900)], status, by: "bob" } } });
    states.push(state());
  }
  assertEquals(states, ["waiting", "sent", "delivered", "read"]);
});

Deno.test("a message that was refused shows the reason and the ways out", () => {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.reply("sendMessage", "error", { code: "inbox-full", message: "the inbox of bob is full" });
  const html = drawn(page);
  assertFrame(html);
  assertEquals(
    wordsOf(elementsOf(html, "ways-out")[0] ?? ""),
    "Not sent: The inbox of bob is full. Try again Edit Discard",
  );
  // It is said where it stands, and nowhere else.
  assertEquals(elementsOf(html, "told"), []);
});

Deno.test("unread messages have a line above them, and a count in the list and the tab", () => {
  const page = new FakePage();
  const last = fromBob(3, { status: "delivered" });
  page.enter({ with: "bob", unread: 2, last });
  assertEquals(elementsOf(drawn(page), "badge").map(wordsOf), ["2 2 unread messages", "2 2 unread messages"]);
  page.open("bob", [fromBob(1), fromBob(2, { status: "delivered" }), last]);
  assertEquals(elementsOf(drawn(page), "unread-line").map(wordsOf), ["2 new messages"]);
});

Deno.test("who is not at the bottom has a button that says how many are new", () => {
  const page = talking();
  page.act({ kind: "atBottom", isAtBottom: false });
  assertStringIncludes(elementsOf(drawn(page), "to-bottom")[0] ?? "", 'aria-label="To the newest message"');
  page.push(fromBob(5, { status: "unread" }));
  assertEquals(elementsOf(drawn(page), "to-bottom").map(wordsOf), ["1 new message"]);
});

Deno.test("a text that is too long turns Send off, and says by how much", () => {
  const page = talking();
  page.act({ kind: "typed", text: "x".repeat(16_384 + 7) });
  const html = drawn(page);
  assertStringIncludes(wordsOf(html), "7 bytes too long");
  assert(/<button type="submit" class="send"[^>]*disabled/.test(html));
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
  page.page.refusal = { code: "too-many-sessions", message: "10 sessions are open" };
  assertStringIncludes(wordsOf(drawn(page)), "Close a tab, or log out on another device. Try again");
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
    [{ kind: "keys" }, "Keys Ctrl K Find or start a chat"],
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

Deno.test("details say on how many nodes an own message is", () => {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.reply("sendMessage", "sent", { id: uuid(900), timestamp: NOW, copies: 2, nodes: 3, account: "b0b1" });
  page.act({ kind: "details", id: uuid(900) });
  assertStringIncludes(wordsOf(drawn(page)), "State sent, on 2 of 3 nodes");
});

Deno.test("new messages of others are in the log, and no own ones", () => {
  const page = talking();
  page.push(fromBob(5, { status: "unread", content: "hi" }));
  page.push(told(6, "carol", "alice", { senderAccount: "ca" }));
  const log = /role="log"[^>]*>(.*?)<\/div>/.exec(drawn(page))?.[1] ?? "";
  assertEquals(wordsOf(log), "bob: hi New message from carol");
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

Deno.test("a former account says that nothing reaches it", () => {
  const page = talking();
  page.give({
    kind: "push",
    push: { name: "user", payload: { name: "bob", change: "deleted", account: "b0b1" } },
  });
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(wordsOf(html), "This account is gone.");
});

Deno.test("hostile texts and names stay text on the whole page", () => {
  const texts = hostileTexts().filter(({ length }) => length < 2_000);
  const name = "bob~<b>\u202e";
  const messages = texts.map((content, index) =>
    told(index + 1, name, "alice", {
      senderAccount: "b0b1",
      status: "read",
      timestamp: NOW - 1_000 + index,
      content,
    })
  );
  const page = new FakePage();
  page.enter({ with: name, unread: 0, last: messages.at(-1) ?? fromBob(1) });
  page.act({ kind: "went", hash: `#/chat/${encodeURIComponent(name)}` });
  page.answerNames();
  page.reply("listMessages", "messages", { messages, more: false });
  const known = new Set(elementNames(drawn(talking())));
  let shown = 0;
  for (let turn = 0; turn < 10; turn++) {
    const html = drawn(page);
    shown += elementsOf(html, "message").length;
    for (const element of elementNames(html)) assert(known.has(element) || element === "a", element);
    assert(!/[\p{Cc}\p{Bidi_Control}]/u.test(html.replaceAll("\n", "")), "a character that could deceive");
    page.act({ kind: "nearTop" });
  }
  assert(shown > 200);
  console.log(`${texts.length} texts on a page, ${shown} messages drawn`);
});

function elementNames(html: string): readonly string[] {
  return [...html.matchAll(/<\/?([^\s>]*)(?:"[^"]*"|[^>"])*>/g)].map((match) => match[1] ?? "");
}
