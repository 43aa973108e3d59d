import { assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { TestClient } from "../testing/test_client.ts";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Messages of a long history. */
const MESSAGES = 400;

/** The most by which a line may move, px. */
const MOVED_MAX = 2;

/** Time for an older page to come and to be drawn, ms. */
const DRAWN_MS = 250;

/** The most messages in the document. */
const SHOWN_MAX = 200;

/** The message that is read, and the place of its upper edge. */
interface Line {
  readonly id: string;
  readonly top: number;
  /** Number of messages in the document. */
  readonly count: number;
  /** Room left above and below, px. */
  readonly above: number;
  readonly below: number;
}

/** Scrolls by so many px, and tells at once which line is read then. */
async function scrolled(page: Page, px: number): Promise<Line> {
  return await page.evaluate(`(() => {
    const scroller = document.getElementById("history");
    scroller.scrollTop += ${px};
    const { top } = scroller.getBoundingClientRect();
    const all = [...scroller.querySelectorAll(":scope > [data-id]")];
    const line = all.find((each) => each.getBoundingClientRect().top >= top) ?? all.at(-1);
    return {
      id: line.dataset.id,
      top: line.getBoundingClientRect().top,
      count: all.length,
      above: scroller.scrollTop,
      below: scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight,
    };
  })()`) as Line;
}

/** The px that a line has moved by. */
async function moved(page: Page, { id, top }: Line): Promise<number> {
  const now = await page.evaluate(`document.querySelector('[data-id="${id}"]').getBoundingClientRect().top`);
  return Math.abs(Number(now) - top);
}

/** Scrolls step by step until an end is reached; returns the lines read, and the most that one has moved by. */
async function walk(
  page: Page,
  px: number,
): Promise<{ readonly lines: readonly Line[]; readonly moved: number }> {
  const lines: Line[] = [];
  let most = 0;
  for (let rests = 0; rests < 3;) {
    const line = await scrolled(page, px);
    await new Promise((resolve) => setTimeout(resolve, DRAWN_MS));
    most = Math.max(most, await moved(page, line));
    lines.push(line);
    rests = (px < 0 ? line.above : line.below) === 0 ? rests + 1 : 0;
  }
  return { lines, moved: most };
}

browserTest(
  "a long history is read up and down, and the line that is read stays where it is",
  async (stage) => {
    await using nodes = await PageCluster.start();
    const alice = await Person.register(stage, "alice", nodes.address(1));
    await using bob = await TestClient.login(nodes.cluster.node(1).port, "bob");
    const say = async (content: string): Promise<void> =>
      void await bob.expect("sendMessage", { to: "alice", content }, "sent");
    for (let i = 0; i < MESSAGES; i++) await say(`message ${i}${"\nand a further line".repeat(i % 4)}`);
    await alice.chatWith("bob");
    // It opens at the first unread message.
    await alice.page.getByRole("button", { name: EN.chat.toBottom }).click();
    await alice.sees(`message ${MESSAGES - 1}`);
    await scrolled(alice.page, 1e6);
    const up = await walk(alice.page, -500);
    assertLessOrEqual(up.moved, MOVED_MAX);
    assertEquals((await alice.texts())[0], "message 0");
    const first = await scrolled(alice.page, 0);
    for (let i = 0; i < 3; i++) await say(`news ${i}`);
    await alice.page.getByRole("button", { name: EN.newMessages(3) }).waitFor();
    assertLessOrEqual(await moved(alice.page, first), MOVED_MAX);
    const down = await walk(alice.page, 500);
    assertLessOrEqual(down.moved, MOVED_MAX);
    assertEquals((await alice.texts()).at(-1), "news 2");
    await say("the last one");
    await alice.sees("the last one");
    assertLess((await scrolled(alice.page, 0)).below, MOVED_MAX, "who is at the bottom stays there");
    const counts = [...up.lines, ...down.lines].map(({ count }) => count);
    assertLessOrEqual(Math.max(...counts), SHOWN_MAX);
    console.log(
      `${counts.length} lines read, up to ${Math.max(...counts)} messages in the document; a line moved by ` +
        `${Math.max(up.moved, down.moved)} px at most`,
    );
  },
);

browserTest(
  "messages are read if they were in view of a window that somebody looked at, and no others",
  async (stage) => {
    await using nodes = await PageCluster.start();
    const alice = await Person.register(stage, "alice", nodes.address(1));
    const bob = await Person.register(stage, "bob", nodes.address(1));
    await alice.chatWith("bob");
    await bob.chatWith("alice");
    await alice.attend(false);
    const texts = Array.from({ length: 12 }, (_, i) => `message ${i}\n${"line\n".repeat(6)}end`);
    for (const text of texts) await bob.say(text);
    const states = async (): Promise<readonly string[]> =>
      await bob.page.locator("#history > [data-id] .state").allInnerTexts();
    const count = async (state: string): Promise<number> =>
      (await states()).filter((each) => each.includes(state)).length;
    const { delivered, read } = EN.message.states;
    await eventually("all are delivered", async () => await count(delivered) === texts.length);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assertEquals(await count(read), 0, "nobody looks");
    await alice.attend(true);
    await eventually("those in view are read", async () => await count(read) > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const inView = await count(read);
    assertGreater(inView, 0);
    assertLess(inView, texts.length);
    await walk(alice.page, -300);
    await eventually("the rest is in view for too short a time", async () => await count(read) > inView);
    for (let i = 0; i < 30 && await count(read) < texts.length; i++) {
      await scrolled(alice.page, i === 0 ? -1e6 : 200);
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    assertEquals(await count(read), texts.length);
    console.log(`${inView} of ${texts.length} messages were in view at first, and read`);
  },
);

browserTest("the history stays where it is when the window gets another size", async (stage) => {
  await using nodes = await PageCluster.start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await alice.chatWith("alice");
  for (let i = 0; i < 30; i++) await alice.say(`note ${i} ${"of many words ".repeat(12)}`);
  await alice.sees("note 29");
  const { page } = alice;
  const sizes = [[360, 640], [1_280, 720], [800, 400]] as const;
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await eventually("the bottom is in view", async () => (await scrolled(page, 0)).below <= MOVED_MAX);
  }
  await page.fill("#composer", "one\ntwo\nthree\nfour");
  await eventually("the bottom is in view", async () => (await scrolled(page, 0)).below <= MOVED_MAX);
  const line = await scrolled(page, -2_000);
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await eventually("the line is read", async () => await moved(page, line) <= line.top + 200);
    assertEquals((await scrolled(page, 0)).id, line.id, `${width} * ${height}`);
  }
  console.log(`${sizes.length} sizes tried`);
});
