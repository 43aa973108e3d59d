/**
 * The status of a node that does not serve yet, for its administrator.
 *
 * @module
 */

import { type Checks, fits, isCount, isText, parseChecked } from "./checks.ts";

/** The step of a start. */
export type StartStep =
  /** The log is read and replayed. */
  | {
    readonly step: "log";
    /** Length of the log, and of the part that was read, bytes. */
    readonly ofBytes: number;
    readonly bytes: number;
    /** Number of entries that were replayed. */
    readonly entries: number;
    /** Estimate of the time until the log is read, ms; `null` if nothing can be said yet. */
    readonly leftMs: number | null;
  }
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
  /** Resident memory of the process, bytes. */
  readonly residentBytes: number;
}

const LOG_CHECKS: Checks<Extract<StartStep, { readonly step: "log" }>> = {
  step: (value) => value === "log",
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
  starting: (value) => fits(value, LOG_CHECKS) || fits(value, PEERS_CHECKS),
  residentBytes: isCount,
};

/** Parses the JSON of such a status; `undefined` if it is none. Unknown fields are kept. */
export function parseStartingStatus(json: string): StartingStatus | undefined {
  return parseChecked(json, CHECKS);
}
