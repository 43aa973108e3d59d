/**
 * The reasons for which a log is not opened. Both stop the node, and change nothing.
 *
 * @module
 */

/** The first line at which a log departs from the one that was written, and the problem there. */
export interface Damage {
  /** Path in the data folder. */
  readonly file: string;
  /** Counts from 1 on. */
  readonly line: number;
  /** First byte of that line in the file. */
  readonly offset: number;
  readonly problem: string;
  /** Number of the batch that was expected there. */
  readonly batch: number;
  /**
   * Proof that it is no unfinished write; `undefined` for a torn tail, which a start cuts off and which was
   * never acknowledged.
   */
  readonly proof: string | undefined;
}

/** The log is damaged in a way that no crash explains. */
export class LogDamaged extends Error {
  override readonly name = "LogDamaged";

  constructor(readonly damage: Damage) {
    super(
      `${damage.file}, line ${damage.line} (byte ${damage.offset}) is damaged: ${damage.problem}. ` +
        `This is no unfinished write: ${damage.proof ?? "the node had been shut down in order"}. ` +
        "Nothing was changed. Check the disk and keep a copy of the data folder; then `chat-server log repair` " +
        "cuts out what cannot be read; or empty the folder if the other nodes have everything",
    );
  }
}

/** The log is whole, but this program or this node may not use it. */
export class LogRefused extends Error {
  override readonly name = "LogRefused";
}

/** True if the disk was full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

/** Anything that was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
