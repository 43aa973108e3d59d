/**
 * Finds uncommitted changes of a git work tree in the output of git.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";

/** Maximum number of files that a message names. */
const NAMES_MAX = 5;

/** A line of `git status --porcelain`: two letters of state, and the name (git-status, "Short Format"). */
const STATUS_LINE = /^[ MTADRCU?!]{2} (.+)$/;

/**
 * A message about uncommitted changes, with the way out.
 *
 * @param status output of `git status --porcelain`
 * @returns `undefined` if everything is committed
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
