/**
 * The command line of `deno task compile`.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { isTarget, type Target, targetProblem, TARGETS } from "../targets.ts";

/** A request for executables. */
export interface CompileRequest {
  /** Platforms to compile for; `undefined` for this machine only, with short file names. */
  readonly targets: readonly Target[] | undefined;
  /** Folder of the executables. */
  readonly output: string;
}

/** The help text to print, or the fault in the command line. */
type OtherRequest = { readonly help: string } | { readonly problem: string };

/** Default folder of the executables. */
export const DEFAULT_FOLDER = "dist";

const HELP = `Makes executables of server and client.

  deno task compile                  for this machine: dist/chat-server and dist/chat-client
  deno task compile --target=TARGET  for another one, with version and target in the names
  deno task compile --all            for all of them

  --output=FOLDER  puts them there, in place of dist; seen from the project's folder
  --help, -h       shows this

The targets are:
${TARGETS.map((target) => `  ${target}`).join("\n")}

DENO_COMPILER names the Deno that bundles and compiles, and is the running one if it is not set. Deno downloads
a base runtime for each target; DENORT_BIN names one that is there already.
`;

/**
 * Reads the command line.
 *
 * @param args words after the program's name
 */
export function parseCompileArguments(args: readonly string[]): CompileRequest | OtherRequest {
  const unknown: string[] = [];
  const flags = parseArgs(args, {
    boolean: ["all", "help"],
    string: ["target", "output"],
    alias: { h: "help" },
    collect: ["target"],
    unknown: (word) => {
      unknown.push(word);
      return false;
    },
  });
  if (flags["help"] === true) return { help: HELP };
  const names = flags["target"] as readonly string[];
  const output = flags["output"] as string | undefined ?? DEFAULT_FOLDER;
  const problem = unknown.map((word) => `${word} is not known`)[0] ??
    names.filter((name) => !isTarget(name)).map(targetProblem)[0] ??
    contradiction(flags["all"] === true, names.length > 0, output);
  if (problem !== undefined) return { problem: `${problem}\n--help shows what there is` };
  const targets = flags["all"] === true ? TARGETS : names.length > 0 ? names.filter(isTarget) : undefined;
  return { targets, output };
}

/** The fault of a command line whose flags are all known; `undefined` if there is none. */
function contradiction(isAll: boolean, isTargeted: boolean, output: string): string | undefined {
  if (isAll && isTargeted) return "--all means every target; leave --target=TARGET out, or --all";
  return output === "" ? "--output= has no folder; write --output=FOLDER, or leave it out" : undefined;
}
