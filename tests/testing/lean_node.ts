/**
 * A node whose settled messages leave memory, beside one that keeps everything.
 *
 * @module
 */

import type { Change } from "../../server/core/change.ts";
import type { Entry } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import type { ArchivePage, ArchiveQuery } from "../../server/core/messages/archived.ts";
import type { Answer, Inquiry } from "../../server/core/messages/inquiry.ts";
import { Residency } from "../../server/core/messages/residency.ts";
import { bringBack, returningIds } from "../../server/core/messages/returning.ts";
import { State } from "../../server/core/state.ts";
import { answerOf } from "./memory_archive.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { wholeOf } from "./whole_of.ts";

/** An archive that folds what it is told to. */
export interface FoldingArchive {
  /** Number of entries folded. */
  readonly position: number;
  fold(entries: readonly Entry[]): void;
  answer(query: ArchiveQuery): ArchivePage;
}

/** An archive that is a state. */
export class StateArchive implements FoldingArchive {
  readonly #state = new State();

  get position(): number {
    return this.#state.position;
  }

  fold(entries: readonly Entry[]): void {
    for (const entry of entries) evolve(this.#state, entry);
  }

  answer(query: ArchiveQuery): ArchivePage {
    return answerOf(this.#state, query);
  }
}

/** The state of a node, and its archive, which lags behind it. */
export class LeanNode {
  readonly state: State;
  readonly seen = { evicted: 0, broughtBack: 0, asked: 0, marksDropped: 0 };
  readonly #entries: Entry[];
  readonly #archive: FoldingArchive;
  readonly #residency: Residency;

  /**
   * @param state the fold of `entries`, of which messages may be missing that the archive has
   * @param lacksIds true if it has to learn first which ids the archive has
   */
  constructor(
    archive: FoldingArchive,
    lacksIds: boolean,
    state = new State(),
    entries: readonly Entry[] = [],
  ) {
    this.#archive = archive;
    this.#entries = [...entries];
    this.state = state;
    this.#residency = new Residency(state);
    this.state.residency = this.#residency;
    if (lacksIds) this.state.evicted.lackIds();
  }

  /** Learns which ids the archive has, unless it knows. */
  learnIds(): void {
    const { evicted } = this.state;
    const { ids } = this.#archive.answer({ type: "knownIds", account: "" });
    if (!evicted.isComplete && ids !== undefined) evicted.complete(ids);
  }

  /** Folds an entry; returns the changes. */
  fold(entry: Entry): readonly Change[] {
    const ids = returningIds(this.state, [entry]);
    if (ids.length > 0) {
      const before = this.state.messages.size;
      bringBack(this.state, this.#archive.answer({ type: "ids", account: "", ids }).messages);
      this.seen.broughtBack += this.state.messages.size - before;
    }
    this.#entries.push(entry);
    return evolve(this.state, entry);
  }

  /** Lets the archive fold the next entries, at most so many. */
  follow(count: number): void {
    const { position } = this.#archive;
    this.#archive.fold(this.#entries.slice(position, position + count));
  }

  /** Evicts some of what may leave memory, and drops early marks. */
  evict(numbers: SeededNumbers): void {
    const residency = this.#residency;
    residency.reached(this.#archive.position);
    if (numbers.below(3) === 0) residency.erased(numbers.below(this.#archive.position + 1));
    const before = this.state.messages.size;
    residency.evict(1 + numbers.below(20));
    this.seen.evicted += before - this.state.messages.size;
    const keys = residency.takeMarks(numbers.below(8));
    if (numbers.below(4) === 0) return residency.putBack(keys);
    const marks = this.state.earlyMarks.size;
    const ids = keys.map((key) => key.split("/", 3)[2] ?? "");
    residency.dropMarks(this.#archive.answer({ type: "ids", account: "", ids }).messages);
    this.seen.marksDropped += marks - this.state.earlyMarks.size;
  }

  /** Runs an inquiry with the answers of the archive. */
  run<Result>(inquiry: Inquiry<Result>): Result {
    return wholeOf(inquiry, (query) => this.#answer(query));
  }

  #answer(query: ArchiveQuery): Answer {
    this.seen.asked++;
    return this.#archive.answer(query);
  }
}
