/**
 * Answers queries from the archive: the work of the reader's thread, in steps.
 *
 * @module
 */

import type { Slices } from "../core/slices.ts";
import type { ArchivePage, ArchiveQuery } from "../core/messages/archived.ts";
import { remedyOf } from "./remedy.ts";
import type { ReaderReport, ReaderTask } from "./worker_protocol.ts";

/** Work of a query in one turn, units of `core/slices.ts`: some milliseconds, after which others have theirs. */
const TURN_WORK = 30_000;

/** Longest time without a report while there are queries, ms: silence means that the thread hangs. */
const SILENCE_MS = 1_000;

/** Turns of short queries in a row after which a long one has its turn: it is to end, too. */
const SHORT_IN_A_ROW = 16;

/** The database of the archive, as the reader uses it. Every call may throw. */
interface ReadArchive {
  slicesOf(query: ArchiveQuery): Slices<ArchivePage>;
  close(): void;
}

/** The outside of a reader. */
interface ReaderHost {
  /** Opens the archive of a data folder. */
  open(data: string): ReadArchive;
  report(report: ReaderReport): void;
  /** Monotonic time, ms. */
  nowMs(): number;
}

/** A query that is under way. */
interface Turn {
  readonly id: number;
  readonly isLong: boolean;
  readonly slices: Slices<ArchivePage>;
}

/** The reader. Queries take turns; long ones let some short ones go before them. */
export class ArchiveReader {
  #archive: ReadArchive | undefined;
  readonly #turns: Turn[] = [];
  /** Turns of short queries since the last one of a long query. */
  #shortTurns = 0;
  #reportedMs = 0;
  readonly #host: ReaderHost;

  constructor(host: ReaderHost) {
    this.#host = host;
  }

  /** Takes a query; `step` is to be called after it. */
  take({ id, data, query }: ReaderTask): void {
    this.#attempt(() => {
      this.#archive ??= this.#host.open(data);
      const slices = this.#archive.slicesOf(query);
      this.#turns.push({ id, isLong: isLong(query), slices });
    });
  }

  /** Lets one query have its turn; returns 0, the pause until the next step, or `undefined` if there is nothing left. */
  step(): 0 | undefined {
    const turn = this.#next();
    if (turn !== undefined) this.#attempt(() => this.#step(turn));
    if (this.#turns.length === 0) return undefined;
    if (this.#host.nowMs() - this.#reportedMs >= SILENCE_MS) this.#report({ type: "working" });
    return 0;
  }

  #next(): Turn | undefined {
    const isLong = this.#shortTurns >= SHORT_IN_A_ROW;
    const at = this.#turns.findIndex((turn) => turn.isLong === isLong);
    const [turn] = this.#turns.splice(Math.max(at, 0), 1);
    this.#shortTurns = turn === undefined || turn.isLong ? 0 : this.#shortTurns + 1;
    return turn;
  }

  #report(report: ReaderReport): void {
    this.#reportedMs = this.#host.nowMs();
    this.#host.report(report);
  }

  #step(turn: Turn): void {
    for (let left = TURN_WORK; left > 0;) {
      const { done, value } = turn.slices.next();
      if (done) return this.#report({ type: "answered", id: turn.id, page: value });
      left -= value;
    }
    this.#turns.push(turn);
  }

  /** An error ends all queries: the archive is closed, and the node decides on. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#turns.length = 0;
      this.#close();
      this.#report({ type: "failed", problem: error.message, remedy: remedyOf(error) });
    }
  }

  #close(): void {
    try {
      this.#archive?.close();
    } catch {
      // The first error is the one that is told.
    }
    this.#archive = undefined;
  }
}

/** True for a query that lets the short ones go before it. */
function isLong({ type }: ArchiveQuery): boolean {
  return type === "search" || type === "knownIds" || type === "size";
}
