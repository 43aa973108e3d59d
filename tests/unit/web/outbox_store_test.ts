import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Kept } from "../../../client/core/kept.ts";
import type { Saved } from "../../../client/core/saved.ts";
import { BASE, FakeBrowser, FakeStorage, savedOf, userOf } from "./fake_browser.ts";
import { OutboxStore } from "../../../client/web/outbox_store.ts";

Deno.test("OutboxStore.takeOver() leaves the record of a tab that lives", async () => {
  const browser = new FakeBrowser();
  const first = browser.open();
  await first.save("alice", ["waiting"]);
  const second = browser.open();
  assertEquals(await second.takeOver("alice"), []);
  // The message is withdrawn, and must not come back.
  await first.save("alice", []);
  first.crash();
  assertEquals(await browser.open().takeOver("alice"), []);
  assertEquals(browser.records.size, 0);
});

Deno.test("OutboxStore.takeOver() takes what a tab that is gone has left, in one tab alone", async () => {
  const browser = new FakeBrowser();
  const first = browser.open();
  await first.save("alice", ["waiting"]);
  await browser.open().save("bob", ["another account"]);
  first.crash();
  const tabs = [browser.open(), browser.open(), browser.open()];
  const taken = await Promise.all(tabs.map((tab) => tab.takeOver("ALICE")));
  assertEquals(taken.flat(), ["waiting"]);
  assertEquals(browser.text.split("waiting").length - 1, 1, browser.text);
  assertStringIncludes(browser.text, "another account");
  // Whoever has taken it keeps it for the next one.
  for (const tab of tabs) tab.crash();
  assertEquals(await browser.open().takeOver("alice"), ["waiting"]);
  console.log(`${tabs.length} tabs at once, ${taken.flat().length} message taken`);
});

Deno.test("OutboxStore.takeOver() removes nothing before its own record is kept", async () => {
  const browser = new FakeBrowser();
  const first = browser.open();
  await first.save("alice", ["waiting"]);
  first.crash();
  browser.isFull = true;
  const second = browser.open();
  assertEquals(await second.takeOver("alice"), ["waiting"]);
  assertEquals(browser.problems.length > 0, true);
  second.crash();
  browser.isFull = false;
  const third = browser.open();
  assertEquals(await third.takeOver("alice"), ["waiting"]);
  assertEquals(browser.records.size, 1);
});

Deno.test("OutboxStore.takeOver() does not wait for a record of its own tab", async () => {
  const browser = new FakeBrowser();
  const storage = new FakeStorage();
  const first = browser.open(storage);
  await first.save("alice", ["before the reload"]);
  first.outbox.end();
  first.crash();
  const { channel } = first;
  const places = { records: browser, tab: storage, channel, locks: undefined, wait: () => never };
  const never = new Promise<void>(() => {});
  const restored: unknown[] = [];
  const after = new OutboxStore(BASE, places, () => {});
  void after.takeOver(userOf("alice"), true, (saved) => restored.push(saved) > 0);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assertEquals(restored, [savedOf("alice", ["before the reload"])]);
  assertEquals(storage.length, 0);
});

Deno.test("OutboxStore.takeOver() leaves a record that was not put back", async () => {
  const browser = new FakeBrowser();
  const first = browser.open();
  await first.save("alice", ["waiting"]);
  first.crash();
  const second = browser.open();
  await second.outbox.takeOver(userOf("alice"), true, () => false);
  await second.save("alice", []);
  assertStringIncludes(browser.text, "waiting");
});

Deno.test("OutboxStore.takeOver() removes a record that was put back, though nothing of it is to be kept", async () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.open(), browser.open()];
  await first.save("alice", ["refused"]);
  first.crash();
  await second.outbox.takeOver(userOf("alice"), true, () => true);
  assertEquals(browser.records.size, 0);
  await second.save("alice", ["its own"]);
  const third = browser.open();
  await third.save("alice", ["refused"]);
  third.crash();
  for (let look = 0; look < 2; look++) await second.outbox.takeLate(userOf("alice"), () => true);
  assertEquals([...browser.records.values()], [savedOf("alice", ["its own"])]);
});

Deno.test("OutboxStore.takeOver() removes a refused record from its tab, and one that is of a later version not", async () => {
  const browser = new FakeBrowser();
  const storage = new FakeStorage();
  const reload = async (isPutBack: boolean, keeps: boolean): Promise<number> => {
    const { outbox } = browser.open(storage);
    let asked = 0;
    await outbox.takeOver(userOf("alice"), false, (saved) => {
      if (keeps) void outbox.save({ saved: saved as Saved, leftOut: 0 }, false);
      return ++asked > 0 && isPutBack;
    });
    return asked;
  };
  await browser.open(storage).outbox.save({ saved: savedOf("alice", ["waiting"]), leftOut: 0 }, false);
  assertEquals(await reload(false, false), 1);
  assertEquals(await reload(true, true), 1, "it was not put back");
  assertEquals(await reload(true, false), 1, "it was kept again");
  assertEquals(await reload(true, false), 0, "it was refused");
  assertEquals(storage.length, 0);
});

