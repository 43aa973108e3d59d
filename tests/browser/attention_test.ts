import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Notifications as this test sees them: the last one is in `shown`, and none reaches the screen. */
const WITHOUT_SCREEN = `
  globalThis.shown = [];
  globalThis.Notification = class {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title, { body, tag }) { shown.push({ title, body, hasTag: tag !== "", notification: this }); }
    close() {}
  };
  localStorage.setItem("chat / settings", JSON.stringify({ notifications: "withText" }));
`;

/** Hides a page while it waits for a frame, which does not come any more: a hidden page gets none. */
const HIDE = `{
  requestAnimationFrame = () => 0;
  dispatchEvent(new Event("blur"));
  location.hash = "#/people";
  dispatchEvent(new HashChangeEvent("hashchange"));
  Object.defineProperty(document, "visibilityState", { value: "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}`;

async function shown(page: Page): Promise<readonly unknown[]> {
  return await page.evaluate(
    "shown.map(({ title, body, hasTag }) => [title, body, hasTag])",
  ) as readonly unknown[];
}

async function hasTitle(page: Page, title: string): Promise<void> {
  await eventually(`the title is ${title}`, async () => await page.title() === title);
}

browserTest("somebody who looks elsewhere gets notifications, a title and an icon", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await alice.context.addInitScript(WITHOUT_SCREEN);
  await alice.page.reload();
  await alice.isIn();
  const other = await alice.open(nodes.address(1));
  await other.locator("#find").waitFor();
  const bob = await Person.register(stage, "bob", nodes.address(1));
  await bob.chatWith("alice");
  await bob.say("while you look");
  await bob.sees("while you look", "delivered");
  await alice.attend(false);
  await bob.say("while you look at another tab");
  await bob.sees("while you look at another tab", "delivered");
  for (const page of [alice.page, other]) await hasTitle(page, "(2) Chat");
  // Longer than the pause that ends a burst: the next message is another one.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assertEquals([await shown(alice.page), await shown(other)], [[], []], "somebody looks");
  await alice.attend(false, other);
  await bob.say("look here");
  const expected = [["bob", "look here", true]];
  await eventually(
    "both tabs tell of it, with one tag",
    async () =>
      JSON.stringify([await shown(alice.page), await shown(other)]) === JSON.stringify([expected, expected]),
  );
  await hasTitle(alice.page, "(3) Chat");
  await alice.page.locator("link[rel=icon][href='icon_unread.svg']").waitFor({ state: "attached" });
  await alice.page.evaluate("shown[0].notification.onclick()");
  await alice.sees("look here");
  await alice.attend(true);
  await bob.sees("look here", "read");
  await hasTitle(alice.page, "Chat");
  await alice.page.locator("link[rel=icon][href='icon.svg']").waitFor({ state: "attached" });
});

browserTest(
  "a page that is hidden before it is drawn tells of a whole burst in notifications and title",
  async (stage) => {
    await using nodes = await PageCluster.start();
    const carol = await Person.register(stage, "carol", nodes.address(1));
    await carol.context.addInitScript(WITHOUT_SCREEN);
    await carol.page.reload();
    await carol.isIn();
    const dave = await Person.register(stage, "dave", nodes.address(1));
    await dave.chatWith("carol");
    await carol.page.evaluate(HIDE);
    for (const text of ["one", "two", "three"]) await dave.say(text);
    await hasTitle(carol.page, "(3) Chat");
    await eventually(
      "the last notification tells of all",
      async () =>
        JSON.stringify((await shown(carol.page)).at(-1)) === JSON.stringify([EN.newMessages(3), "", true]),
    );
    await carol.page.locator("link[rel=icon][href='icon_unread.svg']").waitFor({ state: "attached" });
  },
);
