import { assert, assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { eventually } from "../testing/eventually.ts";
import { sendMany } from "../testing/many_messages.ts";
import { TestClient } from "../testing/test_client.ts";
import { passwordOf, Person } from "./person.ts";
import { scenarios, type Scene } from "./scenarios.ts";

/** Messages of the long history. */
const MANY = 10_000;

/** Messages that are in the document at most. */
const WINDOW_MAX = 200;

/** The line that is read may move by so much, px. */
const MOVES_MAX_PX = 2;

/** Jumps to the top of what is in the document. */
const JUMPS = 3;

/** Rounds of scrolling up and down again; more of them where a busy machine is late with older messages. */
const [ROUNDS, ROUNDS_MAX] = [60, 600];

/** The least that is scrolled up, messages. */
const HIGHER = 300;

/** Time for messages in view to be marked as read, ms, and that of a glance, which is not enough. */
const [MARKED_MS, GLANCE_MS] = [1_500, 200];

/** Time in view after which a message is read, ms. */
const READ_MS = 500;

/**
 * Scrolls by so many screens, lets the page draw what it wants, and tells how far the line in the middle then is
 * from where it must be, px; and the messages in the document.
 */
const SCROLL = `async (screens, waitMs) => {
  const history = document.querySelector("#history");
  const middle = history.getBoundingClientRect().top + history.clientHeight / 2;
  const lines = [...history.querySelectorAll("[data-id]")];
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const before = history.scrollTop;
  history.scrollTop += screens * history.clientHeight;
  const moved = history.scrollTop - before;
  const line = lines.toSorted((one, other) => Math.abs(one.getBoundingClientRect().top - middle) -
    Math.abs(other.getBoundingClientRect().top - middle))[0];
  const top = line.getBoundingClientRect().top;
  for (let i = 0; i < 3; i++) await frame();
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  await frame();
  const isThere = line.isConnected;
  return {
    moved,
    off: isThere ? Math.abs(line.getBoundingClientRect().top - top) : NaN,
    count: history.querySelectorAll("[data-id]").length,
    first: history.querySelector("[data-id] .text").textContent,
  };
}`;

/** The outcome of a scroll. */
interface Scrolled {
  readonly moved: number;
  readonly off: number;
  readonly count: number;
  readonly first: string;
}

/** A message of one to four lines. */
function contentOf(number: number): string {
  return `message ${number}.${"\nand a further line".repeat(number % 4)}`;
}

function numberOf(text: string): number {
  return Number(/^message (\d+)\./.exec(text)?.[1]);
}

/** Somebody over TCP: quicker than a page. */
async function client(scene: Scene, name: string): Promise<TestClient> {
  return await TestClient.login(scene.nodes.cluster.node(1).port, name, passwordOf(name));
}

scenarios("a history in the page", { count: 1 }, {
  "10,000 messages scroll up and down again, and the line that is read stays within 2 px": async (scene) => {
    const alice = await Person.register(scene, "alice", scene.nodes.address(1));
    await using bob = await client(scene, "bob");
    const startMs = performance.now();
    await sendMany(bob, "alice", MANY, contentOf);
    console.log(`${MANY} messages sent in ${(performance.now() - startMs).toFixed(0)} ms`);
    const openMs = performance.now();
    await alice.chatWith("bob");
    await alice.page.locator("#history [data-id]").first().waitFor();
    console.log(`opened in ${(performance.now() - openMs).toFixed(0)} ms`);
    await alice.page.getByTitle(EN.chat.toBottom).click();
    await alice.sees(`message ${MANY - 1}.`);
    const offs: number[] = [];
    const scroll = async (screens: number, waitMs = 30): Promise<Scrolled> => {
      const scrolled = await alice.page.evaluate(`(${SCROLL})(${screens}, ${waitMs})`) as Scrolled;
      assert(!Number.isNaN(scrolled.off), "the line that is read is gone");
      assertLessOrEqual(scrolled.count, WINDOW_MAX);
      offs.push(scrolled.off);
      return scrolled;
    };
    // Before the older page is there, the first line has a head with the sender, and loses it then.
    for (let jump = 0; jump < JUMPS; jump++) await scroll(-1_000, 300);
    await alice.page.getByTitle(EN.chat.toBottom).click();
    await alice.sees(`message ${MANY - 1}.`);
    let highest = MANY;
    for (let round = 0; round < ROUNDS || (highest >= MANY - HIGHER && round < ROUNDS_MAX); round++) {
      const { first } = await scroll(-1);
      highest = Math.min(highest, numberOf(first));
      if (round < ROUNDS && round % 10 === 5) {
        await bob.expect("sendMessage", { to: "alice", content: `new ${round}` }, "sent");
      }
    }
    await alice.page.getByRole("button", { name: EN.newMessages(ROUNDS / 10) }).waitFor();
    for (let round = 0; round < ROUNDS / 2; round++) await scroll(1);
    assertLess(highest, MANY - HIGHER);
    assertLessOrEqual(Math.max(...offs), MOVES_MAX_PX, offs.join(" "));
    console.log(
      `${offs.length} scrolls up to message ${highest}, moved by ${Math.max(...offs).toFixed(2)} px at most`,
    );
    await alice.page.getByTitle(EN.chat.toBottom).click();
    await alice.sees(`new ${ROUNDS - 5}`);
    // Who is at the bottom stays there.
    await bob.expect("sendMessage", { to: "alice", content: "the very last" }, "sent");
    await alice.sees("the very last");
    await eventually(
      "the bottom is in view",
      async () => Number(await alice.page.evaluate(BELOW)) <= MOVES_MAX_PX,
    );
    await alice.page.locator("#history [data-id]").last().focus();
    for (let press = 0; press < 3; press++) await alice.page.keyboard.press("Home");
    assertLessOrEqual(await alice.messages("").count(), WINDOW_MAX);
  },

  "only messages that were in view for half a second are marked as read": async (scene) => {
    const carol = await Person.register(scene, "carol", scene.nodes.address(1));
    await using dave = await client(scene, "dave");
    await sendMany(dave, "carol", 60);
    const read = async (): Promise<number> => {
      const { messages } = await dave.expect("listMessages", { with: "carol", limit: 100 }, "messages");
      return messages.filter(({ status }) => status === "read").length;
    };
    await carol.chatWith("dave");
    await carol.page.locator("#unread", { hasText: EN.newMessages(60) }).waitFor();
    const shown = async (): Promise<number> => Number(await carol.page.evaluate(IN_VIEW));
    const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, MARKED_MS));
    const isAsShown = async (): Promise<boolean> => Math.abs(await read() - await shown()) <= 1;
    await eventually("those in view are read", async () => await read() > 0 && await isAsShown());
    await settled();
    const first = await read();
    assert(await isAsShown(), `${first} read, ${await shown()} in view`);
    assertLess(first, 60);
    // Nobody looks: nothing is read, wherever the history scrolls.
    await carol.page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))");
    await carol.page.evaluate("document.querySelector('#history').scrollTop = 1e9");
    await settled();
    assertEquals(await read(), first);
    await carol.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))");
    await eventually("the last ones are read", async () => await read() > first);
    await settled();
    const second = await read();
    assertLess(second, 60);
    assertGreater(second, first);
    // A glance is not enough, unless a busy machine makes it a long one.
    const glanceMs = Number(await carol.page.evaluate(GLANCE));
    await settled();
    if (glanceMs < READ_MS) assertEquals(await read(), second);
    else console.log(`a glance of ${glanceMs.toFixed(0)} ms proves nothing`);
    console.log(
      `${first} of 60 read at the top, ${second - first} more at the bottom, none at a glance or unseen`,
    );
  },

  "the history stays where it is when the window or the composer gets another size": async (scene) => {
    const erin = await Person.register(scene, "erin", scene.nodes.address(1));
    await erin.chatWith("erin");
    for (let i = 0; i < 30; i++) await erin.say(`note ${i} ${"of many words ".repeat(12)}`);
    await erin.sees("note 29");
    const { page } = erin;
    const belowPx = async (): Promise<number> => Number(await page.evaluate(BELOW));
    const line = async (): Promise<string> => String(await page.evaluate(FIRST_LINE));
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await eventually("the bottom is in view", async () => await belowPx() <= MOVES_MAX_PX);
    }
    await page.fill("#composer", "one\ntwo\nthree\nfour");
    await eventually("the bottom is in view", async () => await belowPx() <= MOVES_MAX_PX);
    await page.evaluate("document.querySelector('#history').scrollTop -= 2000");
    // The page hears of it with the next frame.
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    const read = await line();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await eventually(`${read} is read at ${width} * ${height}`, async () => await line() === read);
    }
    console.log(`${SIZES.length} sizes tried`);
  },
});

