import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { State } from "../../../server/core/state.ts";
import type { ArchivedMessage, SearchQuery } from "../../../server/core/messages/archived.ts";
import { answerOf } from "../../testing/memory_archive.ts";
import { foldInParts } from "../../testing/folded_history.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const HISTORIES = scale(5_000, 50_000);
/** Histories in one database: each has accounts and origins of its own. */
const HISTORIES_PER_DATABASE = 250;
const ENTRIES_MAX = 60;
const SEARCHES = 4;

Deno.test(`ArchiveDatabase.answer() finds in ${HISTORIES} histories what a look at every message finds`, () => {
  const numbers = new SeededNumbers(21);
  const seen = { searches: 0, found: 0, more: 0, nothing: 0, before: 0, other: 0, pages: 0 };
  let archive = ArchiveDatabase.in(new DatabaseSync(":memory:"), 4);
  for (let i = 1; i <= HISTORIES; i++) {
    if (i % HISTORIES_PER_DATABASE === 0) {
      archive.close();
      archive = ArchiveDatabase.in(new DatabaseSync(":memory:"), 1 + numbers.below(8));
    }
    const history = new MessageHistory(numbers, `-${i}`, numbers.below(ENTRIES_MAX));
    const state = foldInParts(archive, history, ENTRIES_MAX, numbers);
    for (let n = 0; n < SEARCHES; n++) {
      const query = history.query();
      const found = archive.answer(query);
      assertEquals(found, answerOf(state, query), `history ${i}: ${JSON.stringify(query)}`);
      seen.searches++;
      seen.found += found.messages.length;
      seen.more += Number(found.more);
      seen.nothing += Number(found.messages.length === 0);
      seen.before += Number(query.before !== undefined && found.messages.length > 0);
      seen.other += Number(query.other !== undefined && found.messages.length > 0);
    }
    seen.pages += assertPages(archive, state, { ...history.query(), before: undefined });
  }
  archive.close();
  console.log(`${HISTORIES} histories: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, HISTORIES / 10, what);
});

/** The pages together have everything, in order, once. Returns their number. */
function assertPages(archive: ArchiveDatabase, state: State, query: SearchQuery): number {
  const everything = answerOf(state, { ...query, limit: 100 });
  const messages: ArchivedMessage[] = [];
  let pages = 0;
  for (let before = query.before;;) {
    const page = archive.answer({ ...query, before, limit: 2 });
    messages.push(...page.messages);
    pages++;
    before = page.messages.at(-1);
    if (!page.more) break;
  }
  assertEquals({ messages, more: false }, everything);
  return pages;
}

/** An archive with messages between two people, the oldest first. */
function archiveOf(contents: readonly string[], blockMessages?: number): ArchiveDatabase {
  const archive = ArchiveDatabase.in(new DatabaseSync(":memory:"), blockMessages);
  const origin = "node1#aaaaaaaaaaaa";
  const entries = contents.map((content, i) => (
    {
      origin,
      seq: i + 1,
      stamp: i + 1,
      type: "messageSent",
      id: `m${i}`,
      from: "ann",
      to: "bob",
      content,
    } as const
  ));
  archive.fold(entries, entries.length);
  return archive;
}

const QUERY: SearchQuery = {
  type: "search",
  account: "ann",
  terms: ["x"],
  other: undefined,
  before: undefined,
  limit: 100,
};

Deno.test("search() finds a message in a full block of the longest contents, and looks at few to find the newest", () => {
  const contents = Array.from({ length: 600 }, (_, i) => `x${i}z ${"y ".repeat(i % 3 === 0 ? 8_000 : 8)}`);
  const archive = archiveOf(contents);
  for (const i of [0, 1, 255, 256, 599]) {
    assertEquals(
      archive.answer({ ...QUERY, terms: [`x${i}z`, "y"] }).messages.map(({ id }) => id).includes(`m${i}`),
      true,
    );
  }
  const all = [...archive.slicesOf({ ...QUERY, terms: ["nothing"] })].length;
  const newest = [...archive.slicesOf({ ...QUERY, limit: 1 })].length;
  console.log(`${newest} of ${all} slices for the newest`);
  assertGreater(all, 20);
  assertEquals(newest < 4, true);
  archive.close();
});

Deno.test("search() finds while blocks are made between two slices, each message once", () => {
  const archive = archiveOf(Array.from({ length: 7 }, (_, i) => `x${i}`), 4);
  const slices = archive.slicesOf(QUERY);
  slices.next();
  const more = Array.from({ length: 4 }, (_, i) => (
    {
      origin: "n#2",
      seq: i + 1,
      stamp: 100 + i,
      type: "messageSent",
      id: `n${i}`,
      from: "ann",
      to: "bob",
      content: "x",
    } as const
  ));
  archive.fold(more, 11);
  let step = slices.next();
  while (!step.done) step = slices.next();
  const ids = step.value.messages.map(({ id }) => id);
  assertEquals(ids.filter((id) => id.startsWith("m")), ["m6", "m5", "m4", "m3", "m2", "m1", "m0"]);
  archive.close();
});

Deno.test("ArchiveDatabase.fold() makes the same blocks of the same messages, however many are folded at once", () => {
  const numbers = new SeededNumbers(5);
  const people = ["ann", "bob", "cid"];
  const entries = Array.from({ length: 5_000 }, (_, i) => (
    {
      origin: "node1#aaaaaaaaaaaa",
      seq: i + 1,
      stamp: i + 1,
      type: "messageSent",
      id: `m${i}`,
      from: people[numbers.below(3)] ?? "",
      to: people[numbers.below(3)] ?? "",
      content: `x${i} ${"y ".repeat(numbers.below(50) === 0 ? 4_000 : 4)}`,
    } as const
  ));
  const blocksOf = (atOnce: number, parts = 1, isUndone = false): unknown[] => {
    const db = new DatabaseSync(":memory:");
    const archive = ArchiveDatabase.in(db);
    for (let end = atOnce; end < entries.length + atOnce; end += atOnce) {
      const goesOn = end < entries.length && end / atOnce % parts > 0;
      const fold = (goesOn: boolean): void =>
        archive.fold(entries.slice(end - atOnce, end), Math.min(end, entries.length), [], goesOn);
      if (isUndone && end / atOnce % parts === 1) {
        fold(true);
        archive.rollBack();
      }
      fold(goesOn);
    }
    const blocks = db.prepare("SELECT * FROM blocks ORDER BY account, first").all()
      .map((row) => Object.values({ ...row, number: 0 }));
    const waiting = db.prepare("SELECT ifnull(sum(count), 0) AS count FROM unindexed").get();
    archive.close();
    return [blocks, { ...waiting }];
  };
  const [blocks, waiting] = blocksOf(1);
  console.log(`${(blocks as unknown[]).length} blocks, and ${JSON.stringify(waiting)} that wait`);
  assertGreater((blocks as unknown[]).length, 20);
  for (const atOnce of [7, 300, 5_000]) assertEquals(blocksOf(atOnce), [blocks, waiting]);
  for (const atOnce of [7, 300]) assertEquals(blocksOf(atOnce, 9), [blocks, waiting], "in parts");
  for (const atOnce of [7, 300]) assertEquals(blocksOf(atOnce, 9, true), [blocks, waiting], "undone before");
});

Deno.test("search() takes words of SQLite and of queries as they are", () => {
  const contents = ["a OR b", "a* b", '"a"', "NEAR(a b)", "'; DROP TABLE messages; --", "100% a_b", "x\0y z"];
  const archive = archiveOf(contents, 3);
  for (
    const terms of [["or"], ["near"], ["drop", "table"], ["*"], ['"'], ["%"], ["_"], ["a\nb"], ["\t"], ["z"]]
  ) {
    const found = archive.answer({ ...QUERY, terms }).messages.map(({ id }) => id);
    const expected = { or: ["m0"], near: ["m3"], "drop,table": ["m4"], z: ["m6"] }[String(terms)] ?? [];
    assertEquals(found, expected, String(terms));
  }
  archive.close();
});

Deno.test("search() refuses a limit that is not within 1 and 100", () => {
  const archive = archiveOf(["x"]);
  for (const limit of [0, 101, NaN, -1]) assertThrows(() => archive.answer({ ...QUERY, limit }), RangeError);
  archive.close();
});
