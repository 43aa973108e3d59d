import { assertEquals, assertLess } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Time limit for the first message after a node was killed, ms: a second, and much for a busy machine. */
const TAKEN_OVER_MS = 5_000;

browserTest("two people register and talk in the page, and a reload loses nothing", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  const bob = await Person.register(stage, "bob", nodes.address(1));
  await alice.chatWith("bob");
  await alice.say("hello bob\nhow are you?");
  await alice.sees("hello bob", "delivered");
  await bob.chatWith("alice");
  await bob.sees("how are you?");
  await alice.sees("hello bob", "read");
  await bob.say("fine");
  await alice.sees("fine");
  await alice.page.reload();
  await alice.sees("fine");
  await alice.hasTexts(["hello bob\nhow are you?", "fine"]);
});

/** Writes a text and presses Enter within one task of the browser; returns what the composer has then. */
const WRITTEN_AT_ONCE = `((text) => {
  const composer = document.querySelector("#composer");
  composer.focus();
  composer.value += text;
  composer.dispatchEvent(new InputEvent("input", { bubbles: true }));
  composer.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  return composer.value;
})`;

browserTest("what is typed before the next frame is not added to what was sent", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await Person.register(stage, "bob", nodes.address(1));
  await alice.chatWith("bob");
  await alice.page.locator("#composer").waitFor();
  const texts = ["one", "two", "three"];
  const left = await alice.page.evaluate(`${JSON.stringify(texts)}.map(${WRITTEN_AT_ONCE})`);
  assertEquals(left, ["", "", ""]);
  await alice.hasTexts(texts);
});

/** Goes to another chat, or presses Enter in the field that finds chats; returns what the fields have within the task. */
const FIELDS_AT_ONCE = {
  chat: `(() => {
    location.hash = "#/chat/carol";
    dispatchEvent(new Event("hashchange"));
    const { value, ariaLabel } = document.querySelector("#composer");
    return [value, ariaLabel];
  })()`,
  find: `(() => {
    const find = document.querySelector("#find");
    find.focus();
    find.value = "carol";
    find.dispatchEvent(new InputEvent("input", { bubbles: true }));
    find.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    return find.value;
  })()`,
};

browserTest("what is typed before the next frame is not for the chat before", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  for (const name of ["bob", "carol"]) await Person.register(stage, name, nodes.address(1));
  for (const name of ["carol", "bob"]) await alice.chatWith(name);
  await alice.page.fill("#composer", "for bob alone");
  assertEquals(await alice.page.evaluate(FIELDS_AT_ONCE.chat), ["", EN.chat.composer("carol")]);
  assertEquals(await alice.page.evaluate(FIELDS_AT_ONCE.find), "");
});

browserTest(
  "the page goes on at another node when its own is killed, and a reload there works",
  async (stage) => {
    await using nodes = await PageCluster.start(2);
    const alice = await Person.register(stage, "alice", nodes.address(1));
    const bob = await Person.register(stage, "bob", nodes.address(2));
    await alice.chatWith("bob");
    await alice.say("before");
    await alice.sees("before", "delivered");
    await bob.chatWith("alice");
    await alice.page.evaluate("navigator.serviceWorker.ready.then(() => true)");
    await nodes.cluster.node(1).kill();
    const killedMs = performance.now();
    await alice.say("after");
    await bob.sees("after");
    const tookMs = performance.now() - killedMs;
    console.log(`the next message was over ${tookMs.toFixed(0)} ms after kill -9`);
    assertLess(tookMs, TAKEN_OVER_MS);
    await alice.page.reload();
    await alice.sees("after", "read");
    await alice.hasTexts(["before", "after"]);
    await alice.say("with the node dead");
    await bob.sees("with the node dead");
  },
);

browserTest("a page whose cluster has no other one waits for its own node", async (stage) => {
  await using nodes = await PageCluster.start(2, { without: ["node2"] });
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await using bob = await nodes.cluster.node(2).login("bob");
  await alice.chatWith("bob");
  await alice.say("to the other node");
  await alice.sees("to the other node", "unread");
  assertEquals((await bob.push()).name, "message");
  await nodes.cluster.node(1).kill();
  await alice.say("while it is dead");
  await alice.page.locator(".banner").filter({ hasText: EN.banner.waiting(1) }).waitFor();
  await nodes.cluster.node(1).start();
  await alice.sees("while it is dead", "unread");
  await bob.expect("sendMessage", { to: "alice", content: "it is back" }, "sent");
  await alice.sees("it is back");
});
