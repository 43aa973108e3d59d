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
}

/** A query that is under way. */
interface Turn {
  readonly id: number;
  readonly isLong: boolean;
  readonly slices: Slices<ArchivePage>;
}

/** The reader. Queries take turns; long ones let the short ones go before them. */
export class ArchiveReader {
  #archive: ReadArchive | undefined;
  readonly #turns: Turn[] = [];
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
    const short = this.#turns.findIndex((turn) => !turn.isLong);
    const [turn] = this.#turns.splice(Math.max(short, 0), 1);
    if (turn !== undefined) this.#attempt(() => this.#step(turn));
    return this.#turns.length > 0 ? 0 : undefined;
  }

  #step(turn: Turn): void {
    for (let left = TURN_WORK; left > 0;) {
      const { done, value } = turn.slices.next();
      if (done) return this.#host.report({ type: "answered", id: turn.id, page: value });
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
      this.#host.report({ type: "failed", problem: error.message, remedy: remedyOf(error) });
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
  return type === "search" || type === "knownIds";
}
