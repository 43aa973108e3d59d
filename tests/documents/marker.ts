/**
 * The marker of a block that is to be run: the words behind its opening fence, as `sh runnable in=project`.
 *
 * - `in=project`, `in=executables`, `in=download`: what its folder holds at first. Blocks of a document with the
 *   same word share one folder and are run in their order by `bash -euo pipefail`.
 * - `background`: each line is a server. It goes on when it says that it listens, until the next heading of one or
 *   two `#`, and ends at SIGTERM.
 * - `terminal`: each line is the client. It asks for a name in a real terminal, and ends with Ctrl-C.
 * - `needs=jq`, `needs=npm`: it is run only where that is there.
 * - `fails=N`: its exit status is to be N and not 0.
 *
 * A block of `text` needs no marker: where it is the next block behind a marked one, it shows what that one says,
 * word for word and line by line. What is in a terminal cannot be shown so.
 *
 * @module
 */

/**
 * What the folder of a block holds at first: the project's own files, nothing but the two executables, or what is
 * downloaded of a release: the executables under their long names, and `SHA256SUMS`.
 */
export const FOLDERS = ["project", "executables", "download"] as const;

/** See `FOLDERS`. */
export type FolderName = (typeof FOLDERS)[number];

/** What a block may need that not every machine has, and the command that succeeds where it is there. */
export const NEEDS = {
  jq: ["jq", "--version"],
  // It keeps copies of packages, but without its registry it takes more than a minute to use one.
  npm: ["npm", "ping", "--fetch-retries=0", "--fetch-timeout=10000"],
  tmux: ["tmux", "-V"],
} as const satisfies Record<string, readonly string[]>;

/** See `NEEDS`. */
export type Need = keyof typeof NEEDS;

/** How a block is run. */
export type Manner = "to its end" | "in the background" | "in a terminal";

/** What a marker says. */
export interface Marker {
  readonly folder: FolderName;
  readonly manner: Manner;
  readonly needs: readonly Need[];
  /** The exit status that is expected. */
  readonly status: number;
}

/** The language of blocks that can be run, and the word that makes them so. */
const LANGUAGE = "sh";
const RUNNABLE = "runnable";

/** The words that say how, and what they mean. */
const MANNERS: ReadonlyMap<string, Manner> = new Map([
  ["background", "in the background"],
  ["terminal", "in a terminal"],
]);

/** The highest exit status there is. */
const STATUS_MAX = 255;

/** Reads what stands behind a fence; undefined where the block is not marked. */
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

/** @throws {Error} saying what is wrong with the words */
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
