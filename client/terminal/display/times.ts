/**
 * Times as people read them: local, and with the date wherever it is not that of today.
 *
 * @module
 */

/**
 * The time of day, after the date unless that is today's.
 *
 * @param timestamp seconds since the Unix epoch
 * @param nowMs the present, milliseconds since the Unix epoch
 */
export function shortTime(timestamp: number, nowMs: number): string {
  const day = dayOf(timestamp);
  const time = timeOfDay(timestamp);
  return day === dayOf(nowMs / 1_000) ? time : `${day} ${time}`;
}

/** The local date of a timestamp in seconds since the Unix epoch, year first. */
export function dayOf(timestamp: number): string {
  const date = new Date(timestamp * 1_000);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The local time of a timestamp in seconds since the Unix epoch, to the minute. */
export function timeOfDay(timestamp: number): string {
  const date = new Date(timestamp * 1_000);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
