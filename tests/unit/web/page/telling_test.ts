import { assertEquals } from "@std/assert";
import { hear } from "../../../../client/web/page/hear.ts";
import { isOffline, nextTickMs, waitingCount } from "../../../../client/web/page/telling.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage, NOW } from "./fake_page.ts";

function entered(more: ConstructorParameters<typeof FakePage>[0] = {}): FakePage {
  const page = new FakePage(more);
  page.enter();
  return page;
}

function fromBob(number: number): ReturnType<typeof told> {
  return told(number, "bob", "alice", { senderAccount: "b0b1" });
}

function heard({ page }: FakePage): readonly string[] {
  return page.heard.map(({ of }) => of.kind === "many" ? `many ${of.count}` : `${of.kind} ${of.sender}`);
}

Deno.test("a page without a node says so after 1 s, and no longer", () => {
  const page = entered();
  assertEquals(isOffline(page.page), false);
  page.disconnect();
  assertEquals(isOffline(page.page), false);
  assertEquals(nextTickMs(page.page), 1_000);
  page.pass(1);
  assertEquals(isOffline(page.page), true);
  page.act({ kind: "searching", tried: [{ place: { host: "h", port: 1 }, reason: "refused" }] });
  page.connect("node2");
  assertEquals(isOffline(page.page), false);
  assertEquals(page.page.connection.tried, []);
  assertEquals(page.page.told.map(({ of }) => of.kind === "notice" && of.notice.kind), ["connected"]);
});

Deno.test("a short break is not worth a word", () => {
  const page = entered();
  page.disconnect();
  page.pass(0.5);
  page.connect("node2");
  assertEquals(page.page.told, []);
});

Deno.test("a page says when a node has heard of a log out", () => {
  const { page } = new FakePage();
  hear(page, { kind: "notice", notice: { kind: "logoutHeard", name: "alice" }, cause: undefined });
  assertEquals(page.told.map(({ of }) => of.kind === "notice" && of.notice.kind), ["logoutHeard"]);
});

Deno.test("a page counts the messages that wait", () => {
  const page = entered();
  page.open("bob", []);
  page.disconnect();
  for (const text of ["one", "two"]) {
    page.act({ kind: "typed", text });
    page.act({ kind: "send" });
  }
  assertEquals(waitingCount(page.model), 2);
  page.act({ kind: "tryNow" });
  assertEquals(page.ordered().at(-1), { kind: "tryNow" });
});

Deno.test("news are told for a while, failures until they are dismissed", () => {
  const page = entered();
  page.act({ kind: "copied", isCopied: true });
  page.act({ kind: "storeFailed", reason: "quota" });
  assertEquals(nextTickMs(page.page), 6_000);
  page.pass(6);
  assertEquals(page.page.told.map(({ of }) => of.kind), ["storeFailed"]);
  page.pass(3_600);
  const [{ number } = { number: 0 }] = page.page.told;
  page.act({ kind: "dismiss", number });
  assertEquals(page.page.told, []);
  for (let times = 0; times < 10; times++) page.act({ kind: "storeFailed", reason: "quota" });
  assertEquals(page.page.told.length, 1);
  for (let times = 0; times < 10; times++) page.act({ kind: "storeFailed", reason: `quota ${times}` });
  assertEquals(page.page.told.length, 3);
});

Deno.test("nextTickMs() is as long as nothing is missed", () => {
  const page = entered();
  assertEquals(nextTickMs(page.page), 30_000);
  page.act({ kind: "logOut" });
  page.reply("logout", "ok", null);
  page.pass(10);
  page.submit("alice", "password");
  page.reply("startLogin", "error", { code: "rate-limited", message: "wait", retryAfter: 5 });
  assertEquals(nextTickMs(page.page), 1_000);
});

Deno.test("new messages of others are said: in full in the open chat, else by their sender", () => {
  const page = entered();
  page.open("bob", [fromBob(1), fromBob(2)]);
  assertEquals(heard(page), []);
  page.push(fromBob(3));
  page.push(told(4, "carol", "alice", { senderAccount: "ca" }));
  page.push(told(5, "alice", "bob", { recipientAccount: "b0b1" }));
  assertEquals(heard(page), ["message bob", "elsewhere carol"]);
  for (let number = 10; number < 20; number++) page.push(fromBob(number));
  assertEquals(page.page.heard.length, 5);
});

Deno.test("many messages at once are said as a count", () => {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash: "" });
  page.connect();
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "a11ce" });
  page.reply("listChats", "chats", { chats: [], more: false });
  page.reply("listMessages", "messages", { messages: [1, 2, 3, 4].map(fromBob), more: false });
  assertEquals(heard(page), ["many 4"]);
});

Deno.test("notifications come while nobody looks, after they were turned on", () => {
  const page = entered();
  page.act({ kind: "looked", isLooking: false });
  page.push(fromBob(1));
  assertEquals(page.orderedOf("notify"), []);
  page.act({ kind: "set", settings: { notifications: "withText" } });
  assertEquals(page.ordered().map(({ kind }) => kind), ["keepSettings", "askToNotify"]);
  page.act({ kind: "permitted", isPermitted: true });
  page.push(fromBob(2));
  page.pass(1);
  page.act({ kind: "set", settings: { notifications: "withoutText" } });
  page.push(fromBob(3));
  page.act({ kind: "looked", isLooking: true });
  page.push(fromBob(4));
  const hash = "#/chat/bob";
  assertEquals(page.orderedOf("notify").map(({ notification }) => notification), [
    { tag: uuid(2), title: "bob", body: "text 2", hash },
    { tag: uuid(3), title: "bob", body: "1 new message", hash },
  ]);
});

