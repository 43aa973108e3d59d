/**
 * Times and memory of the page in a browser, and of a bare page beside it.
 *
 * @module
 */

import type { Browser } from "playwright-core";
import { BarePage } from "./bare_page.ts";
import { openChromium } from "./chromium.ts";
import { type PageStage, rowOf, showsNewest, showsUnread, WRITERS } from "./page_stage.ts";
import { type Kept, PageWindow, type Place } from "./page_window.ts";

/** Visits of each address, in turn. */
export const VISITS = 15;

/** Clicks on each of the two chats, in turn. */
export const CLICKS = 25;

/** Keys that are typed in each window. */
export const KEYS = 200;

/** Messages in the document at most (`client/web/page/opened.ts`). */
const SHOWN_MAX = 200;

/** Everything that a browser tells; times in ms, memory in bytes. */
interface BrowserFigures {
  readonly version: string;
  readonly visits: Readonly<Record<"login" | "chat" | "bare", readonly number[]>>;
  readonly clicks: Readonly<Record<"known" | "unread" | "bare", readonly number[]>>;
  readonly keys: Readonly<Record<"page" | "bare", readonly number[]>>;
  readonly heap: Readonly<Record<"full" | "empty" | "bare", number>>;
}

/** Measures the page of a node. */
export async function measureInBrowser(stage: PageStage): Promise<BrowserFigures> {
  const browser = await openChromium();
  try {
    await using bare = new BarePage();
    const window = await stage.enter(browser);
    const bareWindow = await PageWindow.open(browser, bare.place);
    const empty = await window.heapBytes();
    await stage.write(window);
    const unread = await openUnread(window);
    await stage.read(window);
    const heap = { full: await window.heapBytes(), empty, bare: await bareWindow.heapBytes() };
    const clicks = { known: await openInTurn(window), unread, bare: await openBare(bareWindow) };
    const keys = { page: await typeIn(window), bare: await bareWindow.typeMs(KEYS) };
    const places = { login: stage.login, chat: stage.chatWith(WRITERS[0]), bare: bare.place };
    const visits = await visit(browser, places, await window.kept());
    return { version: browser.version(), visits, clicks, keys, heap };
  } finally {
    await browser.close();
  }
}

/** Opens each chat for the first time. */
async function openUnread(window: PageWindow): Promise<number[]> {
  const times: number[] = [];
  for (const writer of WRITERS) times.push(await window.clickMs(rowOf(writer), showsUnread(writer)));
  return times;
}

async function openInTurn(window: PageWindow): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < CLICKS; i++) {
    for (const writer of WRITERS) times.push(await window.clickMs(rowOf(writer), showsNewest(writer)));
  }
  return times;
}

async function openBare(window: PageWindow): Promise<number[]> {
  const times: number[] = [];
  for (let i = 1; i <= 2 * CLICKS; i++) times.push(await window.clickMs("#open", BarePage.isOpened(i)));
  return times;
}

/** Scrolls up until the document is full, and down again; returns the number of messages in it. */
const FILL_DOCUMENT = `(async () => {
  const history = document.querySelector("#history");
  const count = () => history.querySelectorAll(":scope > [data-id]").length;
  const drawn = async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  for (let i = 0; i < 100 && count() < ${SHOWN_MAX}; i++) {
    history.scrollTop = 0;
    await drawn();
  }
  history.scrollTop = history.scrollHeight;
  await drawn();
  return count();
})()`;

/** Types in the chat that is open. */
async function typeIn(window: PageWindow): Promise<number[]> {
  const count = await window.page.evaluate(FILL_DOCUMENT);
  if (count !== SHOWN_MAX) throw new Error(`the document has ${count} messages, not ${SHOWN_MAX}`);
  return await window.typeMs(KEYS);
}

/** Visits each place in turn, with what a browser keeps of the login for the one that needs it. */
async function visit(
  browser: Browser,
  places: Readonly<Record<"login" | "chat" | "bare", Place>>,
  kept: Kept,
): Promise<BrowserFigures["visits"]> {
  const visits = { login: [] as number[], chat: [] as number[], bare: [] as number[] };
  for (let i = 0; i < VISITS; i++) {
    visits.login.push(await visitMs(browser, places.login));
    visits.chat.push(await visitMs(browser, places.chat, kept));
    visits.bare.push(await visitMs(browser, places.bare));
  }
  return visits;
}

async function visitMs(browser: Browser, place: Place, kept?: Kept): Promise<number> {
  const window = await PageWindow.open(browser, place, kept);
  const ms = await window.usableMs();
  await window.close();
  return ms;
}
