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
  /** Chain of the other branch's first entry, if it is known. */
  readonly other?: number;
  /** True at a node that only holds entries of the origin: it may start. */
  readonly third?: true;
  /** At such a node, sequence number of the last entry of the origin that it had then. */
  readonly until?: number;
  /** True if the node goes on with its branch, and never takes `other` for a fork again: it may start. */
  readonly settled?: true;
}

/** True if a fork keeps its node from starting. */
export function haltsNode({ third, settled }: StoredFork): boolean {
  return third === undefined && settled === undefined;
}

/** True if somebody still has to choose a way out of a fork, at this node or at others. */
export function isOpen({ settled }: StoredFork): boolean {
  return settled === undefined;
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

/** Adds a fork to the file, in place of the same one that was found before, durably. */
export function keepFork(files: FileStore, fork: StoredFork): void {
  const isSame = ({ origin, after, other, settled }: StoredFork): boolean =>
    settled === fork.settled && origin === fork.origin && after === fork.after && other === fork.other;
  writeForks(files, [...readForks(files).filter((each) => !isSame(each)), fork]);
}

/** Leaves in the file the forks of which the other branch is known, as settled, durably. */
export function settleForks(files: FileStore): void {
  const forks = readForks(files).filter(({ third, other }) => third === undefined && other !== undefined);
  replaceForks(files, forks.map((fork) => ({ ...fork, settled: true })));
}

/** Removes the fork of another node's origin from the file, durably. */
export function dropFork(files: FileStore, origin: string): void {
  const forks = readForks(files);
  const others = forks.filter((fork) => fork.origin !== origin || fork.third !== true);
  if (others.length < forks.length) replaceForks(files, others);
}

/** Removes all forks but the settled ones, durably. */
export function dropOpenForks(files: FileStore): void {
  replaceForks(files, readForks(files).filter((fork) => !isOpen(fork)));
}

/** Leaves these forks in the file, as ones that keep the node from starting, durably. */
export function holdForks(files: FileStore, forks: readonly StoredFork[]): void {
  const kept = readForks(files);
  if (kept.filter(isOpen).length > forks.length || kept.some(({ third }) => third)) {
    const held = forks.map(({ third: _, until: _until, ...fork }) => fork);
    writeForks(files, [...kept.filter(({ settled }) => settled), ...held]);
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
  const fork = readForks(files).find(haltsNode);
  if (fork !== undefined) throw new LogRefused(haltedText(fork));
}

/** The reason that a node does not start, and the way out. */
export function haltedText({ origin, after }: StoredFork): string {
  return `Another node has other entries of ${origin} than this one, behind entry ${after}: the data folder ` +
    `was copied, or it is an old backup. Nothing was changed. ${forkWayOut(origin)}`;
}

function replaceForks(files: FileStore, forks: readonly StoredFork[]): void {
  if (forks.length === 0) removeForks(files);
  else writeForks(files, forks);
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
    const { origin, after, chain, seenMs, other, third, until, settled } = JSON.parse(line) as Partial<
      StoredFork
    >;
    if (typeof origin !== "string" || !origin.includes("#") || ![after, chain, seenMs].every(isCount)) {
      return undefined;
    }
    const place = { origin, after, chain, seenMs } as StoredFork;
    const known = isCount(other) ? { ...place, other: other as number } : place;
    if (third === true && isCount(until)) return { ...known, third, until: until as number };
    return settled === true && known.other !== undefined ? { ...known, settled } : known;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
