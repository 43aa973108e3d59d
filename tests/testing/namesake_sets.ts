/**
 * Sets of entries about namesakes: accounts that several nodes register under one name and delete, before and
 * after one another.
 *
 * @module
 */

import fc from "fast-check";
import { type Entry, entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import type { EntrySet } from "./entry_sets.ts";

const ORIGINS = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"];

/** Latest creation, and longest life of an account. */
const CREATED_MAX = 20;
const LIFE_MAX = 10;

const origin = fc.constantFrom(...ORIGINS);

/** A namesake: who registers and who deletes it, and when; some are not deleted, some are deleted twice. */
const namesake = fc.record({
  name: fc.constantFrom("bob", "Bob"),
  created: fc.tuple(origin, fc.integer({ min: 1, max: CREATED_MAX })),
  /** How far behind its own stamp it knows deletions, if clocks differ. */
  knew: fc.option(fc.integer({ min: 0, max: LIFE_MAX })),
  deletions: fc.array(fc.tuple(origin, fc.integer({ min: 1, max: LIFE_MAX })), { maxLength: 2 }),
});

/** An event that waits for its place. */
interface Waiting {
  readonly origin: string;
  readonly stamp: number;
  readonly event: Event;
}

/**
 * Any set of up to six namesakes.
 *
 * @param prefix of the account ids
 * @param after sequence numbers begin behind those of these entries, and stamps after all of theirs
 */
export function anyNamesakes(prefix: string, after: EntrySet = []): fc.Arbitrary<EntrySet> {
  return fc.array(namesake, { maxLength: 6, size: "max" }).map((namesakes) => {
    const waiting = namesakes.flatMap(({ name, created, knew, deletions }, i): Waiting[] => {
      const account = `${prefix}${i}`;
      const [origin, stamp] = created;
      return [
        { origin, stamp, event: accountCreated(account, name, knew === null ? undefined : stamp + knew) },
        ...deletions.map(([origin, life]): Waiting => ({
          origin,
          stamp: stamp + life,
          event: { type: "accountDeleted", account },
        })),
      ];
    });
    const first = Math.max(0, ...after.flat().map(({ stamp }) => stamp));
    return ORIGINS.map((origin, i) => {
      const own = waiting.filter((each) => each.origin === origin);
      return placed(origin, own, after[i]?.length ?? 0, first);
    });
  });
}

function placed(origin: string, waiting: readonly Waiting[], seq: number, first: number): Entry[] {
  let last = first;
  return [...waiting].sort((a, b) => a.stamp - b.stamp).map(({ stamp, event }, i) => {
    last = Math.max(last + 1, first + stamp);
    return entryOf(origin, seq + i + 1, last, later(event, last - stamp));
  });
}

function accountCreated(account: string, name: string, knewDeletionsTo: number | undefined): Event {
  const event = { type: "accountCreated", account, name, hash: "h" } as const;
  return knewDeletionsTo === undefined ? event : { ...event, knewDeletionsTo };
}

/** The event with its own stamp moved like that of its entry. */
function later(event: Event, by: number): Event {
  if (event.type !== "accountCreated" || event.knewDeletionsTo === undefined) return event;
  return { ...event, knewDeletionsTo: event.knewDeletionsTo + by };
}