Deno.test("OutboxStore.forget() removes everything of its user, and a closed tab keeps nothing after", async () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.open(), browser.open()];
  await first.save("alice", ["one"]);
  await second.save("alice", ["two"]);
  await browser.open().save("carol", ["three"]);
  first.outbox.setAside(savedOf("alice", ["four"]));
  const writing = second.save("alice", ["five"]);
  const closing = second.outbox.close();
  await first.outbox.forget(userOf("Alice"));
  await closing;
  await writing;
  second.outbox.keepChats(keptOf("alice", "six"));
  second.outbox.setAside(savedOf("alice", ["seven"]));
  await second.save("alice", ["eight"]);
  await browser.all();
  assertEquals([...browser.records.values()], [savedOf("carol", ["three"])]);
});

Deno.test("OutboxStore.close() removes the records of its tab alone: others may be of a login that is newer", async () => {
  const browser = new FakeBrowser();
  const [late, newer] = [browser.open(), browser.open()];
  const gone = browser.open();
  await gone.save("alice", ["taken over"]);
  gone.crash();
  await newer.save("alice", ["of the new login"]);
  await late.save("alice", ["of the old login"]);
  await late.outbox.takeOver(userOf("alice"), true, () => true);
  await late.outbox.close();
  assertEquals([...browser.records.values()], [savedOf("alice", ["of the new login"])]);
});

Deno.test("OutboxStore.forgetStrangers() spares the user who is logged in, and tabs that live", async () => {
  const browser = new FakeBrowser();
  const living = browser.open();
  await living.save("alice", ["of a tab that lives"]);
  const gone = browser.open();
  await gone.save("alice", ["of nobody"]);
  gone.outbox.keepChats(keptOf("carol", "chats of carol"));
  gone.outbox.keepChats(keptOf("dave", "chats of dave"));
  gone.outbox.setAside({ of: null });
  await browser.all();
  gone.crash();
  await browser.open().outbox.forgetStrangers(() => [userOf("dave")]);
  assertEquals([...browser.records.values()], [
    savedOf("alice", ["of a tab that lives"]),
    keptOf("dave", "chats of dave"),
  ]);
});

Deno.test("OutboxStore.keepChats() keeps those of each account apart", async () => {
  const browser = new FakeBrowser();
  browser.records.set("chats", keptOf("alice", "of an earlier release"));
  const { outbox } = browser.open();
  outbox.keepChats(keptOf("alice", "first"));
  outbox.keepChats(keptOf("bob", "of bob"));
  outbox.keepChats(keptOf("Alice", "second"));
  assertEquals(await outbox.chats(userOf("alice")), keptOf("Alice", "second"));
  assertEquals(await outbox.chats(userOf("bob")), keptOf("bob", "of bob"));
  assertEquals(await outbox.chats(userOf("carol")), undefined);
  assertEquals(browser.records.size, 2);
});

Deno.test("OutboxStore knows the records of an account that was renamed, and those of another that has its name", async () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.open(), browser.open()];
  const [alice, other] = [{ name: "alice", account: "a11ce" }, { name: "alice", account: "a11ce2" }];
  const renamed = { ...alice, name: "alice~node2" };
  const saved = { ...savedOf("alice", ["of the renamed one"]), of: alice };
  await first.outbox.save({ saved, leftOut: 0 }, true);
  first.outbox.keepChats({ format: 1, of: alice, chats: [] });
  assertEquals((await second.outbox.waitingElsewhere(renamed)).length, 1);
  assertEquals((await second.outbox.waitingElsewhere(other)).length, 0);
  assertEquals(await second.outbox.chats(other), undefined);
  assertEquals(await second.outbox.chats(renamed), { format: 1, of: alice, chats: [] });
  await second.outbox.forget(other);
  assertEquals(browser.records.size, 2);
  await second.outbox.forget(renamed);
  assertEquals(browser.records.size, 0);
});

Deno.test("OutboxStore.setAside() keeps the newest twenty", async () => {
  const browser = new FakeBrowser();
  const { outbox } = browser.open();
  for (let i = 0; i < 30; i++) outbox.setAside(savedOf("alice", [`${i}.`]));
  await browser.all();
  assertEquals(browser.records.size, 20);
});

Deno.test("OutboxStore.waitingElsewhere() gives each message of other tabs once", async () => {
  const browser = new FakeBrowser();
  const own = browser.open();
  await own.save("alice", ["own"]);
  await browser.open().save("alice", ["one", "two"]);
  await browser.open().save("alice", ["one"]);
  await browser.open().save("bob", ["one", "two", "three"]);
  assertEquals((await own.outbox.waitingElsewhere(userOf("alice"))).length, 2);
});

Deno.test("OutboxStore.keepInTab() moves the record into its tab, if that has room", async () => {
  const browser = new FakeBrowser();
  const tab = browser.open();
  await tab.save("alice", ["waiting"]);
  const { setItem } = tab.storage;
  tab.storage.setItem = (): void => {
    throw new Error("no room");
  };
  await tab.outbox.keepInTab(userOf("alice"));
  assertEquals([browser.records.size, browser.problems], [1, ["no room"]]);
  tab.storage.setItem = setItem;
  await tab.outbox.keepInTab(userOf("alice"));
  const restored: unknown[] = [];
  await browser.open(tab.storage).outbox.takeOver(
    userOf("alice"),
    false,
    (saved) => restored.push(saved) > 0,
  );
  assertEquals(JSON.stringify(restored), JSON.stringify([savedOf("alice", ["waiting"])]));
  assertEquals(browser.records.size, 0);
});

/** The chats of a user, with a text in the place of their content. */
function keptOf(name: string, text: string): Kept {
  return { format: 1, cluster: text, of: userOf(name), chats: [] };
}
