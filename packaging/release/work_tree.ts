/**
 * Whether the files of a git work tree are those of its commit, read from what git prints.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";

/** How many files a message names. */
const NAMES_MAX = 5;

/** A line of `git status --porcelain`: two letters for the state, and the name (git-status, "Short Format"). */
const STATUS_LINE = /^[ MTADRCU?!]{2} (.+)$/;

/**
 * Says what is not committed, and what to do about it.
 *
 * @param status what `git status --porcelain` printed
 * @returns undefined if everything is committed
 */
export function dirtyTreeProblem(status: string): string | undefined {
  const names = status.split("\n").flatMap((line) => STATUS_LINE.exec(line)?.[1] ?? []);
  if (names.length === 0) return undefined;
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "";
  return `${counted(names.length, "change")} not committed: ${
    names.slice(0, NAMES_MAX).join(", ")
  }${more}; ` +
    "a release is made of a commit, so commit them, or put them away with git stash --include-untracked";
}
