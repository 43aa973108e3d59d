/**
 * The platforms that executables are made for, and the names of the files.
 *
 * @module
 */

import { didYouMean } from "../common/suggestion.ts";

/** Values of `deno compile --target`. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One platform. */
export type Target = (typeof TARGETS)[number];

/** True if `name` is one of the targets. */
export function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

/** The message about an unknown target, with a list of the targets. */
export function targetProblem(name: string): string {
  return `${name === "" ? '""' : name} is no target; the targets are ${TARGETS.join(", ")}${
    didYouMean(name, TARGETS)
  }`;
}

/** File name of a released executable. */
export function releasedName(program: string, version: string, target: Target): string {
  return withEnding(`${program}-${version}-${target}`, target);
}

/** File name of an executable for this machine. */
export function localName(program: string, target: Target): string {
  return withEnding(program, target);
}

function withEnding(name: string, target: Target): string {
  return target.includes("windows") ? `${name}.exe` : name;
}
