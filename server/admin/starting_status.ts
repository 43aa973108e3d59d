/**
 * The status of a node that does not serve yet, for its administrator.
 *
 * @module
 */

import type { PassingLevel } from "../diagnostics/log_level.ts";
import { type Checks, fits, isCount, isText, parseChecked } from "./checks.ts";
import { PASSING_LEVEL_CHECKS } from "./level_request.ts";

/** A step that reads the log: the archive is brought up, or the log is replayed. */
export interface ReadingStep {
  readonly step: "archive" | "log";
  /** Length of the log that the step reads, and of the part that was read, bytes. */
  readonly ofBytes: number;
  readonly bytes: number;
  /** Number of entries that the archive has, or that were replayed. */
  readonly entries: number;
  /** Estimate of the time until the step is over, ms; `null` if nothing can be said yet. */
  readonly leftMs: number | null;
}

/** The step of a start. */
export type StartStep =
  | ReadingStep
  /** The log is read, and the other nodes are asked before clients are served. */
  | { readonly step: "peers" };

/** The status of a node during its start. */
export interface StartingStatus {
  /** Name of the node. */
  readonly node: string;
  readonly cluster: string;
  /** Version of the program. */
  readonly version: string;
  /** Process id. */
  readonly pid: number;
  readonly uptimeMs: number;
  readonly starting: StartStep;
  /** As in the status of a node that serves. */
  readonly logLevel?: PassingLevel;
  /** Resident memory of the process, bytes. */
  readonly residentBytes: number;
}

const READING_CHECKS: Checks<ReadingStep> = {
  step: (value) => value === "archive" || value === "log",
  ofBytes: isCount,
  bytes: isCount,
  entries: isCount,
  leftMs: (value) => value === null || isCount(value),
};

const PEERS_CHECKS: Checks<Extract<StartStep, { readonly step: "peers" }>> = {
  step: (value) => value === "peers",
};

const CHECKS: Checks<StartingStatus> = {
  node: isText,
  cluster: isText,
  version: isText,
  pid: isCount,
  uptimeMs: isCount,
  starting: (value) => fits(value, READING_CHECKS) || fits(value, PEERS_CHECKS),
  logLevel: (value) => value === undefined || fits(value, PASSING_LEVEL_CHECKS),
  residentBytes: isCount,
};

/** Parses the JSON of such a status; `undefined` if it is none. Unknown fields are kept. */
export function parseStartingStatus(json: string): StartingStatus | undefined {
  return parseChecked(json, CHECKS);
}
