import { assertEquals } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Everything that the browser keeps for the page, as text. */
const STORED = `(async () => {
  const stored = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      stored.push(JSON.stringify(await new Promise((resolve) => asked.onsuccess = () => resolve(asked.result))));
    }
    database.close();
  }
  return stored.join("\\n");
})()`;

browserTest("messages written while no node is there outlive a reload, and are sent once", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  const bob = await Person.register(stage, "bob", nodes.address(1));
  await alice.chatWith("bob");
  await bob.chatWith("alice");
  await alice.say("before");
  await bob.sees("before");
  await alice.sees("before", "read");
  await eventually("the chat is kept", async () => `${await alice.page.evaluate(STORED)}`.includes("before"));
  await alice.page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await nodes.cluster.node(1).kill();
  await alice.say("first");
  await alice.say("second");
  await alice.sees("second", "queued");
  await alice.page.fill("#composer", "half a thought");
  await eventually(
    "it is kept",
    async () => `${await alice.page.evaluate(STORED)}`.includes("half a thought"),
  );
  await alice.page.reload();
  await alice.sees("second", "queued");
  assertEquals(await alice.texts(), ["before", "first", "second"], "the chat can be read without a node");
  assertEquals(await alice.page.inputValue("#composer"), "half a thought");
  await nodes.cluster.node(1).start();
  await bob.sees("second");
  await alice.sees("second", "read");
  assertEquals(await alice.texts(), ["before", "first", "second"]);
  assertEquals(await bob.texts(), ["before", "first", "second"]);
  await alice.page.reload();
  await bob.page.reload();
  await bob.sees("second");
  assertEquals(await bob.texts(), ["before", "first", "second"]);
  assertEquals(await alice.page.inputValue("#composer"), "half a thought");
});

browserTest("log out in one tab logs out all, and leaves nothing of the account", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await alice.chatWith("alice");
  await alice.say("a note");
  await alice.page.fill("#composer", "a draft");
  const other = await alice.open(nodes.address(1));
  await other.locator("#find").waitFor();
  await eventually("it is kept", async () => `${await alice.page.evaluate(STORED)}`.includes("a draft"));
  await alice.page.getByRole("button", { name: EN.menu.person("alice") }).click();
  await alice.page.getByRole("menuitem", { name: EN.menu.logOut }).click();
  for (const page of [alice.page, other]) await page.locator("#login-name").waitFor();
  await eventually("nothing is kept", async () => !/alice|a draft/.test(`${await other.evaluate(STORED)}`));
});

browserTest("a login that does not stay is that of one tab, and outlives its reload", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.at(stage, "alice", nodes.address(1));
  await alice.page.getByLabel(EN.login.stays).uncheck();
  await alice.register();
  await alice.chatWith("alice");
  await alice.page.fill("#composer", "a draft");
  await alice.page.reload();
  await alice.isIn();
  assertEquals(await alice.page.inputValue("#composer"), "a draft");
  const other = await alice.open(nodes.address(1));
  await other.locator("#login-name").waitFor();
  assertEquals(`${await other.evaluate(STORED)}`.includes("alice"), false);
});

browserTest("a deleted message leaves what is kept", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await alice.chatWith("alice");
  await alice.say("a secret");
  await alice.sees("a secret", "read");
  const keeps = async (): Promise<boolean> => `${await alice.page.evaluate(STORED)}`.includes("a secret");
  await eventually("the message is kept", keeps);
  await alice.messages("a secret").focus();
  await alice.page.keyboard.press("Delete");
  await alice.page.getByRole("button", { name: EN.dialogs.delete, exact: true }).click();
  await alice.messages("a secret").waitFor({ state: "detached" });
  const goneMs = performance.now();
  await eventually("the message is not kept", async () => !await keeps());
  console.log(`gone from what is kept after ${(performance.now() - goneMs).toFixed(0)} ms`);
});
