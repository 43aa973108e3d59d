/**
 * An archive that is late: it answers with what was so when it was asked, and is busy now and then.
 *
 * @module
 */

import type { State } from "../../server/core/state.ts";
import type {
  ArchiveStatus,
  MessageArchive,
  SearchOutcome,
  SearchQuery,
} from "../../server/ports/archive.ts";
import { searchState } from "../testing/memory_archive.ts";
import type { Chance } from "./chance.ts";
import type { Act } from "./event_queue.ts";

/** Usual and longest time of a search, ms. */
const SEARCH_MS = 20;
const SEARCH_MS_MAX = 1_000;

/** Share of the searches that find the archive busy. */
const BUSY_SHARE = 0.05;

/** An archive that reads the state of its process. */
export class SimulatedArchive implements MessageArchive {
  readonly #state: State;
  readonly #chance: Chance;
  readonly #later: (ms: number, act: Act) => void;

  /** @param later runs a callback after a while */
  constructor(state: State, chance: Chance, later: (ms: number, act: Act) => void) {
    this.#state = state;
    this.#chance = chance;
    this.#later = later;
  }

  search(query: SearchQuery, done: (outcome: SearchOutcome) => void): void {
    const isBusy = this.#chance.is(BUSY_SHARE);
    const outcome = isBusy
      ? { problem: "busy", retryAfterSeconds: 1 } as const
      : searchState(this.#state, query);
    this.#later(this.#chance.delay(SEARCH_MS, SEARCH_MS_MAX), () => done(outcome));
  }

  status(): ArchiveStatus {
    return { position: 0, lag: 0, isBuilding: false, problem: undefined };
  }
}
