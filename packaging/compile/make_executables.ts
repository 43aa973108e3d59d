/**
 * From the sources to a folder of executables.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { checkBaseRuntime } from "./base_runtime.ts";
import { bundle } from "./bundle.ts";
import { CHECKSUMS_FILE, writeChecksums } from "../checksums.ts";
import type { CompileRequest } from "./compile_arguments.ts";
import { DenoCompiler } from "./deno_compiler.ts";
import { compileExecutable, type ExecutableOrder, tryOut } from "./executable.ts";
import { NOTICES_FILE } from "../notices/notices.ts";
import { writeNotices } from "../notices/notices_writer.ts";
import { PackagingError } from "../packaging_error.ts";
import { type Program, PROGRAMS } from "../programs.ts";
import { isTarget, localName, releasedName, type Target, TARGETS } from "../targets.ts";

/**
 * Makes executables of all programs.
 *
 * @param say is told of each file that is there
 * @throws {PackagingError} if one cannot be made
 */
export async function makeExecutables(
  { targets, output }: CompileRequest,
  say: (line: string) => void,
): Promise<void> {
  const own = ownTarget();
  const wanted = targets ?? [own];
  await checkBaseRuntime(wanted);
  const compiler = await DenoCompiler.find();
  await makeFolder(output);
  const work = await Deno.makeTempDir({ prefix: "chat-server-packaging-" });
  try {
    for (const program of PROGRAMS) await bundle(program, compiler, `${work}/${program.name}`);
    if (targets !== undefined) await writeNotices(PROGRAMS, compiler, work, output);
    for (const target of wanted) {
      for (const program of PROGRAMS) {
        const name = targets === undefined
          ? localName(program.name, target)
          : releasedName(program.name, VERSION, target);
        const order = { program, bundle: `${work}/${program.name}`, target, output: `${output}/${name}` };
        await makeOne(order, compiler, own);
        say(await described(order.output));
      }
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  if (targets === undefined) return;
  const names = await releasedNames(output);
  await writeChecksums(output, names);
  say(`${output}/${CHECKSUMS_FILE}  ${names.length} files`);
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

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PackagingError(
      `the folder ${path} cannot be made: ${reason}; name another with --output=FOLDER`,
    );
  }
}

/** @throws {PackagingError} if this machine is none of those that there are executables for */
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

/** The files to hand on of this version that are in the folder, those of earlier calls included. */
async function releasedNames(folder: string): Promise<string[]> {
  const executables = PROGRAMS.flatMap(({ name }: Program) =>
    TARGETS.map((target) => releasedName(name, VERSION, target))
  );
  const possible = new Set([...executables, NOTICES_FILE]);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (possible.has(name)) names.push(name);
  return names;
}
