/**
 * The level from which on diagnostics are shown: that of the start, or another one for a while.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { Clock, Timers } from "../ports/outside.ts";
import { LEVEL_MS_MAX, type LogLevel, type PassingLevel } from "./log_level.ts";

/** Parts and callbacks of a shown level. */
interface ShownLevelParts {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timers: Timers;
  /** Another level holds from now on. @param forMs time for which it does; `undefined` for that of the start */
  onChange(level: LogLevel, forMs: number | undefined): void;
}

/** A level that can be changed for a while. */
export class ShownLevel {
  readonly #usual: LogLevel;
  readonly #parts: ShownLevelParts;
  #passing: { readonly level: LogLevel; readonly untilMs: number; callOff(): void } | undefined;

  /** @param usual the level of the start */
  constructor(usual: LogLevel, parts: ShownLevelParts) {
    this.#usual = usual;
    this.#parts = parts;
  }

  /** Lowest level that is shown now. */
  get current(): LogLevel {
    return this.#passing?.level ?? this.#usual;
  }

  /** The level that holds for a while; `undefined` while that of the start does. */
  get passing(): PassingLevel | undefined {
    if (this.#passing === undefined) return undefined;
    const { level, untilMs } = this.#passing;
    return { level, leftMs: Math.max(0, Math.round(untilMs - this.#parts.clock.monotonicMs())) };
  }

  /**
   * Lets a level hold for a while, in place of one that does so already. The level of the start holds again at once,
   * and for good.
   *
   * @param forMs at most `LEVEL_MS_MAX`
   */
  change(level: LogLevel, forMs: number): void {
    assert(forMs > 0 && forMs <= LEVEL_MS_MAX, `a level may not hold for ${forMs} ms`);
    this.#passing?.callOff();
    this.#passing = undefined;
    const { clock, timers, onChange } = this.#parts;
    if (level === this.#usual) return onChange(level, undefined);
    const callOff = timers.after(forMs, () => {
      this.#passing = undefined;
      onChange(this.#usual, undefined);
    });
    this.#passing = { level, untilMs: clock.monotonicMs() + forMs, callOff };
    onChange(level, forMs);
  }
}
