/**
 * Planned failures of calls on files in memory.
 *
 * @module
 */

import type { Operation } from "./memory_files.ts";

/** A rule by which calls fail. */
interface Failure {
  readonly operation: Operation;
  readonly from: number;
  readonly until: number;
  readonly code: string;
}

/** Counts calls, and lets some of them fail. */
export class MemoryFileFailures {
  /** Counts of calls, by operation. */
  readonly calls = new Map<Operation, number>();
  #failures: Failure[] = [];

  /** Lets the calls from the `nth` from now on fail, as many as `times`. */
  fail(operation: Operation, nth: number, times: number, code: string): void {
    const from = (this.calls.get(operation) ?? 0) + nth;
    this.#failures.push({ operation, from, until: from + times, code });
  }

  /** Ends all planned failures. */
  heal(): void {
    this.#failures = [];
  }

  /** Counts a call. @throws {Error} if it is planned to fail */
  called(operation: Operation, path: string): void {
    const count = (this.calls.get(operation) ?? 0) + 1;
    this.calls.set(operation, count);
    const failure = this.#failures.find((rule) =>
      rule.operation === operation && count >= rule.from && count < rule.until
    );
    if (failure !== undefined) throw systemError(failure.code, operation, path);
  }
}

/** The thrown error, if there is one. */
export function caught(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** An error as the system reports it. */
export function systemError(code: string, operation: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${operation} ${path}`), { code });
}
