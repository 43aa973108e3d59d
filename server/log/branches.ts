/**
 * All branches of a log that get origins of their own (`proto/log_format.md`, section 8).
 *
 * @module
 */

import type { Entry, Place } from "../core/entry.ts";
import type { Digest } from "../ports/outside.ts";
import { Branch } from "./branch.ts";
import type { StoredFork } from "./fork_file.ts";

/** Makes the branches of forks: each ends where the next one of its origin begins. */
export function branchesOf(forks: readonly StoredFork[], digest: Digest): Branch[] {
  // Two other branches may part at one place: that is one branch here. The fork that was found last counts.
  const byPlace = new Map(forks.map((fork) => [`${fork.origin}/${fork.after}`, fork]));
  return [...byPlace.values()].map((fork) => {
    const later = forks.filter(({ origin, after }) => origin === fork.origin && after > fork.after);
    return new Branch(fork, Math.min(...later.map(({ after }) => after)), digest);
  });
}

/** The branches without those of an origin that its node goes on with. */
export function movingBranches(branches: readonly Branch[]): Branch[] {
  const gone = new Set(branches.filter(({ hasGoneOn }) => hasGoneOn).map(({ fork }) => fork.origin));
  return branches.filter(({ fork }) => !gone.has(fork.origin));
}

/** An entry under its new name, `undefined` if the log has that too; one of no branch as it is. */
export function movedEntry(branches: readonly Branch[], entry: Entry): Entry | undefined {
  const branch = branches.find((branch) => branch.has(entry));
  if (branch === undefined) return entry;
  return branch.hasMoved(entry) ? undefined : { ...withKeys(branch, entry), ...branch.moved(entry) };
}

/**
 * The entry with the entries of its branch that it names under their new names. Those of other branches keep theirs:
 * another node may not know of that branching, and must make the same entry.
 */
function withKeys(branch: Branch, entry: Entry): Entry {
  switch (entry.type) {
    case "passwordRehashed":
    case "tokenIssued":
      return { ...entry, password: movedKey(branch, entry.password) };
    case "tokenRevoked":
      return { ...entry, issued: movedKey(branch, entry.issued) };
    default:
      return entry;
  }
}

/** @param key names an entry (`entryKey`) */
function movedKey(branch: Branch, key: string): string {
  const slash = key.lastIndexOf("/");
  const place: Place = { origin: key.slice(0, slash), seq: Number(key.slice(slash + 1)), stamp: 0 };
  if (!branch.has(place)) return key;
  const { origin, seq } = branch.moved(place);
  return `${origin}/${seq}`;
}
