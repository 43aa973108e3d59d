import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeBrowser, savedOf, userOf } from "./fake_browser.ts";

Deno.test("OutboxStore.takeLate() takes what a tab has left that crashed, in one of the open tabs alone", async () => {
  const browser = new FakeBrowser();
  const first = browser.open();
  const open = [browser.open(), browser.open(), browser.open()];
  const looks = async (): Promise<readonly string[]> =>
    (await Promise.all(open.map((tab) => tab.takeLate("alice")))).flat();
  await first.save("alice", ["waiting"]);
  await browser.open().save("bob", ["of another account"]);
  for (let look = 0; look < 3; look++) assertEquals(await looks(), []);
  first.crash();
  assertEquals(await looks(), [], "it may be loaded again");
  assertEquals(await looks(), ["waiting"]);
  assertEquals(await looks(), ["waiting"]);
  assertEquals(browser.text.split("waiting").length - 1, 1, browser.text);
  assertStringIncludes(browser.text, "of another account");
  console.log(`${open.length} open tabs, 6 looks, 1 message taken`);
});

Deno.test("OutboxStore.takeLate() asks no tab where none has left an outbox", async () => {
  const browser = new FakeBrowser();
  const [first, second] = [browser.open(), browser.open()];
  const asked: unknown[] = [];
  first.channel.postMessage = (signal: unknown) => asked.push(signal);
  first.outbox.keepChats({ format: 1, of: userOf("alice"), chats: [] });
  first.outbox.setAside(savedOf("alice", ["refused"]));
  await first.save("alice", ["its own"]);
  assertEquals(await first.takeLate("alice"), []);
  assertEquals([browser.records.size, asked.length], [3, 0]);
  await second.save("alice", ["of another tab"]);
  await first.takeLate("alice");
  assertEquals(asked.length, 1);
});

Deno.test("OutboxStore.takeLate() leaves the record of a tab that is loaded again to that tab", async () => {
  const browser = new FakeBrowser();
  const [first, other] = [browser.open(), browser.open()];
  await first.save("alice", ["a draft"]);
  assertEquals(await other.takeLate("alice"), []);
  first.outbox.end();
  first.crash();
  assertEquals(await other.takeLate("alice"), []);
  const again = browser.open(first.storage);
  assertEquals(await again.takeOver("alice"), ["a draft"]);
  for (let look = 0; look < 3; look++) assertEquals(await other.takeLate("alice"), []);
});

Deno.test("OutboxStore.takeLate() leaves the record of a tab that sleeps, and takes it once that is gone", async () => {
  const browser = new FakeBrowser();
  const [first, other] = [browser.open(), browser.open()];
  await first.save("alice", ["waiting"]);
  first.sleep();
  for (let look = 0; look < 5; look++) assertEquals(await other.takeLate("alice"), []);
  assertEquals(await browser.open().takeOver("alice"), []);
  first.crash();
  await other.takeLate("alice");
  assertEquals(await other.takeLate("alice"), ["waiting"]);
});

Deno.test("OutboxStore.takeLate() leaves the record of a tab of an earlier version, which has no lock", async () => {
  const browser = new FakeBrowser();
  const [earlier, other] = [browser.open(), browser.open()];
  browser.held.clear();
  await earlier.save("alice", ["waiting"]);
  for (let look = 0; look < 5; look++) assertEquals(await other.takeLate("alice"), []);
});

Deno.test("OutboxStore.takeLate() takes nothing after the end of the login", async () => {
  const browser = new FakeBrowser();
  const [first, closed] = [browser.open(), browser.open()];
  await first.save("alice", ["waiting"]);
  first.crash();
  await closed.takeLate("alice");
  await closed.outbox.close();
  assertEquals(await closed.takeLate("alice"), []);
  assertEquals([...browser.records.values()], [savedOf("alice", ["waiting"])]);
});

Deno.test("OutboxStore.takeLate() keeps a record that is not put back until its tab is gone, too", async () => {
  const browser = new FakeBrowser();
  const [first, second, third] = [browser.open(), browser.open(), browser.open()];
  await first.save("alice", ["of a later version"]);
  first.crash();
  let asked = 0;
  for (let look = 0; look < 5; look++) await second.outbox.takeLate(userOf("alice"), () => ++asked < 0);
  await second.save("alice", ["its own"]);
  assertEquals(asked, 1, "it is told once");
  assertStringIncludes(browser.text, "of a later version");
  second.crash();
  await third.takeLate("alice");
  assertEquals((await third.takeLate("alice")).toSorted(), ["its own", "of a later version"]);
});
