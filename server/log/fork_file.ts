/**
 * The file `fork`: forks of origins that this node has found. A fork of its own origin keeps the node from starting
 * until somebody has chosen a way out (`proto/log_format.md`, section 8).
 *
 * @module
 */

import { forkWayOut } from "../core/fork_way_out.ts";
import type { FileStore } from "../ports/files.ts";
import { LogRefused } from "./log_errors.ts";
import { appendAll } from "./whole_files.ts";

/** Path in the data folder. */
export const FORK_FILE = "fork";

const UNFINISHED = "fork.new";

/** A fork: two nodes have different entries of one origin. */
export interface StoredFork {
  /** The origin that has two branches. */
  readonly origin: string;
  /** Sequence number of the last entry that both branches have; 0 if they have none in common. */
  readonly after: number;
  /** Chain of the origin up to that entry. */
  readonly chain: number;
  /** When it was found, milliseconds since the Unix epoch. */
  readonly seenMs: number;
  /** True at a node that only holds entries of the origin: it may start. */
  readonly third?: true;
  /** At such a node, sequence number of the last entry of the origin that it had then. */
  readonly until?: number;
}

/**
 * Reads the file.
 *
 * @returns the forks by the time at which they were found; none if there is no file
 * @throws {LogRefused} if it is not what a node writes there
 */
export function readForks(files: FileStore): readonly StoredFork[] {
  const size = files.size(FORK_FILE);
  if (size === undefined) return [];
  const bytes = new Uint8Array(size);
  const text = new TextDecoder().decode(bytes.subarray(0, files.read(FORK_FILE, 0, bytes)));
  const forks = text.split("\n").slice(0, -1).map(parseFork);
  if (forks.length > 0 && forkText(forks) === text) return forks as readonly StoredFork[];
  throw new LogRefused(
    `The file ${FORK_FILE} in the data folder is damaged. It names an origin of which another node has other ` +
      "entries. Nothing was changed. Bring it back from a copy of the folder; or remove it and start the node: " +
      "it finds the fork again as soon as it meets a node of the other branch",
  );
}

/** Adds a fork to the file, in place of an earlier one of the same origin, durably. */
export function keepFork(files: FileStore, fork: StoredFork): void {
  const others = readForks(files).filter(({ origin }) => origin !== fork.origin);
  writeForks(files, [...others, fork]);
}

/** Removes the fork of another node's origin from the file, durably. */
export function dropFork(files: FileStore, origin: string): void {
  const forks = readForks(files);
  const others = forks.filter((fork) => fork.origin !== origin || fork.third !== true);
  if (others.length === 0) removeForks(files);
  else if (others.length < forks.length) writeForks(files, others);
}

/** Leaves these forks in the file, as ones that keep the node from starting, durably. */
export function holdForks(files: FileStore, forks: readonly StoredFork[]): void {
  const kept = readForks(files);
  if (kept.length > forks.length || kept.some(({ third }) => third)) {
    writeForks(
      files,
      forks.map(({ third: _, until: _until, ...fork }) => fork),
    );
  }
}

/** Removes the file, durably. */
export function removeForks(files: FileStore): void {
  files.remove(FORK_FILE);
  files.syncFolderNow("");
}

/**
 * Refuses the start of a node whose own origin has a fork.
 *
 * @throws {LogRefused} with the way out
 */
export function refuseFork(files: FileStore): void {
  const fork = readForks(files).find(({ third }) => third === undefined);
  if (fork === undefined) return;
  throw new LogRefused(
    `Another node has other entries of ${fork.origin} than this one, behind entry ${fork.after}: the data folder ` +
      `was copied, or it is an old backup. Nothing was changed. ${forkWayOut(fork.origin)}`,
  );
}

function writeForks(files: FileStore, forks: readonly StoredFork[]): void {
  files.remove(UNFINISHED);
  appendAll(files, UNFINISHED, new TextEncoder().encode(forkText(forks)));
  files.syncNow(UNFINISHED);
  files.close(UNFINISHED);
  files.rename(UNFINISHED, FORK_FILE);
  files.syncFolderNow("");
}

/** One line of JSON for each fork, members in their order: the text is compared when it is read. */
function forkText(forks: readonly (StoredFork | undefined)[]): string {
  return forks.map((fork) => `${JSON.stringify(fork)}\n`).join("");
}

function parseFork(line: string): StoredFork | undefined {
  try {
    const { origin, after, chain, seenMs, third, until } = JSON.parse(line) as Partial<StoredFork>;
    if (typeof origin !== "string" || !origin.includes("#") || ![after, chain, seenMs].every(isCount)) {
      return undefined;
    }
    const known = { origin, after, chain, seenMs } as StoredFork;
    return third === true && isCount(until) ? { ...known, third, until: until as number } : known;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
