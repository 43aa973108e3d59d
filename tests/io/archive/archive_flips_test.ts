import { assert, assertEquals, assertGreater } from "@std/assert";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import type { Event } from "../../../server/core/events.ts";
import type { ArchivedMessage, ArchivePage, PageQuery } from "../../../server/core/messages/archived.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { Entries, inFolder, query, sent } from "./archive_folder.ts";

const FLIPS = scale(150, 4_000);
const PEOPLE = ["ann", "bob", "cem"];
/** Enough for a block of terms of each account, and some that wait for the next. */
const IDS = Array.from({ length: 600 }, (_, i) => `m${i}`);
/** Messages that do not arrive, and of which there are marks. */
const EARLY_IDS = Array.from({ length: 40 }, (_, i) => `early${i}`);

/** Page of the database, and the first byte of a page of an index, inner or leaf. */
const PAGE_BYTES = 8_192;
const INDEX_PAGES: readonly (number | undefined)[] = [2, 10];

/** An archive in a file, and what it answers while it is whole. */
class FlippedArchive {
  readonly whole: Uint8Array;
  readonly right: readonly string[];
  readonly seen = { right: 0, incomplete: 0, found: 0, unusable: 0, byChecksum: 0, others: 0, hidden: 0 };
  readonly #path: string;
  readonly #known: ReadonlySet<string>;

  constructor(path: string) {
    this.#path = path;
    this.whole = Deno.readFileSync(path);
    this.right = answersOf(path);
    this.#known = new Set(this.right);
    assertEquals(problemOf(path), undefined, "a whole archive");
  }

