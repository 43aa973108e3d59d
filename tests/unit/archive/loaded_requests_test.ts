import { assertEquals, assertGreater } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import type { ArchivePage, ArchiveQuery } from "../../../server/core/messages/archived.ts";
import { State } from "../../../server/core/state.ts";
import { type FoldingArchive, LeanNode } from "../../testing/lean_node.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { requestsAbout } from "../../testing/message_requests.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const HISTORIES = scale(400, 5_000);
const ENTRIES_MAX = 120;
const REQUESTS = 20;

/** The archive in SQLite. */
class SqliteArchive implements FoldingArchive, Disposable {
  readonly #db = new DatabaseSync(":memory:");
  readonly database = ArchiveDatabase.in(this.#db, 4);
  position = 0;

  fold(entries: readonly Entry[]): void {
    this.position += entries.length;
    if (entries.length > 0) this.database.fold(entries, this.position);
  }

  answer(query: ArchiveQuery): ArchivePage {
    return this.database.answer(query);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

Deno.test(`every request of ${HISTORIES} histories gets the same answer from a node that began with its archive`, () => {
  const numbers = new SeededNumbers(47);
  const requested: Record<string, number> = {};
  const total: Record<string, number> = {};
  for (let i = 1; i <= HISTORIES; i++) {
    const { entries, accounts } = new MessageHistory(numbers, "", numbers.below(ENTRIES_MAX));
    using archive = new SqliteArchive();
    const cut = numbers.below(entries.length + 1);
    archive.fold(entries.slice(0, cut));
    for (
      let slices = numbers.below(3);
      slices > 0 && archive.database.compact(1, numbers.below(cut + 1));
      slices--
    );
    const state = new State();
    for (const _ of archive.database.loadResident(state, numbers.below(2)));
    assertEquals(state.position, cut);
    const full = new State();
    for (const entry of entries.slice(0, cut)) evolve(full, entry);
    const node = new LeanNode(archive, true, state, entries.slice(0, cut));
    for (const entry of [undefined, ...entries.slice(cut)]) {
      if (entry !== undefined) {
        evolve(full, entry);
        node.fold(entry);
      }
      if (numbers.below(6) === 0) node.follow(numbers.below(20));
      if (numbers.below(5) === 0) node.evict(numbers);
      if (numbers.below(40) === 0) node.learnIds();
      if (numbers.below(ENTRIES_MAX) >= REQUESTS && entry !== undefined) continue;
      const id = numbers.pick(accounts);
      if (full.account(id).deleted) continue;
      const [name, request] = numbers.pick(Object.entries(requestsAbout(full, numbers, accounts)));
      const expected = wholeOf(request(full, full.account(id)));
      const answer = node.run(request(node.state, node.state.account(id)));
      assertEquals(
        answer,
        expected,
        `history ${i}, cut at ${cut}, entry ${node.state.position}: ${name} of ${id}`,
      );
      requested[name] = (requested[name] ?? 0) + 1;
    }
    for (const [what, count] of Object.entries(node.seen)) total[what] = (total[what] ?? 0) + count;
  }
  console.log(`${HISTORIES} histories: ${JSON.stringify({ ...requested, ...total })}`);
  for (const [what, count] of Object.entries({ ...requested, ...total })) {
    assertGreater(count, HISTORIES / 50, what);
  }
});
