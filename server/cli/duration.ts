/**
 * Durations on a command line.
 *
 * @module
 */

import { LEVEL_MS_MAX } from "../diagnostics/log_level.ts";

/** Milliseconds by unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration in milliseconds. @param text one without a `durationProblem` */
export function durationMs(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? NaN);
}

/** The problem of a text that has to be a duration, as the end of a sentence that begins with it. */
export function durationProblem(text: string): string | undefined {
  const ms = durationMs(text);
  if (ms > 0 && ms <= LEVEL_MS_MAX) return undefined;
  return "is not a time from 1s to 24h; give a number and s, m or h, as 10m";
}
