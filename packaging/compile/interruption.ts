/**
 * Interruption by Ctrl-C or SIGTERM, without leaving anything behind.
 *
 * @module
 */

import { PackagingError } from "../packaging_error.ts";

/** Exit statuses after a signal: 128 and the number of the signal, as shells report it. */
const STATUSES = { SIGINT: 130, SIGTERM: 143 } as const;

type EndingSignal = keyof typeof STATUSES;

/** A program on Windows cannot catch `SIGTERM`. */
const SIGNALS: readonly EndingSignal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Catches the signals until it is disposed of. */
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

/** True for `SIGINT` and `SIGTERM`, with which people end a program. */
export function isEnding(signal: string | null): signal is EndingSignal {
  return signal !== null && Object.hasOwn(STATUSES, signal);
}

/** The error that ends the program after such a signal. */
export function interruptedBy(signal: EndingSignal): PackagingError {
  return new PackagingError(`interrupted by ${signal}; what was not complete is removed`, STATUSES[signal]);
}
