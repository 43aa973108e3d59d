import { assertEquals, assertGreater } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { covers, type Version } from "../../../server/core/version.ts";
import type { HistoryCursor } from "../../../server/ports/history.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { entriesOf, HistoryHarness } from "./history_harness.ts";
import { messageEntry } from "./log_harness.ts";

const ORIGINS = ["node1#000000000001", "node2#000000000002", "node3#000000000003"];

/** A cursor, and the state of its last request. */
interface Reader {
  readonly cursor: HistoryCursor;
  isWaiting: boolean;
}

/** Commits, restarts, compactions and readers in any order, with steps of the disk in between. */
class RandomHistory {
  readonly harness = new HistoryHarness({ segmentBytes: 2_500_000 });
  handed = 0;
  #readers: Reader[] = [];
  readonly #seqs = ORIGINS.map(() => 0);
  readonly #numbers: SeededNumbers;

  constructor(seed: number) {
    this.#numbers = new SeededNumbers(seed);
  }

  step(): void {
    const choice = this.#numbers.below(100);
    if (choice < 12) this.#commit();
    else if (choice < 13) this.#restart();
    else if (choice < 15) this.#compact();
    else if (choice < 20) this.#begin();
    else if (choice < 45) this.#read();
    else for (let steps = this.#numbers.below(8); steps > 0; steps--) this.harness.step();
    const { entries, open } = this.harness;
    assertEquals(open.history.end.position, entries.length);
  }

  #commit(): void {
    const batch = Array.from({ length: 1 + this.#numbers.below(12) }, () => {
      const origin = this.#numbers.below(ORIGINS.length);
      const seq = this.#seqs[origin] = (this.#seqs[origin] ?? 0) + 1;
      return messageEntry(seq, "ż".repeat(this.#numbers.below(16_000)), ORIGINS[origin]);
    });
    this.harness.commit(batch);
  }

  #restart(): void {
    this.harness.settle();
    this.#readers = [];
    this.harness.restart();
  }

  #compact(): void {
    this.harness.settle();
    const segments = this.harness.open.log.segment - 1;
    if (segments === 0) return this.harness.open.log.sealSegment();
    const rest = this.#numbers.below(4);
    this.harness.beginCompaction(1 + this.#numbers.below(segments), ({ seq }) => seq % 4 === rest);
  }

  #begin(): void {
    const has: Version = this.harness.versionAt(this.#numbers.below(this.harness.entries.length + 1));
    const { history } = this.harness.open;
    const place = history.latestPlace((version) => covers(has, version));
    assertEquals(place.version, this.harness.versionAt(place.position));
    this.#readers.push({ cursor: history.cursor(place), isWaiting: false });
    if (this.#readers.length > 4) this.#readers.shift()?.cursor.close();
  }

  #read(): void {
    const reader = this.#readers[this.#numbers.below(4)];
    if (reader === undefined || reader.isWaiting) return;
    const { cursor } = reader;
    const { position } = cursor.place;
    const limit = position + this.#numbers.below(80);
    reader.isWaiting = true;
    cursor.next(limit, (outcome) => {
      reader.isWaiting = false;
      if (outcome instanceof Error) throw outcome;
      const expected = this.harness.entries.slice(position, position + outcome.length);
      const entries = entriesOf(outcome);
      assertEquals(entries.map(placeOf), expected.map(placeOf));
      for (const [i, entry] of entries.entries()) assertSame(entry, expected[i]);
      assertEquals(cursor.place, this.harness.placeAt(position + outcome.length));
      assertEquals(outcome.length > 0 || limit === position || position === expected.length + position, true);
      this.handed += outcome.length;
    });
  }
}

function placeOf({ origin, seq, stamp }: Entry): unknown[] {
  return [origin, seq, stamp];
}

/** The content may have been erased meanwhile. */
function assertSame(entry: Entry, expected: Entry | undefined): void {
  if (entry.type === "messageSent" && entry.digest === 1) {
    assertEquals<unknown>({ ...entry, content: "" }, { ...expected, content: "", digest: 1 });
  } else assertEquals(entry, expected);
}

Deno.test("LogHistory agrees with a model through commits, restarts and compactions in any order", () => {
  const seeds = 12;
  let handed = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new RandomHistory(seed);
    for (let step = 0; step < 500; step++) random.step();
    random.harness.settle();
    const read = random.harness.readFrom(0);
    assertEquals(read.map(placeOf), random.harness.entries.map(placeOf));
    handed += random.handed;
  }
  console.log(`LogHistory: ${seeds} seeds, ${handed} entries handed out in parts`);
  assertGreater(handed, 1_000);
});
