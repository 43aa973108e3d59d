import { assertEquals } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";
import { storedText } from "./stored.ts";

/** Messages that are typed while a node is killed. */
const TYPED = 30;

/** Time between two of them, ms. */
const TYPED_MS = 60;

scenarios("the page without its node", { count: 2 }, {
  "every message that is typed while the node is killed arrives exactly once, in its order": async (
    scene,
  ) => {
    const { nodes } = scene;
    const alice = await Person.register(scene, "alice", nodes.address(1));
    const bob = await Person.register(scene, "bob", nodes.address(2));
    await alice.chatWith("bob");
    await bob.chatWith("alice");
    const texts = Array.from({ length: TYPED }, (_, i) => `message ${i + 1}.`);
    await alice.page.focus("#composer");
    const typing = (async () => {
      for (const text of texts) {
        await alice.page.keyboard.type(text);
        await alice.page.keyboard.press("Enter");
        await new Promise((resolve) => setTimeout(resolve, TYPED_MS));
      }
    })();
    await bob.sees("message 8.");
    await nodes.cluster.node(1).kill();
    await typing;
    assertEquals(await alice.page.inputValue("#composer"), "");
    await bob.sees(`message ${TYPED}.`);
    await alice.sees(`message ${TYPED}.`, "read");
    for (const person of [bob, alice]) await person.hasTexts(texts);
    await bob.page.reload();
    await bob.hasTexts(texts);
    console.log(`${TYPED} messages, kill -9 after the eighth, each there once`);
    await nodes.cluster.node(1).start();
    await nodes.cluster.settled();
  },

  "messages written without any node outlive a reload, and are sent once there is one": async (scene) => {
    const { nodes } = scene;
    const alice = await Person.register(scene, "carol", nodes.address(1));
    const bob = await Person.register(scene, "dave", nodes.address(1));
    await alice.chatWith("dave");
    await alice.say("before");
    await alice.sees("before", "delivered");
    await alice.hasWorker();
    await eventually("the chat is kept", async () => (await storedText(alice.page)).includes("before"));
    for (const node of nodes.cluster.nodes) await node.kill();
    const texts = ["first", "second", "third"];
    for (const text of texts) await alice.say(text);
    const banner = alice.page.locator(".banner");
    await banner.filter({ hasText: EN.banner.waiting(3) }).waitFor();
    await alice.sees("third", "queued");
    const stored = async (): Promise<number> =>
      (await storedText(alice.page)).split('"status":"queued"').length - 1;
    await eventually("they are stored", async () => await stored() === 3);
    await alice.page.reload();
    await alice.sees("before", "delivered");
    await alice.sees("third", "queued");
    await banner.filter({ hasText: EN.banner.waiting(3) }).waitFor();
    await alice.say("fourth");
    for (const node of nodes.cluster.nodes) await node.start();
    const startedMs = performance.now();
    await banner.getByRole("button", { name: EN.banner.tryNow }).click({ timeout: 1_000 }).catch(() => {});
    await alice.sees("fourth", "delivered");
    console.log(`sent ${(performance.now() - startedMs).toFixed(0)} ms after the nodes were back`);
    await bob.chatWith("carol");
    const all = ["before", ...texts, "fourth"];
    await bob.hasTexts(all);
    await eventually("nothing is left in the outbox", async () => await stored() === 0);
    await alice.page.reload();
    await alice.sees("fourth", "read");
    await alice.hasTexts(all);
  },

  "a reload works while the page's node is dead, and goes on at the other": async (scene) => {
    const { nodes } = scene;
    const alice = await Person.register(scene, "erin", nodes.address(1));
    await Person.register(scene, "frank", nodes.address(2));
    await alice.chatWith("frank");
    await alice.say("before");
    await alice.sees("before", "delivered");
    await alice.hasWorker();
    await nodes.cluster.node(1).kill();
    const startedMs = performance.now();
    await alice.page.reload();
    await alice.sees("before");
    await alice.say("after");
    await alice.sees("after", "delivered");
    const tookMs = performance.now() - startedMs;
    console.log(`reload, login and a message in ${tookMs.toFixed(0)} ms with the node dead`);
    await nodes.cluster.node(1).start();
    await nodes.cluster.settled();
  },

  "a log out without any node is done at once, and ends no later login": async (scene) => {
    const { nodes } = scene;
    const alice = await Person.register(scene, "grace", nodes.address(1));
    const { page } = alice;
    await alice.chatWith("grace");
    await alice.say("a secret");
    await alice.sees("a secret", "read");
    for (const node of nodes.cluster.nodes) await node.kill();
    await page.locator(".banner").waitFor();
    await page.locator(".owner").click();
    await page.getByRole("menuitem", { name: EN.menu.logOut }).click();
    await page.locator("#login-name").waitFor();
    await page.locator(".told", { hasText: "No node has heard of it" }).waitFor();
    await eventually("nothing is kept", async () => !(await storedText(page)).includes("a secret"));
    // It is told for a few seconds only.
    const told = page.locator(".told", { hasText: "A node has heard that grace is logged out" }).waitFor();
    await Promise.all([told, ...nodes.cluster.nodes.map((node) => node.start())]);
    await nodes.cluster.settled();
    await alice.logIn();
    await alice.isIn();
    await alice.chatWith("grace");
    await alice.say("after");
    await alice.sees("after", "read");
    await page.reload();
    await alice.sees("after", "read");
  },
});
