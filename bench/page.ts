/**
 * The page in a browser: its bytes, its start, a chat that is opened, a key that is typed, its memory.
 *
 * @module
 */

import { chromiumPath, NEEDS_CHROMIUM } from "./chromium.ts";
import { buildPage, type SentFile, sentFiles } from "./page_files.ts";
import { CHAT_MESSAGES, PageStage } from "./page_stage.ts";
import { CLICKS, KEYS, measureInBrowser, VISITS } from "./page_times.ts";
import type { Finding, Table } from "./report.ts";
import { percentiles } from "./statistics.ts";

/** A figure of the page, and its bound. */
interface Budget {
  readonly what: string;
  readonly most: number;
  readonly unit: "KB" | "ms" | "MB";
}

const BYTES: Budget = { what: "whole page, gzip", most: 60, unit: "KB" };
const LOGIN: Budget = { what: "address to login form, cold", most: 300, unit: "ms" };
const RETURN: Budget = { what: "address to chat, logged in, cold", most: 300, unit: "ms" };
const OPENING: Budget = { what: `open a chat, ${CHAT_MESSAGES} messages known`, most: 100, unit: "ms" };
const UNREAD: Budget = { what: "the same for the first time, all unread", most: 100, unit: "ms" };
const KEY: Budget = { what: `key to paint, ${CHAT_MESSAGES} messages in the chat`, most: 16, unit: "ms" };
const HEAP: Budget = { what: `heap with ${2 * CHAT_MESSAGES} messages`, most: 30, unit: "MB" };

/** Everything that only a browser can tell. */
const OF_BROWSER = [LOGIN, RETURN, OPENING, UNREAD, KEY, HEAP];

/** The part of a report that is about the page. */
interface PageRows {
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly findings: readonly Finding[];
}

/** Measures the page. @param folder for the server's data */
export async function measurePage(folder: string): Promise<PageRows> {
  const problem = await buildPage();
  if (problem !== undefined) {
    return notMeasured(`it cannot be built: ${problem}`, [BYTES, ...OF_BROWSER]);
  }
  const stage = await PageStage.start(folder);
  const files = await sentFiles(stage.address);
  const ofBrowser = chromiumPath() === undefined
    ? notMeasured(`its part in a browser ${NEEDS_CHROMIUM}`, OF_BROWSER)
    : await rowsOfBrowser(stage);
  await stage.stop();
  return {
    notes: ofBrowser.notes,
    tables: [filesTable(files)],
    findings: [bytesFinding(files), ...ofBrowser.findings],
  };
}

function notMeasured(reason: string, budgets: readonly Budget[]): PageRows {
  const findings = budgets.map(({ what, most, unit }) => ({
    what,
    figure: "",
    target: `at most ${most} ${unit}`,
  }));
  return { notes: [`The page was not measured: ${reason}`], tables: [], findings };
}

async function rowsOfBrowser(stage: PageStage): Promise<PageRows> {
  const { version, visits, clicks, keys, heap } = await measureInBrowser(stage);
  const notes = [
    `The page: Chromium ${version} without a screen, 60 frames a second; a time ends when the browser has drawn the ` +
    `frame that shows the outcome. Beside it, the same with a bare page: a list and a field, next to no code.`,
    `Addresses: ${VISITS} visits each, every one in a browser that has nothing of the page but the login. Chats: two of ` +
    `${CHAT_MESSAGES} messages, ${CLICKS} clicks each, in turn. Keys: ${KEYS}, nearly eight a second, with as many ` +
    `messages in the document as the page puts there.`,
    `Heap: all that JavaScript has, once its garbage is collected; the messages have about a hundred characters.`,
  ];
  const findings = [
    timesFinding(LOGIN, visits.login, visits.bare),
    timesFinding(RETURN, visits.chat, visits.bare),
    timesFinding(OPENING, clicks.known, clicks.bare),
    timesFinding(UNREAD, clicks.unread, clicks.bare),
    timesFinding(KEY, keys.page, keys.bare),
    heapFinding(heap),
  ];
  return { notes, tables: [], findings };
}

function filesTable(files: readonly SentFile[]): Table {
  return {
    columns: ["file of the page", "bytes, gzip", "bytes, Brotli"],
    rows: files.map(({ name, gzip, brotli }) => [name, `${gzip}`, `${brotli}`]),
  };
}

function bytesFinding(files: readonly SentFile[]): Finding {
  const [kilobytes, shorter] = [files.map(({ gzip }) => gzip), files.map(({ brotli }) => brotli)]
    .map((lengths) => lengths.reduce((sum, length) => sum + length, 0) / 1_000) as [number, number];
  return judged(BYTES, kilobytes, `${kilobytes.toFixed(1)} KB; Brotli ${shorter.toFixed(1)} KB`);
}

/** The median is judged: on a shared machine, the most is somebody else's. */
function timesFinding(budget: Budget, times: readonly number[], bare: readonly number[]): Finding {
  const [p50 = NaN] = percentiles(times, [0.5]);
  const figure = `${shownTimes(times)}; bare page ${shownTimes(bare)}`;
  return judged({ ...budget, what: `${budget.what}: p50 / p99 / most` }, p50, figure);
}

function shownTimes(times: readonly number[]): string {
  return `${percentiles(times, [0.5, 0.99, 1]).map((ms) => ms.toFixed(1)).join(" / ")} ms`;
}

function heapFinding({ full, empty, bare }: Readonly<Record<"full" | "empty" | "bare", number>>): Finding {
  const [most, least, none] = [full, empty, bare].map((bytes) => (bytes / 1e6).toFixed(1));
  return judged(HEAP, full / 1e6, `${most} MB; ${least} MB without any; bare page ${none} MB`);
}

function judged({ what, most, unit }: Budget, value: number, figure: string): Finding {
  return { what, figure, target: `at most ${most} ${unit}`, reached: value <= most };
}