  /** Flips a bit, reads and checks; returns the error of the reading. */
  flip(at: number, bit: number): string {
    const bytes = new Uint8Array(this.whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1 << bit;
    Deno.writeFileSync(this.#path, bytes);
    const outcome = outcomeOf(this.#path);
    const problem = problemOf(this.#path);
    removeSideFiles(this.#path);
    const { seen } = this;
    if (problem !== undefined) seen.found++;
    if (outcome instanceof Error) {
      seen[outcome instanceof ArchiveUnusable ? "unusable" : "others"]++;
      seen.byChecksum += Number(outcome.message.includes("checksum of a message"));
      return outcome.message;
    }
    const what = `bit ${bit} of byte ${at}`;
    for (const each of outcome) assert(this.#known.has(each) || !isMessage(each), `${what}: ${each}`);
    const isRight = outcome.join("\n") === this.right.join("\n");
    seen[isRight ? "right" : "incomplete"]++;
    if (!isRight && problem === undefined) {
      seen.hidden++;
      const answers = new Set(outcome);
      console.log(`${what} hides`, this.right.filter((each) => !answers.has(each)).slice(0, 3));
    }
    return "no error";
  }

  /** Places of the bytes that are in use, or beside one that is; those of pages with such a first byte, if it is given. */
  used(firstBytes?: readonly (number | undefined)[]): number[] {
    const { whole } = this;
    return [...whole.keys()].filter((at) => {
      const page = at - at % PAGE_BYTES;
      if (firstBytes !== undefined && !firstBytes.includes(whole[page])) return false;
      return whole.subarray(Math.max(page, at - 4), Math.min(page + PAGE_BYTES, at + 5)).some((byte) =>
        byte > 0
      );
    });
  }

  /** Places of the bytes of all texts that match. */
  texts(pattern: RegExp): number[] {
    const text = Array.from(this.whole, (byte) => String.fromCharCode(byte)).join("");
    return [...text.matchAll(pattern)].flatMap(({ index, 0: match }) =>
      Array.from({ length: match.length }, (_, i) => index + i)
    );
  }
}

processTest(
  `no message of an archive with a flipped bit is answered wrongly, nor hidden once it was checked, ${
    4 * FLIPS
  } times`,
  () =>
    inFolder((path) => {
      const numbers = new SeededNumbers(23);
      makeArchive(path, numbers);
      const archive = new FlippedArchive(path);
      assertGreater(archive.right.length, 2 * IDS.length);
      const places = {
        anywhere: archive.used(),
        "in indexes": archive.used(INDEX_PAGES),
        "in terms": archive.texts(/words\t[^\n]*\n|\nm\d+\t[^\n]*|\n\d+\t[^\n]*/g),
        "in contents": archive.texts(/words? \d+ of \w+/g),
      };
      for (const [where, bytes] of Object.entries(places)) {
        assertGreater(bytes.length, 500, where);
        for (let i = 0; i < FLIPS; i++) {
          const problem = archive.flip(numbers.pick(bytes), numbers.below(8));
          // There, each flip must be noticed by those who read.
          if (where === "in contents") assert(problem.includes("checksum of a message"), problem);
        }
        console.log(`${FLIPS} flips ${where}, in all: ${JSON.stringify(archive.seen)}`);
      }
      assertGreater(archive.seen.right, 0);
      assertGreater(archive.seen.incomplete, 0);
      assertGreater(archive.seen.byChecksum, FLIPS);
      assertEquals(
        archive.seen.hidden,
        0,
        "flips that hide something from those who read, and from the check",
      );
    }),
);

/** False for a line about counts and lists. */
function isMessage(line: string): boolean {
  return line.startsWith("[");
}

function makeArchive(path: string, numbers: SeededNumbers): void {
  const archive = ArchiveDatabase.open(path, "write");
  const entries = new Entries();
  for (const [i, id] of IDS.entries()) {
    const [from, to] = [numbers.pick(PEOPLE), numbers.pick(PEOPLE)];
    archive.fold(entries.of(sent(id, from, to, `words ${i} of ${id}`)), entries.position);
    for (const mark of marksOn(id, from, to, numbers)) {
      archive.fold(entries.of(mark), entries.position);
    }
  }
  for (const id of EARLY_IDS) {
    for (const mark of marksOn(id, numbers.pick(PEOPLE), numbers.pick(PEOPLE), numbers)) {
      archive.fold(entries.of(mark), entries.position);
    }
  }
  while (archive.compact(1));
  archive.close();
}

function marksOn(id: string, sender: string, recipient: string, numbers: SeededNumbers): Event[] {
  const named = { sender, recipient, ids: [id] };
  const types = ["messagesRead", "messagesRead", "messagesDelivered", "messagesHidden", "messagesDeleted"];
  return types.filter(() => numbers.below(6) === 0).map((type) => ({ type, ...named }) as Event);
}

/** Everything that an archive answers, a line for each message; or the error that it ends with. */
function outcomeOf(path: string): string[] | Error {
  try {
    return answersOf(path);
  } catch (error) {
    assert(error instanceof Error);
    return error;
  }
}

/** What the check finds; `undefined` if nothing. */
function problemOf(path: string): string | undefined {
  try {
    const archive = ArchiveDatabase.open(path, "read");
    try {
      for (const _ of archive.check());
    } finally {
      archive.close();
    }
    return undefined;
  } catch (error) {
    assert(error instanceof Error);
    return error.message;
  }
}

function answersOf(path: string): string[] {
  const archive = ArchiveDatabase.open(path, "read");
  try {
    const pages: [string, ArchivePage][] = [["ids", archive.answer({ type: "ids", account: "", ids: IDS })]];
    for (const account of PEOPLE) {
      for (const found of searched(archive, account)) pages.push([`found by ${account}`, found]);
      for (const other of PEOPLE) pages.push([`shown to ${account}`, archive.answer(page(account, other))]);
    }
    const answers = pages.flatMap(([to, { messages }]) => messages.map((each) => lineOf(to, each)));
    return [...answers, ...loadedFrom(archive)];
  } finally {
    archive.close();
  }
}

/** All pages of a search. */
function* searched(archive: ArchiveDatabase, account: string): Generator<ArchivePage> {
  let before: ArchivedMessage | undefined;
  for (let found = 0; found < IDS.length;) {
    const page = archive.answer({ ...query(account, "words"), before });
    yield page;
    before = page.messages.at(-1);
    if (!page.more || before === undefined) return;
    found += page.messages.length;
  }
}

function page(account: string, other: string): PageQuery {
  return {
    type: "page",
    account,
    other,
    side: "after",
    place: undefined,
    limit: 1_000,
    bytes: 1_000_000,
  };
}

function lineOf(
  to: string,
  { id, sender, recipient, time, origin, content, marks }: ArchivedMessage,
): string {
  const { progress, hidden, deleted } = marks;
  return JSON.stringify([to, id, sender, recipient, time, origin, content, progress, hidden, deleted]);
}

/** What a start loads: messages, and lines of the state without messages. */
function loadedFrom(archive: ArchiveDatabase): string[] {
  const state = new State();
  for (const _ of archive.loadResident(state, 1_000));
  const messages = [...state.messages.all()].map((message) => {
    const { sender, recipient } = message;
    return lineOf("loaded", { ...message, sender: sender.id, recipient: recipient.id, marks: message });
  });
  return [...messages, ...stateLines(state)];
}

function removeSideFiles(path: string): void {
  for (const file of [`${path}-wal`, `${path}-shm`]) {
    try {
      Deno.removeSync(file);
    } catch (error) {
      assert(error instanceof Deno.errors.NotFound);
    }
  }
}
