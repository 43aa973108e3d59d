/**
 * Who has which name. Two accounts can be created under one name while their nodes cannot talk; both
 * live, and every node decides alike which of them is shown under another name.
 *
 * @module
 */

import { nodeOf } from "../entry.ts";
import { compareMoments, type Moment } from "../stamp.ts";

/** What decides about a name. */
export interface Namesake {
  readonly registeredName: string;
  readonly created: Moment;
  /** The earliest deletion. */
  readonly deleted: Moment | undefined;
}

/**
 * The names that accounts registered under one name (whatever the case) are shown under, in the order given.
 * An account is renamed if and only if another has an earlier creation and was not deleted before this one
 * was made: to `name~node`, and to `name~node~2` and so on where that node made several.
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
