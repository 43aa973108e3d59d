/**
 * The git repository that a release is made from. It is only read.
 *
 * @module
 */

import { PackagingError } from "../packaging_error.ts";
import { run } from "../run.ts";
import { dirtyTreeProblem } from "./work_tree.ts";

/**
 * Hash of the commit that the work tree holds.
 *
 * @throws {PackagingError} if a file differs from the commit, or git fails
 */
export async function committedTree(): Promise<string> {
  // The settings of the caller may hide files.
  const everything = ["--untracked-files=all", "--ignore-submodules=none"];
  const problem = dirtyTreeProblem(await git("status", "--porcelain", ...everything));
  if (problem !== undefined) throw new PackagingError(problem);
  return (await git("rev-parse", "HEAD")).trim();
}

/** @throws {PackagingError} if the files of the work tree are no longer those of `commit` */
export async function checkUnchanged(commit: string): Promise<void> {
  const now = await committedTree();
  if (now === commit) return;
  throw new PackagingError(
    `the commit was ${commit} at the beginning and is ${now} now; what is released has to be what was ` +
      "tested, so leave the files alone meanwhile, and begin again",
  );
}

/** @throws {PackagingError} if the tag exists */
export async function checkNoTag(tag: string): Promise<void> {
  if ((await git("tag", "--list", tag)).trim() === "") return;
  throw new PackagingError(
    `the tag ${tag} exists already; raise the version in deno.json, or remove the tag with git tag ` +
      `--delete ${tag} if nobody has it yet`,
  );
}

async function git(...args: string[]): Promise<string> {
  const { success, text } = await run("git", args).catch((error: Error) => {
    throw new PackagingError(`a release needs git, which cannot be started: ${error.message}`);
  });
  if (success) return text;
  throw new PackagingError(
    `a release is made from the project's git work tree; git ${args.join(" ")} says: ${
      text.trim().split("\n")[0]
    }`,
  );
}
