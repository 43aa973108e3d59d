/**
 * The request for another level of diagnostics, and its answer.
 *
 * @module
 */

import { isLogLevel, LEVEL_MS_MAX, type LogLevel, type PassingLevel } from "../diagnostics/log_level.ts";
import { type Checks, isCount, isText, parseChecked } from "./checks.ts";

/** Method of the request. */
export const LEVEL_METHOD = "PUT";

/** A level, and the time for which it is to hold. */
export interface LevelChange {
  readonly level: LogLevel;
  /** At most `LEVEL_MS_MAX`. */
  readonly forMs: number;
}

/** The answer: the level that holds now. */
export interface LevelAnswer {
  /** Name of the node. */
  readonly node: string;
  readonly level: LogLevel;
  /** Time until that of the start holds again, ms; `null` if it holds already. */
  readonly leftMs: number | null;
}

/** Path of the request for a change. */
export function levelPath({ level, forMs }: LevelChange): string {
  return `/log-level/${level}/${forMs}`;
}

/** The change that a path asks for; `undefined` if it asks for none, or for one beyond the bounds. */
export function parseLevelPath(path: string): LevelChange | undefined {
  const [, level, digits] = /^\/log-level\/([a-z]{1,8})\/(\d{1,8})$/.exec(path) ?? [];
  const forMs = Number(digits);
  return isLogLevel(level) && forMs > 0 && forMs <= LEVEL_MS_MAX ? { level, forMs } : undefined;
}

const CHECKS: Checks<LevelAnswer> = {
  node: isText,
  level: isLogLevel,
  leftMs: (value) => value === null || isCount(value),
};

/** Parses the JSON of an answer; `undefined` if it is none. */
export function parseLevelAnswer(json: string): LevelAnswer | undefined {
  return parseChecked(json, CHECKS);
}

/** Checks of the level in a status, which is absent while that of the start holds. */
export const PASSING_LEVEL_CHECKS: Checks<PassingLevel> = { level: isLogLevel, leftMs: isCount };
