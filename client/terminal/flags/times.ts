/**
 * Durations and points in time, as people write them.
 *
 * @module
 */

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The longest duration of a wait: a day, ms. */
const WAIT_MS_MAX = 86_400_000;

/** Milliseconds of a duration such as `10s`, `500ms`, `2m` or `10`, which means seconds; a day at most. */
export function parseDuration(text: string): number | undefined {
  const ms = /^\d+(\.\d+)?$/.test(text) ? spanOf(`${text}s`) : spanOf(text);
  return ms !== undefined && ms > 0 && ms <= WAIT_MS_MAX ? ms : undefined;
}

function spanOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** A date, or a date and a time of day, with or without a zone (ISO 8601; a space may stand for the `T`). */
const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](.*))?$/;
const TIME_OF_DAY =
  /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?(?:(Z)|([+-])([01]\d|2[0-3]):([0-5]\d))?$/;

/**
 * A point in time, seconds since the Unix epoch: a date and time in ISO 8601, local unless it names a zone, a date
 * alone, which is its local midnight, or the age that it has now, such as `2h` or `7d`. Undefined for anything else.
 *
 * @param nowMs the present, milliseconds since the Unix epoch
 */
export function parseTime(text: string, nowMs: number): number | undefined {
  const age = spanOf(text);
  if (age !== undefined) return (nowMs - age) / 1_000;
  const [, date = "", time = "00:00"] = DATE.exec(text) ?? [];
  const dayMs = midnightOf(date);
  const [, hours, minutes, seconds = "0", utc, sign, zoneHours, zoneMinutes] = TIME_OF_DAY.exec(time) ?? [];
  if (dayMs === undefined || hours === undefined || minutes === undefined) return undefined;
  const wallMs = dayMs + (Number(hours) * 60 + Number(minutes)) * UNIT_MS.m + Number(seconds) * UNIT_MS.s;
  if (utc !== undefined) return wallMs / 1_000;
  if (sign === undefined) return localTime(wallMs) / 1_000;
  const aheadMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * UNIT_MS.m;
  return (sign === "+" ? wallMs - aheadMs : wallMs + aheadMs) / 1_000;
}

/** Midnight of a date in UTC, ms since the Unix epoch; undefined if there is no such day. */
function midnightOf(date: string): number | undefined {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const ms = Date.UTC(year, month - 1, day);
  return date !== "" && new Date(ms).toISOString().startsWith(date) ? ms : undefined;
}

/** The time at which local clocks show what those of UTC show at that time; all in ms since the Unix epoch. */
function localTime(wallMs: number): number {
  const guess = wallMs + new Date(wallMs).getTimezoneOffset() * UNIT_MS.m;
  return wallMs + new Date(guess).getTimezoneOffset() * UNIT_MS.m;
}
