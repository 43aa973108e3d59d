import { assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const SETS = scale(300, 5_000);

/** Messages of a block: the sets have few. */
const BLOCK_MESSAGES = 2;

Deno.test(`check() finds nothing wrong with ${SETS} archives, whatever is folded and erased between its slices`, () => {
  const seen = { slices: 0, messages: 0, folds: 0, erasures: 0 };
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (entries, seed) => {
      const db = new DatabaseSync(":memory:");
      const archive = ArchiveDatabase.in(db, BLOCK_MESSAGES);
      const numbers = new SeededNumbers(seed);
      const arrived = interleaved(entries, numbers);
      let folded = 0;
      const fold = (count: number): void => {
        archive.fold(arrived.slice(folded, folded + count), folded += count);
        seen.folds++;
      };
      fold(numbers.below(arrived.length + 1));
      for (const _ of archive.check()) {
        seen.slices++;
        if (numbers.below(2) === 0) fold(1 + numbers.below(3));
        if (numbers.below(3) === 0) seen.erasures += Number(archive.compact(1));
      }
      while (archive.compact(1));
      const slices = archive.check();
      for (let step = slices.next();; step = slices.next()) {
        if (!step.done) continue;
        assertEquals(
          step.value,
          Number(db.prepare("SELECT count(*) AS count FROM messages").get()?.["count"]),
        );
        seen.messages += step.value;
        break;
      }
      db.close();
    }),
    { numRuns: SETS },
  );
  console.log(JSON.stringify(seen));
  assertGreater(seen.messages, SETS);
  assertGreater(seen.folds, 2 * SETS);
  assertGreater(seen.erasures, SETS / 10);
});
