/**
 * Ending early when somebody presses Ctrl-C or ends the process: without leaving anything behind.
 *
 * @module
 */

import { PackagingError } from "../packaging_error.ts";

/** How the program ends after a signal: 128 and its number, as after every program that a shell runs. */
const STATUSES = { SIGINT: 130, SIGTERM: 143 } as const;

type EndingSignal = keyof typeof STATUSES;

/** Windows has no `SIGTERM` that a program could take. */
const SIGNALS: readonly EndingSignal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Takes the signals as long as it is not disposed of. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = SIGNALS.map((name) => ({
    name,
    listener: () => this.#controller.abort(interruptedBy(name)),
  }));

  constructor() {
    for (const { name, listener } of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Aborted by the first of the signals; the reason is a `PackagingError`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const { name, listener } of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}

/** Whether a signal is one of those that people end a program with. */
export function isEnding(signal: string | null): signal is EndingSignal {
  return signal !== null && Object.hasOwn(STATUSES, signal);
}

/** What the program ends with after such a signal. */
export function interruptedBy(signal: EndingSignal): PackagingError {
  return new PackagingError(`interrupted by ${signal}; what was not complete is removed`, STATUSES[signal]);
}
