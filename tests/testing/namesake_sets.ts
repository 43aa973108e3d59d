/**
 * Sets of entries about namesakes: accounts that several nodes register under one name and delete, before and
 * after one another, and whose names are forgotten.
 *
 * @module
 */

import fc from "fast-check";
import { type Entry, entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import type { EntrySet } from "./entry_sets.ts";

/** Latest creation, and longest life of an account. */
const CREATED_MAX = 20;
const LIFE_MAX = 10;

/** A namesake: some are not deleted, some are deleted twice, and the names of some are forgotten. */
interface Namesake {
  readonly name: string;
  /** Origin and stamp of the creation. */
  readonly created: readonly [string, number];
  /** Distance from its own stamp up to which it knows deletions, if clocks differ. */
  readonly knew: number | null;
  /** Origins of the deletions, and ages. */
  readonly deletions: readonly (readonly [string, number])[];
  /** Origin of the entry that forgets its name, and time after the first deletion. */
  readonly forgotten: readonly [string, number] | null;
}

function anyNamesake(origins: readonly string[]): fc.Arbitrary<Namesake> {
  const origin = fc.constantFrom(...origins);
  const later = fc.tuple(origin, fc.integer({ min: 1, max: LIFE_MAX }));
  return fc.record({
    name: fc.constantFrom("bob", "Bob"),
    created: fc.tuple(origin, fc.integer({ min: 1, max: CREATED_MAX })),
    knew: fc.option(fc.integer({ min: 0, max: LIFE_MAX })),
    deletions: fc.array(later, { maxLength: 2 }),
    forgotten: fc.option(later, { freq: 2 }),
  });
}

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
 * @param origins of the entries
 */
export function anyNamesakes(
  prefix: string,
  origins: readonly string[] = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"],
): fc.Arbitrary<EntrySet> {
  return fc.array(anyNamesake(origins), { maxLength: 6, size: "max" }).map((namesakes) => {
    const waiting = namesakes.flatMap((namesake, i) => eventsOf(`${prefix}${i}`, namesake));
    return origins.map((origin) => placed(origin, waiting.filter((each) => each.origin === origin)));
  });
}

function eventsOf(account: string, { name, created, knew, deletions, forgotten }: Namesake): Waiting[] {
  const [origin, stamp] = created;
  const knewDeletionsTo = knew === null ? undefined : stamp + knew;
  const waiting: Waiting[] = [{ origin, stamp, event: accountCreated(account, name, knewDeletionsTo) }];
  for (const [origin, life] of deletions) {
    waiting.push({ origin, stamp: stamp + life, event: { type: "accountDeleted", account } });
  }
  const life = deletions[0]?.[1];
  if (life !== undefined && forgotten !== null) {
    const [origin, later] = forgotten;
    waiting.push({ origin, stamp: stamp + life + later, event: { type: "nameForgotten", account } });
  }
  return waiting;
}

function placed(origin: string, waiting: readonly Waiting[]): Entry[] {
  let last = 0;
  return [...waiting].sort((a, b) => a.stamp - b.stamp).map(({ stamp, event }, i) => {
    last = Math.max(last + 1, stamp);
    return entryOf(origin, i + 1, last, later(event, last - stamp));
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
