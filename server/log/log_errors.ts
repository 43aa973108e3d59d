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

/** Damage of a segment that a running node meets: the start has not read it, or it was whole then. */
export class SegmentDamaged extends Error {
  override readonly name = "SegmentDamaged";

  /**
   * @param file path in the data folder
   * @param offset byte, counted from the beginning of the file
   */
  constructor(file: string, offset: number, problem: string) {
    super(`${file}, byte ${offset}, is damaged: ${problem}; chat-server log verify says more`);
  }
}

/** The log is whole, but this program or this node may not use it. */
export class LogRefused extends Error {
  override readonly name = "LogRefused";
}

/** Codes of a full disk, a spent quota, and a file at the size limit of the process. */
const FULL_CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Numbers of `EDQUOT` and `EFBIG`, to which the runtime gives no code (errno.h; winerror.h). */
const FULL_NUMBERS = Deno.build.os === "windows" ? [1_295, 223] : [Deno.build.os === "linux" ? 122 : 69, 27];

const FULL_MESSAGE = new RegExp(`\\(os error (?:${FULL_NUMBERS.join("|")})\\)`);

/** True if the disk was full, the quota was spent, or the file was as long as a file may be. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return "code" in error && error.code !== undefined
    ? FULL_CODES.has(error.code)
    : FULL_MESSAGE.test(error.message);
}

/** True if the file was as long as a file may be; another file may still take what this one did not. */
export function isFileFull(error: unknown): boolean {
  if (!isDiskFull(error)) return false;
  const { code, message } = error as Error & { readonly code?: unknown };
  return code === "EFBIG" || message.includes(`(os error ${FULL_NUMBERS[1]})`);
}

/** Anything that was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
