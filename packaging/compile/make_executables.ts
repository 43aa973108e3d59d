/**
 * Makes a folder of executables from the sources.
 *
 * @module
 */

import { basename } from "node:path";
import { VERSION } from "../../common/version.ts";
import { checkBaseRuntime } from "./base_runtime.ts";
import { bundle } from "./bundle.ts";
import { CHECKSUMS_FILE, writeChecksums } from "../checksums.ts";
import type { CompileRequest } from "./compile_arguments.ts";
import { compilerLimit, DenoCompiler } from "./deno_compiler.ts";
import { compileExecutable, type ExecutableOrder, tryOut } from "./executable.ts";
import { Interruption } from "./interruption.ts";
import { NOTICES_FILE } from "../notices/notices.ts";
import { writeNotices } from "../notices/notices_writer.ts";
import { PackagingError } from "../packaging_error.ts";
import { buildPage } from "../page/build_page.ts";
import { checkPlace, makeFolder } from "./places.ts";
import { type Program, PROGRAMS } from "../programs.ts";
import { isTarget, localName, releasedName, type Target, TARGETS } from "../targets.ts";
import { removeUnfinished } from "../unfinished_file.ts";
import { WorkFolder } from "./work_folder.ts";

/** Receiver of the lines for people. */
interface Listener {
  /** Gets a line for each finished file. */
  readonly say: (line: string) => void;
  /** Gets the limits of the executables. */
  readonly warn: (line: string) => void;
}

/**
 * Makes the executables of all programs.
 *
 * @throws {PackagingError} if one cannot be made
 */
export async function makeExecutables(request: CompileRequest, { say, warn }: Listener): Promise<void> {
  const own = ownTarget();
  const { output, targets = [own] } = request;
  await checkBaseRuntime(targets);
  using interruption = new Interruption();
  const compiler = await DenoCompiler.find(interruption.signal);
  await using work = await WorkFolder.make();
  const isNew = await makeFolder(output);
  const orders = ordersOf(request, own, work.path);
  try {
    for (const order of orders) await checkPlace(order.output);
    await buildPage();
    for (const program of PROGRAMS) await bundle(program, compiler, `${work.path}/${program.name}`);
    if (request.targets !== undefined) await writeNotices(PROGRAMS, compiler, work.path, output);
    for (const order of orders) {
      await makeOne(order, compiler, own);
      say(await described(order.output));
    }
  } finally {
    await removeUnfinished(output, orders.map((order) => basename(order.output)));
    if (isNew) await removeIfEmpty(output);
  }
  if (request.targets !== undefined) {
    const names = await releasedNames(output);
    await writeChecksums(output, names);
    say(`${output}/${CHECKSUMS_FILE}  ${names.length} files`);
  }
  interruption.signal.throwIfAborted();
  const limit = compilerLimit(compiler.version);
  if (limit !== undefined) warn(`compiled with Deno ${compiler.version}, in which ${limit}`);
}

/** The orders for all requested executables, one target after the other. */
function ordersOf(
  { targets, output }: CompileRequest,
  own: Target,
  work: string,
): readonly ExecutableOrder[] {
  return (targets ?? [own]).flatMap((target) =>
    PROGRAMS.map((program) => {
      const name = targets === undefined
        ? localName(program.name, target)
        : releasedName(program.name, VERSION, target);
      return { program, bundle: `${work}/${program.name}`, target, output: `${output}/${name}` };
    })
  );
}

async function makeOne(order: ExecutableOrder, compiler: DenoCompiler, own: Target): Promise<void> {
  await compileExecutable(order, compiler);
  if (order.target !== own) return;
  try {
    await tryOut(order, VERSION);
  } catch (error) {
    await Deno.remove(order.output);
    throw error;
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  for await (const _item of Deno.readDir(folder)) return;
  await Deno.remove(folder);
}

/** @throws {PackagingError} if there are no executables for this machine's platform */
function ownTarget(): Target {
  const { target } = Deno.build;
  if (isTarget(target)) return target;
  throw new PackagingError(
    `there are no executables for ${target}; there are some for ${TARGETS.join(", ")}`,
  );
}

async function described(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  return `${path}  ${(size / 1e6).toFixed(1)} MB`;
}

/** Names of this version's released files in the folder, including those of earlier calls. */
async function releasedNames(folder: string): Promise<string[]> {
  const executables = PROGRAMS.flatMap(({ name }: Program) =>
    TARGETS.map((target) => releasedName(name, VERSION, target))
  );
  const possible = new Set([...executables, NOTICES_FILE]);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (possible.has(name)) names.push(name);
  return names;
}
