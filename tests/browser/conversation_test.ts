import { assertEquals, assertLess } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";
import { storedText } from "./stored.ts";

/** Time for the page to hear of somebody, ms: it hears within a second by itself, and asks every 30 s. */
const TOLD_MS = 15_000;

scenarios("a conversation in the page", { count: 1 }, {
  "an unread message is counted in list and title, and is read once it was seen": async (scene) => {
    const address = scene.nodes.address(1);
    const alice = await Person.register(scene, "alice", address);
    const bob = await Person.register(scene, "bob", address);
    await bob.page.goto(`${address}#/people`);
    await alice.chatWith("bob");
    for (const text of ["one", "two", "three"]) await alice.say(text);
    await alice.sees("three", "delivered");
    assertEquals(await alice.page.title(), "Chat");
    await eventually("the title counts", async () => await bob.page.title() === "(3) Chat");
    const row = bob.page.locator("li.row", { hasText: "alice" });
    await row.locator(".badge", { hasText: EN.unread(3) }).waitFor();
    await row.locator("a").click();
    await bob.page.locator("#unread", { hasText: EN.newMessages(3) }).waitFor();
    await alice.sees("three", "read");
    await eventually("nothing is unread", async () => await bob.page.title() === "Chat");
    await eventually("no badge is left", async () => await bob.page.locator(".badge").count() === 0);
  },

  "a chat that is in the address opens at its first unread message": async (scene) => {
    const address = scene.nodes.address(1);
    const heidi = await Person.register(scene, "heidi", address);
    const ivan = await Person.register(scene, "ivan", address);
    await ivan.page.close();
    await heidi.chatWith("ivan");
    for (let i = 1; i <= 40; i++) await heidi.say(`message ${i}.`);
    await heidi.sees("message 40.", "unread");
    const page = await ivan.open(`${address}#/chat/heidi`);
    const line = page.locator("#unread", { hasText: EN.newMessages(40) });
    await line.waitFor();
    // It opens at its newest message, and once more as soon as the unread ones are counted.
    await eventually("the line is at the top", async () => {
      const [top, history] = [await line.boundingBox(), await page.locator("#history").boundingBox()];
      return Math.abs((top?.y ?? NaN) - (history?.y ?? NaN)) < 20;
    });
  },

  "somebody who comes online and goes is told in list and chat": async (scene) => {
    const address = scene.nodes.address(1);
    const carol = await Person.register(scene, "carol", address);
    const dave = await Person.register(scene, "dave", address);
    await carol.page.goto(`${address}#/people`);
    const presence = carol.page.locator("li.row", { hasText: "dave" }).locator(".presence");
    await presence.filter({ hasText: EN.lists.online }).waitFor();
    await dave.page.close();
    const closedMs = performance.now();
    await presence.filter({ hasText: EN.lists.offline }).waitFor();
    const tookMs = performance.now() - closedMs;
    console.log(`dave was offline after ${tookMs.toFixed(0)} ms`);
    assertLess(tookMs, TOLD_MS);
    const erin = await Person.register(scene, "erin", address);
    await carol.page.locator("li.row", { hasText: "erin" }).waitFor();
    await carol.chatWith("erin");
    const standing = carol.page.locator("header .presence");
    await standing.filter({ hasText: EN.lists.online }).waitFor();
    await erin.page.close();
    await standing.filter({ hasText: EN.lists.offline }).waitFor();
  },

  "a draft outlives a reload, and a text that is too long is not sent": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "frank", address);
    const grace = await Person.register(scene, "grace", address);
    await grace.chatWith("frank");
    await grace.page.fill("#composer", "not finished");
    await eventually(
      "the draft is stored",
      async () => (await storedText(grace.page)).includes("not finished"),
    );
    await grace.page.reload();
    await eventually(
      "the draft is back",
      async () => await grace.page.inputValue("#composer") === "not finished",
    );
    await grace.page.fill("#composer", "x".repeat(70_000));
    await grace.page.locator("#excess", { hasText: "bytes, a text is lost with a reload" }).waitFor();
    await grace.page.press("#composer", "Enter");
    assertEquals(await grace.texts(), []);
    assertEquals((await grace.page.inputValue("#composer")).length, 70_000);
  },
});
