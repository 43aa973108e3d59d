/**
 * The program behind `deno task release`: turns a commit into released files.
 *
 * @module
 */

import { counted } from "../common/counted.ts";
import { VERSION } from "../common/version.ts";
import { checkBaseRuntime } from "./compile/base_runtime.ts";
import { CHANGE_LOG, changeLogProblem, releasedChangeLog } from "./release/change_log.ts";
import { DEFAULT_FOLDER } from "./compile/compile_arguments.ts";
import { DenoCompiler } from "./compile/deno_compiler.ts";
import { makeExecutables } from "./compile/make_executables.ts";
import { endWith, PackagingError, USAGE_STATUS } from "./packaging_error.ts";
import { checkNothingElse, clear, namesIn, releasedFiles } from "./release/release_folder.ts";
import { checkNoTag, checkUnchanged, committedTree } from "./release/release_repository.ts";
import { TARGETS } from "./targets.ts";

const TAG = `v${VERSION}`;

if (Deno.args.length > 0) {
  console.error(`release: ${Deno.args[0]} is not known; deno task release takes no arguments`);
  Deno.exit(USAGE_STATUS);
}
await release().catch((error) => endWith("release", error));

async function release(): Promise<void> {
  const commit = await committedTree();
  const denoVersion = await checkReady();
  await runTests();
  // The tested commit must be the compiled one, and the compiled one must be the recorded one.
  await checkUnchanged(commit);
  await makeFiles();
  await checkUnchanged(commit);
  await writeChangeLog(denoVersion);
  console.log(whatIsLeft());
}

/**
 * Checks at once everything that could stop the release later.
 *
 * @returns version of the Deno that will compile
 * @throws {PackagingError} if something would stop it
 */
async function checkReady(): Promise<string> {
  const problem = changeLogProblem(await Deno.readTextFile(CHANGE_LOG), VERSION);
  if (problem !== undefined) throw new PackagingError(problem);
  await checkNoTag(TAG);
  await checkNothingElse(DEFAULT_FOLDER);
  await checkBaseRuntime(TARGETS);
  return (await DenoCompiler.find()).version;
}

async function runTests(): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args: ["task", "ok"], stdin: "null" });
  const { success, code } = await command.spawn().status;
  if (success) return;
  throw new PackagingError(`deno task ok ends with status ${code}; nothing was made or changed`);
}

async function makeFiles(): Promise<void> {
  await clear(DEFAULT_FOLDER);
  try {
    const warn = (line: string): void => console.error(`release: ${line}`);
    await makeExecutables({ targets: TARGETS, output: DEFAULT_FOLDER }, { say: console.log, warn });
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    const there = counted((await namesIn(DEFAULT_FOLDER)).length, "file");
    throw new PackagingError(
      `${error.message}\n${DEFAULT_FOLDER} holds ${there} of a release that is not complete; ${CHANGE_LOG} ` +
        "was not changed, and deno task release can be called again",
      error.status,
    );
  }
}

async function writeChangeLog(denoVersion: string): Promise<void> {
  const changes = await Deno.readTextFile(CHANGE_LOG);
  const date = new Date().toISOString().slice(0, "2000-01-01".length);
  const files = await releasedFiles(DEFAULT_FOLDER);
  await Deno.writeTextFile(
    CHANGE_LOG,
    releasedChangeLog(changes, { version: VERSION, date, denoVersion, files }),
  );
}

function whatIsLeft(): string {
  return `
${VERSION} is made: ${DEFAULT_FOLDER} holds what is to be handed on, all of it, and ${CHANGE_LOG} says so.
What is left to do:

  git diff ${CHANGE_LOG}
  git commit --message="Release ${VERSION}" ${CHANGE_LOG}
  git tag --annotate --message="Release ${VERSION}" ${TAG}
  git push --follow-tags

and then to put the files in ${DEFAULT_FOLDER} where people get them. The next version has to work beside this one;
its tests get the sources of this one with

  deno run --allow-run=git --allow-write tests/testing/archive_version.ts ${TAG}

To take it back before the commit: git restore ${CHANGE_LOG}`;
}
