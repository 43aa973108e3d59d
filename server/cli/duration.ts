/**
 * Durations on a command line.
 *
 * @module
 */

import { INVITATION_MS_MAX, INVITATION_MS_MIN } from "../core/accounts/invite.ts";
import { LEVEL_MS_MAX } from "../diagnostics/log_level.ts";

/** Milliseconds by unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration in milliseconds. @param text one without a `durationProblem` */
export function durationMs(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? NaN);
}

/** The problem of a text that has to be a duration, as the end of a sentence that begins with it. */
export function durationProblem(text: string): string | undefined {
  const ms = durationMs(text);
  if (ms > 0 && ms <= LEVEL_MS_MAX && !text.endsWith("d")) return undefined;
  return "is not a time from 1s to 24h; give a number and s, m or h, as 10m";
}

/** The same for the time of an invitation. */
export function expiryProblem(text: string): string | undefined {
  const ms = durationMs(text);
  if (ms >= INVITATION_MS_MIN && ms <= INVITATION_MS_MAX) return undefined;
  return "is not a time from 1m to 365d; give a number and m, h or d, as 7d";
}
