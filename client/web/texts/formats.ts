/**
 * Times and dates as people read them.
 *
 * @module
 */

import { once } from "./once.ts";

/** Times and dates for one person; all times are in seconds since the Unix epoch. */
export interface Formats {
  /** `14:02`. */
  time(timestamp: number): string;
  /** `Monday, 30 November 2026 at 14:02:05`. */
  full(timestamp: number): string;
  /** The day of a message: `Today`, `Yesterday`, `Monday, 23 November`, with the year if it is another one. */
  day(timestamp: number, now: number): string;
  /** The shortest time that says enough: `14:02`, `Yesterday`, `Mon`, `23 Nov`, `23 Nov 2025`. */
  brief(timestamp: number, now: number): string;
  /** A text that two times share if they are on one day. */
  dayKey(timestamp: number): string;
  /** ISO 8601, for programs. */
  iso(timestamp: number): string;
}

/** The locale of the texts, for a person whose browser names none that fits. */
const LOCALE = "en-GB";

/** The locale of dates: the first of the person's that is in the language of the texts. */
export function localeOf(languages: readonly string[]): string {
  return languages.find((each) => /^en(-[a-z0-9]{2,8})*$/i.test(each)) ?? LOCALE;
}

const DAY_SECONDS = 86_400;

/** Days within which the name of the weekday is enough. */
const WEEK_DAYS = 6;

/** The latest time that a date can have, seconds. */
const TIME_MAX = 8.64e12;

/**
 * The formats of a locale. Nothing is made of them before a time is asked for: the first formatter takes a browser
 * 20 ms, which a page that starts has no time for.
 *
 * @param timeZone that of the machine unless it is given
 */
export function formatsFor(locale: string, timeZone?: string): Formats {
  const format = (options: Intl.DateTimeFormatOptions): (timestamp: number) => string => {
    const formatter = once(() =>
      new Intl.DateTimeFormat(locale, { ...options, ...timeZone && { timeZone } })
    );
    return (timestamp) => isTime(timestamp) ? formatter().format(timestamp * 1_000) : "?";
  };
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const time = format({ hour: "2-digit", minute: "2-digit" });
  const dayKey = kept(format({ year: "numeric", month: "2-digit", day: "2-digit" }));
  const year = format({ year: "numeric" });
  const daysAgo = (timestamp: number, now: number): number =>
    [0, 1].find((days) => dayKey(timestamp) === dayKey(now - days * DAY_SECONDS)) ?? Infinity;
  const named = (days: number): string => capitalized(relative().format(-days, "day"));
  const [weekday, date, dated, day, dayOfYear] = [
    format({ weekday: "short" }),
    format({ day: "numeric", month: "short" }),
    format({ day: "numeric", month: "short", year: "numeric" }),
    format({ weekday: "long", day: "numeric", month: "long" }),
    format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  ];
  return {
    time,
    dayKey,
    full: format({ dateStyle: "full", timeStyle: "medium" }),
    iso: (timestamp) => isTime(timestamp) ? new Date(timestamp * 1_000).toISOString() : "",
    day: (timestamp, now) => {
      const days = daysAgo(timestamp, now);
      if (days < Infinity) return named(days);
      return year(timestamp) === year(now) ? day(timestamp) : dayOfYear(timestamp);
    },
    brief: (timestamp, now) => {
      const days = daysAgo(timestamp, now);
      if (days === 0) return time(timestamp);
      if (days === 1) return named(days);
      const isRecent = timestamp <= now && now - timestamp < WEEK_DAYS * DAY_SECONDS;
      if (isRecent) return weekday(timestamp);
      return year(timestamp) === year(now) ? date(timestamp) : dated(timestamp);
    },
  };
}

/** Every time zone is a whole number of quarters of an hour away from the others. */
const QUARTER_SECONDS = 900;

/** The most results that are kept. */
const KEPT_MAX = 10_000;

/** Keeps the results for times within a quarter of an hour: a page asks for hundreds with each key that is pressed. */
function kept(format: (timestamp: number) => string): (timestamp: number) => string {
  const results = new Map<number, string>();
  return (timestamp) => {
    const quarter = Math.floor(timestamp / QUARTER_SECONDS);
    const known = results.get(quarter);
    if (known !== undefined) return known;
    if (results.size >= KEPT_MAX) results.clear();
    const result = format(timestamp);
    results.set(quarter, result);
    return result;
  };
}

/** A node may tell any number. */
function isTime(timestamp: number): boolean {
  return Math.abs(timestamp) <= TIME_MAX;
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
