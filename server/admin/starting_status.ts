/**
 * The status of a node that does not serve yet, for its administrator.
 *
 * @module
 */

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

/** Parses the JSON of such a status; `undefined` if it is none. Unknown fields are kept. */
export function parseStartingStatus(json: string): StartingStatus | undefined {
  let value: Partial<Record<keyof StartingStatus, unknown>> | null;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { node, cluster, version, pid, uptimeMs, residentBytes, starting } = value ?? {};
  const isOne = [node, cluster, version].every((text) => typeof text === "string") &&
    [pid, uptimeMs, residentBytes].every(isCount) && isStep(starting);
  return isOne ? value as StartingStatus : undefined;
}

function isStep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { step, ofBytes, bytes, entries, leftMs } = value as Readonly<Record<string, unknown>>;
  if (step !== "log") return step === "peers";
  return [ofBytes, bytes, entries].every(isCount) && (leftMs === null || isCount(leftMs));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