/** Sizes of a window, px. */
const SIZES = [[360, 640], [1_280, 720], [800, 400]] as const;

/** Room below what is in view, px. */
const BELOW = `(() => {
  const history = document.querySelector("#history");
  return history.scrollHeight - history.scrollTop - history.clientHeight;
})()`;

/** The first words of the first message that is in view as a whole. */
const FIRST_LINE = `(() => {
  const history = document.querySelector("#history");
  const { top } = history.getBoundingClientRect();
  const line = [...history.querySelectorAll("[data-id]")].find((each) => each.getBoundingClientRect().top >= top - 2);
  return line.querySelector(".text").textContent.slice(0, 10);
})()`;

/** Messages that are at least half in view. */
const IN_VIEW = `(() => {
  const frame = document.querySelector("#history").getBoundingClientRect();
  return [...document.querySelectorAll("#history > [data-id]")].filter((line) => {
    const { top, bottom, height } = line.getBoundingClientRect();
    return Math.min(bottom, frame.bottom) - Math.max(top, frame.top) >= height / 2;
  }).length;
})()`;

/** Shows the middle for a moment; returns the time until the page has drawn something else, ms. */
const GLANCE = `(async () => {
  const history = document.querySelector("#history");
  const bottom = history.scrollTop;
  const startMs = performance.now();
  history.scrollTop = (history.scrollHeight - history.clientHeight) / 2;
  await new Promise((resolve) => setTimeout(resolve, ${GLANCE_MS}));
  history.scrollTop = bottom;
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  return performance.now() - startMs;
})()`;
