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
  /** Moment of the earliest deletion; `undefined` if it was not deleted. */
  readonly deleted: Moment | undefined;
}

/**
 * Displayed names of the accounts registered under one name (in either case), in the order given.
 *
 * An account is renamed if and only if another one was created before it and was not deleted by then. It
 * becomes `name~node`, with the name of the node that created it; further ones of that node become
 * `name~node~2` and so on.
 */
export function shownNames(namesakes: readonly Namesake[]): string[] {
  const ordered = [...namesakes].sort((a, b) => compareMoments(a.created, b.created));
  const renamedAt = new Map<string, number>();
  const shown = new Map<Namesake, string>();
  for (const [i, namesake] of ordered.entries()) {
    const taken = ordered.slice(0, i).some((earlier) => holdsNameAt(earlier, namesake.created));
    shown.set(namesake, taken ? renamed(namesake, renamedAt) : namesake.registeredName);
  }
  return namesakes.map((namesake) => shown.get(namesake) ?? namesake.registeredName);
}

function holdsNameAt(namesake: Namesake, moment: Moment): boolean {
  return namesake.deleted === undefined || compareMoments(namesake.deleted, moment) > 0;
}

function renamed(namesake: Namesake, renamedAt: Map<string, number>): string {
  const node = nodeOf(namesake.created.origin);
  const count = (renamedAt.get(node) ?? 0) + 1;
  renamedAt.set(node, count);
  const suffix = count === 1 ? "" : `~${count}`;
  return `${namesake.registeredName}~${node}${suffix}`;
}
