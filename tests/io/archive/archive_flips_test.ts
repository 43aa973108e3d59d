import { assert, assertGreater } from "@std/assert";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import type { Event } from "../../../server/core/events.ts";
import type { ArchivedMessage, ArchivePage, PageQuery } from "../../../server/core/messages/archived.ts";
import { State } from "../../../server/core/state.ts";
import { processTest } from "../../testing/permissions.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { Entries, inFolder, query, sent } from "./archive_folder.ts";

const FLIPS = scale(200, 4_000);
const PEOPLE = ["ann", "bob", "cem"];
const IDS = Array.from({ length: 300 }, (_, i) => `m${i}`);

processTest(
  `no message of an archive with a flipped bit is answered wrongly, ${2 * FLIPS} times`,
  () =>
    inFolder((path) => {
      const numbers = new SeededNumbers(23);
      makeArchive(path, numbers);
      const whole = Deno.readFileSync(path);
      const right = answersOf(path);
      assertGreater(right.length, 2 * IDS.length);
      // A search finds the newest hundred: if newer ones are hidden, older ones take their places.
      const known = new Set([...right, ...right.map((each) => each.replace("shown to", "found by"))]);
      const seen = { right: 0, incomplete: 0, unusable: 0, byChecksum: 0, others: 0, messages: 0 };
      const tryFlip = (at: number, bit: number): string => {
        const bytes = new Uint8Array(whole);
        bytes[at] = (bytes[at] ?? 0) ^ 1 << bit;
        Deno.writeFileSync(path, bytes);
        const outcome = outcomeOf(path);
        removeSideFiles(path);
        if (outcome instanceof Error) {
          seen[outcome instanceof ArchiveUnusable ? "unusable" : "others"]++;
          seen.byChecksum += Number(outcome.message.includes("checksum of a message"));
          return outcome.message;
        }
        for (const each of outcome) assert(known.has(each), `bit ${bit} of byte ${at}: ${each}`);
        seen[outcome.length === right.length ? "right" : "incomplete"]++;
        seen.messages += outcome.length;
        return "no error";
      };
      for (let i = 0; i < FLIPS; i++) tryFlip(numbers.below(whole.length), numbers.below(8));
      // In contents, each flip must be noticed.
      const text = Array.from(whole, (byte) => String.fromCharCode(byte)).join("");
      const contents = [...text.matchAll(/words? \d+ of \w+/g)];
      for (let i = 0; i < FLIPS; i++) {
        const { index, 0: content } = numbers.pick(contents);
        const problem = tryFlip(index + numbers.below(content.length), numbers.below(8));
        assert(problem.includes("checksum of a message"), `${content}: ${problem}`);
      }
      console.log(`${2 * FLIPS} flips: ${JSON.stringify(seen)}`);
      assertGreater(seen.right, 0);
      assertGreater(seen.byChecksum, FLIPS);
    }),
);

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

function answersOf(path: string): string[] {
  const archive = ArchiveDatabase.open(path, "read");
  try {
    const pages: [string, ArchivePage][] = [["ids", archive.answer({ type: "ids", account: "", ids: IDS })]];
    for (const account of PEOPLE) {
      pages.push([`found by ${account}`, archive.answer(query(account, "words"))]);
      for (const other of PEOPLE) pages.push([`shown to ${account}`, archive.answer(page(account, other))]);
    }
    const answers = pages.flatMap(([to, { messages }]) => messages.map((each) => lineOf(to, each)));
    return [...answers, ...loadedFrom(archive)];
  } finally {
    archive.close();
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

/** The messages that a start loads. */
function loadedFrom(archive: ArchiveDatabase): string[] {
  const state = new State();
  for (const _ of archive.loadResident(state, 1_000));
  return [...state.messages.all()].map((message) => {
    const { sender, recipient } = message;
    return lineOf("loaded", { ...message, sender: sender.id, recipient: recipient.id, marks: message });
  });
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
