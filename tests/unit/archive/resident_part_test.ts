import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { emptying } from "../../testing/emptied_archive.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { FoldedArchive } from "../../testing/folded_archive.ts";
import { otherFacts } from "../../testing/other_facts.ts";
import { loadPart } from "../../testing/resident_part.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const SETS = scale(2_000, 20_000);
/** No fingerprint and no known address of the sets is too old. */
const WALL_MS = 1;

const UNUSABLE = { origin: "node9#broken", seq: 1, stamp: 1, type: "messageSent", from: 1, to: 1, id: 5 };

/** Times of conversations up to which messages may be missing. */
function bounds(state: State): string[] {
  const all = new Set(
    [...state.accounts.values()].flatMap(({ conversations }) => [...conversations.values()]),
  );
  return [...all].map((each) => {
    const sides = [each.first.id, each.second.id].sort();
    // It is the newest time of a conversation, unless it has an unread message behind it.
    return `${sides} ${each.newestTime} ${each.isResidentFrom(each.newestTime)}`;
  }).sort();
}

Deno.test(`loadPart() of an archive in memory loads what loadResident() of one in SQLite does, for ${SETS} sets`, () => {
  const seen = { resident: 0, unread: 0, tombstones: 0, early: 0, ahead: 0 };
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db, 2);
  const empty = emptying(db);
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (entries, seed) => {
      db.exec(empty);
      // After an error, the archive reads everything anew.
      assertThrows(() => archive.fold([UNUSABLE as unknown as Entry], 1));
      const memory = new FoldedArchive();
      const numbers = new SeededNumbers(seed);
      const arrived = interleaved(entries, numbers);
      for (let at = 0; at < arrived.length;) {
        const part = arrived.slice(at, at + 1 + numbers.below(arrived.length));
        at += part.length;
        archive.fold(part, at);
        memory.fold(part, at);
        if (numbers.below(3) > 0) continue;
        const erased = numbers.below(at + 1);
        while (archive.compact(WALL_MS, erased));
        memory.forgetErased(erased);
      }
      const wallMs = numbers.below(2) * WALL_MS;
      const [inSqlite, inMemory] = [new State(), new State()];
      for (const _ of archive.loadResident(inSqlite, wallMs));
      for (const _ of loadPart(memory.resident, inMemory, wallMs));
      assertEquals([...stateLines(inMemory)], [...stateLines(inSqlite)]);
      assertEquals(otherFacts(inMemory), otherFacts(inSqlite));
      assertEquals(bounds(inMemory), bounds(inSqlite));
      assertEquals(inMemory.evicted.isComplete, false);
      const loaded = [...inMemory.messages.all()];
      seen.resident += loaded.length;
      seen.unread += loaded.filter(({ deleted }) => !deleted).length;
      seen.tombstones += loaded.filter(({ deleted }) => deleted).length;
      seen.early += inMemory.earlyMarks.size;
      if (memory.resident.newest > wallMs * 1_000) seen.ahead++;
    }),
    { numRuns: SETS, seed: 131, endOnFailure: true },
  );
  db.close();
  console.log(`${SETS} sets: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, SETS / 50, what);
});
