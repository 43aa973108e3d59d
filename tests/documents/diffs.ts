/**
 * Diffs in documents: each shows a change that the project already contains.
 *
 * @module
 */

import type { Markdown } from "./markdown.ts";

/** One hunk of a diff. */
export interface Hunk {
  /** Path of the changed file. */
  readonly path: string;
  /** Lines of the file once the change is made, without their signs. */
  readonly after: string;
}

/** Hunks of all blocks with the language `diff`, in their order. Line numbers in a hunk's header are ignored. */
export function hunksOf(document: Markdown): Hunk[] {
  return document.fences.filter(({ info }) => info === "diff").flatMap(({ text }) => hunksIn(text));
}

function hunksIn(diff: string): Hunk[] {
  return diff.split(/^--- .*\n/m).slice(1).flatMap((change) => {
    const [header = "", ...hunks] = change.split(/^@@.*\n/m);
    const path = /^\+\+\+ (?:b\/)?(\S+)/.exec(header)?.[1] ?? "";
    return hunks.map((hunk) => hunkOf(path, hunk));
  });
}

function hunkOf(path: string, hunk: string): Hunk {
  const lines = hunk.replace(/\n$/, "").split("\n");
  const after = lines.filter((line) => !line.startsWith("-")).map((line) => line.slice(1)).join("\n");
  return { path, after };
}
