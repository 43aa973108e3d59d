/**
 * The levels of diagnostics.
 *
 * @module
 */

/** All levels, from lowest to highest. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Longest time for which another level may hold, ms: a day. */
export const LEVEL_MS_MAX = 86_400_000;

/** A level that holds for a while. */
export interface PassingLevel {
  readonly level: LogLevel;
  /** Time until the level of the start holds again, ms. */
  readonly leftMs: number;
}

/** True if `level` is at least `least`. */
export function isShown(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

/** True for the name of a level. */
export function isLogLevel(text: unknown): text is LogLevel {
  return LOG_LEVELS.some((level) => level === text);
}
