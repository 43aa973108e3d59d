/**
 * The request for another level of diagnostics, and its answer.
 *
 * @module
 */

import {
  isLogLevel,
  LEVEL_MS_MAX,
  LOG_LEVELS,
  type LogLevel,
  type PassingLevel,
} from "../diagnostics/log_level.ts";
import { type Checks, isCount, isText, parseChecked } from "./checks.ts";

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

const CHANGE: Checks<LevelChange> = {
  level: isLogLevel,
  forMs: (value) => isCount(value) && Number(value) > 0 && Number(value) <= LEVEL_MS_MAX,
};

/** Parses a request; the problem with it, for whoever sends it, if it is none. */
export function parseLevelChange(json: string): LevelChange | string {
  return parseChecked(json, CHANGE) ??
    `level must be one of ${LOG_LEVELS.join(", ")}, and forMs a time from 1 to ${LEVEL_MS_MAX} ms`;
}

const ANSWER: Checks<LevelAnswer> = {
  node: isText,
  level: isLogLevel,
  leftMs: (value) => value === null || isCount(value),
};

/** Parses the JSON of an answer; `undefined` if it is none. */
export function parseLevelAnswer(json: string): LevelAnswer | undefined {
  return parseChecked(json, ANSWER);
}

/** Checks of the level in a status, which is absent while that of the start holds. */
export const PASSING_LEVEL_CHECKS: Checks<PassingLevel> = { level: isLogLevel, leftMs: isCount };
