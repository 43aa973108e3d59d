/**
 * A stand-in for the compiling Deno on machines without base runtimes. It bundles with the running Deno, and
 * compiles to files with the right header; the one for 64-bit Linux on x86 starts and prints its version.
 *
 * The first argument is a target whose compilation fails, or empty.
 *
 * @module
 */

import { isTarget } from "../../packaging/targets.ts";
import { executableHeader } from "./executable_headers.ts";
import { TINY_TARGET, tinyExecutable } from "./tiny_executable.ts";

const [failing, command, ...args] = Deno.args;

if (command === "--version") console.log("deno 9.9.9 (a stand-in)");
else if (command === "compile") compile(valueOf("--target"), valueOf("--output"));
else await pass();

function valueOf(flag: string): string {
  const found = args.find((argument) => argument.startsWith(`${flag}=`));
  if (found === undefined) throw new Error(`${flag} is missing`);
  return found.slice(flag.length + 1);
}

function compile(target: string, output: string): void {
  if (!isTarget(target)) throw new Error(`${target} is no target`);
  if (target === failing) {
    console.error("error: No space left on device (os error 28)");
    Deno.exit(1);
  }
  const [, program, version] = /\/(chat-\w+)-(\d+\.\d+\.\d+)-[^/]*$/.exec(output) ?? [];
  const file = target === TINY_TARGET ? tinyExecutable(`${program} ${version}\n`) : executableHeader(target);
  Deno.writeFileSync(output, file, { mode: 0o755 });
}

async function pass(): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [command ?? "", ...args] }).spawn().status;
  Deno.exit(code);
}
