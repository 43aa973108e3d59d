/**
 * Which messages are in memory: settled ones leave it as the archive comes up with the log, a few at a time, and those
 * that come again come back before.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { ArchivedMessage, IdQuery } from "../core/messages/archived.ts";
import { messageIdOf } from "../core/messages/early_mark.ts";
import { Residency } from "../core/messages/residency.ts";
import { bringBack, returningIds } from "../core/messages/returning.ts";
import type { State } from "../core/state.ts";
import type { MessageArchive } from "../ports/archive.ts";
import type { Timers } from "../ports/outside.ts";

/** Most messages that are looked at in one go: it takes less than a millisecond. */
const LOOKS = 500;

/** Time between two goes, ms. */
const PAUSE_MS = 10;

/** Most ids of one question. */
const IDS_MAX = 500;

/** Time after which the archive is asked again if it could not answer, ms. */
const ASK_AGAIN_MS = 250;

/** Time after which it is asked for all ids again, ms. */
const LEARN_AGAIN_MS = 2_000;

/** Parts of the residency of a node. */
interface ResidentOptions {
  readonly state: State;
  readonly archive: MessageArchive;
  readonly timers: Timers;
}

/** The messages of a node that are in memory. */
export class ResidentMessages {
  readonly #options: ResidentOptions;
  readonly #residency: Residency;
  #isDue = false;
  #isAsking = false;
  #isStopped = false;

  constructor(options: ResidentOptions) {
    this.#options = options;
    this.#residency = new Residency(options.state);
    options.state.residency = this.#residency;
    if (!options.state.evicted.isComplete) this.#learnIds();
  }

  /** After a start from the archive, the node does not know which ids it has: until then, each may be known. */
  #learnIds(): void {
    const { archive, state, timers } = this.#options;
    archive.ask({ type: "knownIds", account: "all ids" }, (outcome) => {
      if (this.#isStopped) return;
      if ("ids" in outcome && outcome.ids !== undefined) state.evicted.complete(outcome.ids);
      else timers.after(LEARN_AGAIN_MS, () => this.#isStopped || this.#learnIds());
    });
  }

  /** The archive has folded so many entries, and no query under way began before. */
  reached(position: number): void {
    this.#residency.reached(position);
    this.#goOn();
  }

  /** Nothing that the first `position` entries delete is left in the log. */
  erased(position: number): void {
    this.#residency.erased(position);
    this.#goOn();
  }

  /** Nothing leaves memory any more, and nothing comes back. */
  stop(): void {
    this.#isStopped = true;
  }

  #goOn(): void {
    if (this.#isDue || this.#isStopped) return;
    this.#isDue = true;
    this.#options.timers.after(PAUSE_MS, () => {
      this.#isDue = false;
      if (this.#isStopped) return;
      if (this.#residency.evict(LOOKS)) this.#goOn();
      else this.#dropMarks();
    });
  }

  /** Drops early marks that the archive has, if it has their messages. */
  #dropMarks(): void {
    if (this.#isAsking) return;
    const keys = this.#residency.takeMarks(IDS_MAX);
    if (keys.length === 0) return;
    this.#isAsking = true;
    this.#options.archive.ask(queryOf([...new Set(keys.map(messageIdOf))]), (outcome) => {
      this.#isAsking = false;
      if ("problem" in outcome) return this.#residency.putBack(keys);
      this.#residency.dropMarks(outcome.messages);
      this.#goOn();
    });
  }

  /**
   * Brings back what entries of other nodes are about to repeat. While the archive cannot answer, it is asked again.
   *
   * @param then called when they can be folded, perhaps before this returns
   */
  bringBack(entries: readonly Entry[], then: () => void): void {
    if (this.#isStopped) return;
    const { state } = this.#options;
    const ids = returningIds(state, entries).slice(0, IDS_MAX);
    if (ids.length === 0) return then();
    this.#find(ids, (found) => {
      bringBack(state, found);
      // Again, because others of these messages may have left memory meanwhile; but not for those that the archive does
      // not have. It may have another message with the same id.
      const asked = new Set(ids);
      this.bringBack(entries.filter((entry) => !isMissing(state, entry, asked)), then);
    });
  }

  #find(ids: readonly string[], then: (found: readonly ArchivedMessage[]) => void): void {
    const { archive, timers } = this.#options;
    archive.ask(queryOf(ids), (outcome) => {
      if (this.#isStopped) return;
      if ("messages" in outcome) then(outcome.messages);
      else timers.after(ASK_AGAIN_MS, () => this.#find(ids, then));
    });
  }
}

/** True if a message is not in memory although the archive was asked for its id. */
function isMissing(state: State, entry: Entry, asked: ReadonlySet<string>): boolean {
  return returningIds(state, [entry]).some((id) => asked.has(id));
}

/** A look-up of the node itself. */
function queryOf(ids: readonly string[]): IdQuery {
  return { type: "ids", account: "", ids };
}
