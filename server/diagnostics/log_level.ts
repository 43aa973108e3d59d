/**
 * How much a diagnostic matters.
 *
 * @module
 */

/** From the least to the most. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** See `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether an event of `level` is shown where `least` was asked for. */
export function isShown(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
