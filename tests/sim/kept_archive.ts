/**
 * The files of an archive, in memory: they outlive the process that writes them, and a power loss takes them back to any
 * earlier transaction.
 *
 * @module
 */

import type { Entry } from "../../server/core/entry.ts";
import type { State } from "../../server/core/state.ts";
import { advance, type Reached } from "../../server/core/version.ts";
import type { WrittenArchive } from "../../server/follower/written_archive.ts";
import type { ResidentArchive } from "../../server/follower/resident_archive.ts";
import type { LogPlace, SegmentBeginning } from "../../server/ports/history.ts";
import { FoldedArchive } from "../testing/folded_archive.ts";
import { answerOf } from "../testing/memory_archive.ts";
import { loadPart, type ResidentPart } from "../testing/resident_part.ts";
import type { ServerProcess } from "./server_process.ts";

/** A transaction: a fold, or a slice of compaction. */
type Transaction =
  | {
    readonly entries: readonly Entry[];
    readonly position: number;
    readonly beginnings: readonly SegmentBeginning[];
  }
  | { readonly erased: number };

/** An archive whose content is the state of the core, folded a second time from the files of the log. */
export class KeptArchive implements WrittenArchive {
  readonly #folded = new FoldedArchive();
  readonly #beginnings = new Map<number, SegmentBeginning>();
  #position = 0;
  readonly #version = new Map<string, Reached>();
  readonly #transactions: Transaction[] = [];
  readonly #writer: () => ServerProcess | undefined;

  /** @param writer the process whose log is folded */
  constructor(writer: () => ServerProcess | undefined) {
    this.#writer = writer;
  }

  /** The fold of everything up to its place. */
  get state(): State {
    return this.#folded.state;
  }

  get place(): LogPlace {
    return { position: this.#position, version: this.#version };
  }

  get messages(): number {
    return this.state.storedMessages;
  }

  /** Time of the newest message that it ever had, microseconds since the Unix epoch; -1 if there is none. */
  get newest(): number {
    return this.#folded.resident.newest;
  }

  /** Number of transactions so far. */
  get transactions(): number {
    return this.#transactions.length;
  }

  /** The last segment whose beginning is noted; 0 if none is. A start from this archive opens the log there. */
  get lastBeginning(): number {
    return Math.max(0, ...this.#beginnings.keys());
  }

  beginningBefore(segment: number): SegmentBeginning | undefined {
    return [...this.#beginnings.values()].findLast((each) => each.segment <= segment);
  }

  fold(entries: readonly Entry[], position: number, beginnings: readonly SegmentBeginning[]): void {
    for (const entry of entries) this.#checkSynced(entry);
    this.#commit({ entries, position, beginnings });
  }

  /** Nothing: each call is a transaction of its own. */
  rollBack(): void {}

  /** Invariant 2: nothing is folded that a power loss could take from the log. */
  #checkSynced({ origin, seq }: Entry): void {
    const process = this.#writer();
    if (process === undefined) return;
    const { life, machine } = process;
    const isSynced = life.has({ origin, seq });
    const message = (): string => `the archive of ${machine.name} has ${origin}/${seq} before it is synced`;
    machine.world.checks.check(2, isSynced, message);
  }

  compact(_wallMs: number, erased: number): boolean {
    this.#commit({ erased });
    return false;
  }

  #commit(transaction: Transaction): void {
    this.#transactions.push(transaction);
    if ("erased" in transaction) return this.#folded.forgetErased(transaction.erased);
    const { entries, position, beginnings } = transaction;
    this.#folded.fold(entries, position);
    for (const entry of entries) advance(this.#version, entry);
    for (const beginning of beginnings) this.#beginnings.set(beginning.segment, beginning);
    this.#position = position;
  }

  /** The archive as it was after so many transactions: a power loss takes the last ones, as they are not synced. */
  after(transactions: number): KeptArchive {
    const earlier = new KeptArchive(this.#writer);
    for (const transaction of this.#transactions.slice(0, transactions)) earlier.#commit(transaction);
    return earlier;
  }

  /**
   * Opens it for a start.
   *
   * @param read what the start reads of what it loads
   * @throws {Error} if it has nothing yet
   */
  open(read: (part: ResidentPart) => ResidentPart): ResidentArchive {
    const { position } = this.place;
    if (position === 0) throw new Error("it has no entry of the log yet");
    return {
      part: { position, version: new Map(this.#version), beginnings: [...this.#beginnings.values()] },
      load: (state, wallMs) => loadPart(read(this.#folded.resident), state, wallMs),
      withId: (id) => answerOf(this.state, { type: "ids", account: "", ids: [id] }).messages,
      close: () => {},
    };
  }

  close(): void {}
}
