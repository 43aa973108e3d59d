/**
 * The entries that a node makes itself, each in the next place of its origin.
 *
 * @module
 */

import { type Entry, entryOf } from "../core/entry.ts";
import type { Event } from "../core/events.ts";
import { ownStamp } from "../core/stamp.ts";
import { stampedEvent } from "../core/stamped_event.ts";
import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";

/** Makes the entries of one run. */
export class OwnEntries {
  #lead: number;

  /** @param firstLead lead of the first stamp, microseconds */
  constructor(firstLead: number) {
    this.#lead = firstLead;
  }

  /** An event as the next entry of an origin, at this time of the wall clock. */
  next(state: State, origin: string, event: Event, wallMs: number): Entry {
    const stamp = ownStamp(state, origin, wallMs) + this.#lead;
    this.#lead = 0;
    return entryOf(origin, seqOf(state.version, origin) + 1, stamp, stampedEvent(event, stamp));
  }
}