/** A page that nobody looks at, and that notifies. */
function unseen(): FakePage {
  const page = entered({ isPermitted: true });
  page.act({ kind: "set", settings: { notifications: "withText" } });
  page.act({ kind: "looked", isLooking: false });
  page.ordered();
  return page;
}

/** Tag and title of each notification since the last call. */
function notified(page: FakePage): readonly (readonly [string, string])[] {
  return page.orderedOf("notify").map(({ notification: { tag, title } }) => [tag, title]);
}

Deno.test("a burst of messages is one notification, which is renewed once a second", () => {
  const page = unseen();
  for (let number = 1; number <= 20; number++) {
    page.push(fromBob(number));
    page.pass(0.125);
  }
  const during = notified(page);
  assertEquals(during, [[uuid(1), "bob"], [uuid(1), "8 new messages"], [uuid(1), "16 new messages"]]);
  page.push(told(21, "carol", "alice", { senderAccount: "ca" }));
  assertEquals(notified(page), []);
  assertEquals(nextTickMs(page.page) <= 1_000, true, "the last one is not forgotten");
  page.pass(1);
  assertEquals(page.orderedOf("notify").map(({ notification }) => notification), [
    { tag: uuid(1), title: "21 new messages", body: "", hash: "#/chat/carol" },
  ]);
  page.pass(1);
  assertEquals(notified(page), []);
  page.push(fromBob(22));
  assertEquals(notified(page), [[uuid(22), "bob"]], "a message after a pause is another notification");
  console.log(`21 messages of one burst: ${during.length + 1} notifications with one tag`);
});

Deno.test("who looks is not notified of the rest of a burst", () => {
  const page = unseen();
  page.push(fromBob(1));
  page.push(fromBob(2));
  page.act({ kind: "looked", isLooking: true });
  page.pass(2);
  assertEquals(notified(page), [[uuid(1), "bob"]]);
});

Deno.test("a tab that was looked at has the tag of one that was not", () => {
  const tabs = [unseen(), unseen()];
  const [looked] = tabs;
  looked?.act({ kind: "looked", isLooking: true });
  for (const tab of tabs) tab.push(fromBob(1));
  looked?.act({ kind: "looked", isLooking: false });
  for (const tab of tabs) {
    tab.pass(0.5);
    tab.push(fromBob(2));
    tab.pass(1);
  }
  assertEquals(tabs.map(notified), [
    [[uuid(1), "bob"]],
    [[uuid(1), "bob"], [uuid(1), "2 new messages"]],
  ]);
});

Deno.test("notifications that are turned off end the burst, and a clock that is set back does not", () => {
  const page = unseen();
  page.push(fromBob(1));
  page.push(fromBob(2));
  page.act({ kind: "set", settings: { notifications: "off" } });
  page.pass(1);
  assertEquals(notified(page), [[uuid(1), "bob"]]);
  page.act({ kind: "set", settings: { notifications: "withText" } });
  page.pass(-3_600);
  page.ordered();
  page.push(fromBob(3));
  assertEquals(notified(page), [[uuid(3), "bob"]]);
});

Deno.test("a deleted message is not heard any more", () => {
  const page = entered();
  page.open("bob", []);
  page.push(fromBob(1));
  page.push(fromBob(2));
  page.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(1)], by: "bob" } } });
  assertEquals(page.page.heard.map(({ of }) => of), [
    { kind: "message", id: uuid(2), sender: "bob", text: "text 2" },
  ]);
});

Deno.test("a line that is heard goes after 10 s", () => {
  const page = entered();
  page.push(fromBob(1));
  assertEquals(nextTickMs(page.page), 10_000);
  page.pass(9);
  page.push(fromBob(2));
  assertEquals(page.page.heard.length, 2);
  page.pass(1);
  assertEquals(page.page.heard.map(({ of }) => "id" in of && of.id), [uuid(2)]);
  page.pass(9);
  assertEquals(page.page.heard, []);
});

Deno.test("a browser that forbids notifications turns them off, and the settings say why", () => {
  const page = entered();
  page.act({ kind: "set", settings: { notifications: "withText" } });
  page.act({ kind: "permitted", isPermitted: false });
  assertEquals([page.page.settings.notifications, page.page.wasForbidden], ["off", true]);
});

Deno.test("messages that came while nobody looked get the line of unread ones", () => {
  const page = entered();
  page.open("bob", [told(1, "bob", "alice", { senderAccount: "b0b1", status: "read" })]);
  page.act({ kind: "looked", isLooking: false });
  page.push(fromBob(2));
  page.push(fromBob(3));
  const { unread } = page.page.opened ?? {};
  assertEquals([unread?.from.id, unread?.count], [uuid(2), 2]);
});

Deno.test("tick keeps the time", () => {
  const page = entered();
  page.pass(5);
  assertEquals(page.page.nowSeconds, NOW + 5);
});
