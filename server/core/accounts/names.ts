/**
 * The names of namesakes: accounts registered under one name. Two nodes that cannot reach each other may both
 * register the same name. Both accounts live on, and every node derives the same displayed names for them.
 *
 * @module
 */

import { nodeOf } from "../entry.ts";
import { compareMoments, type Moment } from "../stamp.ts";

/** The facts about an account that decide on displayed names. */
export interface Namesake {
  readonly registeredName: string;
  readonly created: Moment;
  /** Stamp up to which its node knew of deletions, if that is later than `created`. */
  readonly knewDeletionsTo: number | undefined;
  /** Moment of the earliest deletion; `undefined` if it was not deleted. */
  readonly deleted: Moment | undefined;
}

/** Comes after every origin. */
const LAST_ORIGIN = "\uffff";

/** A namesake with a number behind its name; 0 if it is displayed as registered. */
interface Numbered {
  readonly namesake: Namesake;
  readonly number: number;
}

/**
 * Displayed names of the accounts registered under one name (in either case), in the order given.
 *
 * An account is renamed if and only if another one was created before it and was not deleted by then, as far as
 * its node knew. It becomes `name~node`, with the name of the node that created it, or `name~node~2` and so on: the smallest
 * number that none of those others has.
 */
export function shownNames(namesakes: readonly Namesake[]): string[] {
  const shown = new Map<Namesake, string>();
  let earlier: Numbered[] = [];
  for (const namesake of inOrder(namesakes)) {
    // An account deleted by now holds the name for nobody later. Many people may have had one name, one by one.
    earlier = earlier.filter((each) => isDeletedAfter(each.namesake, namesake.created));
    const horizon = horizonOf(namesake);
    const holders = earlier.filter((each) => isDeletedAfter(each.namesake, horizon));
    const number = holders.length === 0 ? 0 : freeNumber(namesake, holders);
    earlier.push({ namesake, number });
    shown.set(namesake, numbered(namesake, number));
  }
  return namesakes.map((namesake) => shown.get(namesake) ?? namesake.registeredName);
}

/**
 * The deleted ones of some namesakes whose names still decide on a displayed name: a living namesake, or one
 * that is needed itself, was created before their deletion.
 */
export function neededNamesakes<Any extends Namesake>(namesakes: readonly Any[]): ReadonlySet<Any> {
  const needed = new Set<Any>();
  let next: Moment | undefined;
  for (const namesake of inOrder(namesakes).reverse()) {
    if (namesake.deleted !== undefined) {
      if (next === undefined || !isDeletedAfter(namesake, next)) continue;
      needed.add(namesake);
    }
    const horizon = horizonOf(namesake);
    if (next === undefined || compareMoments(horizon, next) < 0) next = horizon;
  }
  return needed;
}

function inOrder<Any extends Namesake>(namesakes: readonly Any[]): Any[] {
  return [...namesakes].sort((a, b) => compareMoments(a.created, b.created));
}

/** The moment up to which deletions make room for an account: its creation, or later if clocks differ. */
function horizonOf({ created, knewDeletionsTo = 0 }: Namesake): Moment {
  return knewDeletionsTo < created.stamp ? created : { stamp: knewDeletionsTo, origin: LAST_ORIGIN };
}

function isDeletedAfter({ deleted }: Namesake, moment: Moment): boolean {
  return deleted === undefined || compareMoments(deleted, moment) > 0;
}

function freeNumber({ created }: Namesake, holders: readonly Numbered[]): number {
  const node = nodeOf(created.origin);
  const taken = new Set(
    holders.filter(({ namesake }) => nodeOf(namesake.created.origin) === node).map(({ number }) => number),
  );
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}

function numbered({ registeredName, created }: Namesake, number: number): string {
  if (number === 0) return registeredName;
  return `${registeredName}~${nodeOf(created.origin)}${number === 1 ? "" : `~${number}`}`;
}
