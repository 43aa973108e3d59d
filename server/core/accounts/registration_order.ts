/**
 * The order in which accounts were registered, in which the original lists them.
 *
 * @module
 */

import type { Place } from "../entry.ts";
import { SLICE_WORK, type Slices } from "../slices.ts";
import { compareMoments } from "../stamp.ts";
import type { State } from "../state.ts";
import type { Account } from "./account.ts";

/** An account with the moment of its registration, which does not change while the order is made. */
interface Registered {
  readonly account: Account;
  readonly created: Place;
}

/**
 * Accounts in the order of their registration, the same at every node. Each that is listed all the time is among
 * them; some may be deleted by the last slice.
 */
export function* inOrderOfRegistration(state: State): Slices<readonly Account[]> {
  let runs: Registered[][] = [];
  for (const names of state.directory.names("", "")) {
    const run = names.flatMap((name): Registered[] => {
      const account = state.directory.named(name);
      return account?.created === undefined ? [] : [{ account, created: account.created }];
    });
    runs.push(run.sort((a, b) => compareMoments(a.created, b.created)));
    yield names.length;
  }
  while (runs.length > 1) {
    const merged: Registered[][] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergedRuns(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  return (runs[0] ?? []).map(({ account }) => account);
}

function* mergedRuns(a: readonly Registered[], b: readonly Registered[]): Slices<Registered[]> {
  const merged: Registered[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [first, second] = [a[i], b[j]];
    if (first === undefined && second === undefined) break;
    if (second === undefined || (first !== undefined && compareMoments(first.created, second.created) < 0)) {
      if (first !== undefined) merged.push(first);
      i++;
    } else {
      merged.push(second);
      j++;
    }
    if (merged.length % SLICE_WORK === 0) yield SLICE_WORK;
  }
  yield merged.length % SLICE_WORK;
  return merged;
}
