/**
 * The marker of a runnable block: the words behind its opening fence, as `sh runnable in=project`.
 *
 * - `in=project`, `in=executables`, `in=download`: the first content of its folder. Blocks of a document with the
 *   same word share one folder; executables are in `dist` of the project if a block before was there. `bash -euo pipefail` runs them in their order. The project's configuration names
 *   free ports there; the executables have a network of their own, in which the default ports are free.
 * - `background`: each line is a server. The next block starts once the server listens; the server runs until the
 *   next heading of one or two `#`, and ends at SIGTERM.
 * - `ending`: the same, but each server has ended by then, by a command of the document.
 * - `terminal`: each line is the client. In a real terminal it lets a new person in, who is called as the people
 *   in the documents are and has chosen a password, and ends with Ctrl-C.
 * - `needs=jq`, `needs=npm`: the block runs only on machines with that program.
 * - `fails=N`: its exit status is N and not 0.
 *
 * A block of `text` needs no marker: right behind a marked block it shows the output of that one, word for word and
 * line by line. The content of a terminal cannot be shown so.
 *
 * @module
 */

/**
 * First content of a block's folder: the project's own files, the two executables alone, or the download of a release,
 * which is the executables under their long names and `SHA256SUMS`.
 */
export const FOLDERS = ["project", "executables", "download"] as const;

/** Name of a folder. */
export type FolderName = (typeof FOLDERS)[number];

/** Programs that not every machine has, each with a command that succeeds where it is installed. */
export const NEEDS = {
  jq: ["jq", "--version"],
  // npm keeps copies of packages, but without its registry it takes more than a minute to use one.
  npm: ["npm", "ping", "--fetch-retries=0", "--fetch-timeout=10000"],
  tmux: ["tmux", "-V"],
} as const satisfies Record<string, readonly string[]>;

/** Name of a program that not every machine has. */
export type Need = keyof typeof NEEDS;

/** Way to run a block. */
export type Manner = "to its end" | "in the background" | "in the background, to its end" | "in a terminal";

/** Content of a marker. */
export interface Marker {
  readonly folder: FolderName;
  readonly manner: Manner;
  readonly needs: readonly Need[];
  /** Expected exit status. */
  readonly status: number;
}

/** Language of runnable blocks, and the word that marks them. */
const LANGUAGE = "sh";
const RUNNABLE = "runnable";

/** Words for the ways to run a block. */
const MANNERS: ReadonlyMap<string, Manner> = new Map([
  ["background", "in the background"],
  ["ending", "in the background, to its end"],
  ["terminal", "in a terminal"],
]);

/** The highest exit status there is. */
const STATUS_MAX = 255;

/** Reads the words behind a fence; `undefined` if the block is not marked. */
export function readMarker(info: string): Marker | { readonly problem: string } | undefined {
  const [language, ...words] = info.split(/\s+/);
  if (!words.includes(RUNNABLE) && language !== RUNNABLE) return undefined;
  if (language !== LANGUAGE || words[0] !== RUNNABLE) {
    return { problem: `a marker begins with "${LANGUAGE} ${RUNNABLE}", and this one is "${info}"` };
  }
  try {
    return readWords(words.slice(1));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws {Error} naming the wrong word */
function readWords(words: readonly string[]): Marker {
  let folder: FolderName | undefined;
  let manner: Manner = "to its end";
  let status = 0;
  const needs: Need[] = [];
  for (const word of words) {
    const [name = "", value] = word.split("=", 2);
    const named = value === undefined ? MANNERS.get(name) : undefined;
    if (named !== undefined && manner === "to its end") manner = named;
    else if (name === "in" && folder === undefined) folder = oneOf(FOLDERS, value, word);
    else if (name === "needs") needs.push(oneOf(Object.keys(NEEDS) as Need[], value, word));
    else if (name === "fails" && status === 0) status = statusOf(value, word);
    else throw new Error(`"${word}" does not belong there; ${usage()}`);
  }
  if (folder === undefined) throw new Error(`in which folder? ${usage()}`);
  if (manner === "in a terminal") needs.push("tmux");
  return { folder, manner, needs, status };
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined, word: string): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new Error(`"${word}" must name one of ${known.join(", ")}`);
  return found;
}

function statusOf(value: string | undefined, word: string): number {
  const status = /^[1-9]\d{0,2}$/.test(value ?? "") ? Number(value) : Infinity;
  if (status <= STATUS_MAX) return status;
  throw new Error(`"${word}" must name an exit status from 1 to ${STATUS_MAX}`);
}

function usage(): string {
  const needs = Object.keys(NEEDS).join("|");
  return `a marker is: ${LANGUAGE} ${RUNNABLE} in=${FOLDERS.join("|")} [${
    [...MANNERS.keys()].join("|")
  }] [needs=${needs}] [fails=STATUS]`;
}
