/**
 * The platforms that executables are made for, and what the files are called.
 *
 * @module
 */

import { didYouMean } from "../common/suggestion.ts";

/** What `deno compile --target` takes. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One platform. */
export type Target = (typeof TARGETS)[number];

/** Whether this is one of the platforms. */
export function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

/** Why this is no platform, and which there are. */
export function targetProblem(name: string): string {
  return `${name === "" ? '""' : name} is no target; the targets are ${TARGETS.join(", ")}${
    didYouMean(name, TARGETS)
  }`;
}

/** What the executable of a program is called that is handed on to others. */
export function releasedName(program: string, version: string, target: Target): string {
  return withEnding(`${program}-${version}-${target}`, target);
}

/** What the executable of a program is called that is made for the own machine. */
export function localName(program: string, target: Target): string {
  return withEnding(program, target);
}

function withEnding(name: string, target: Target): string {
  return target.includes("windows") ? `${name}.exe` : name;
}
