/**
 * A diagnostic and its two formats: JSON for programs, aligned text for people. Both fill exactly one line.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { LogFields } from "../ports/outside.ts";
import type { LogLevel } from "./log_level.ts";
import { visibleJson, visibleText } from "../../common/visible_text.ts";

/** One event of a running node. */
export interface Diagnostic {
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Fixed name of the event. */
  readonly event: string;
  /** Name of the node. */
  readonly node: string;
  readonly fields: LogFields;
}

/** Fields that no diagnostic may have: secrets, and the content of messages. */
const FORBIDDEN_FIELDS = ["password", "token", "content", "hash"];

/** Fields that every diagnostic has. */
const OWN_FIELDS = ["time", "level", "event", "node"];

/** @throws {AssertionError} if a field is forbidden, or has the name of a field of the diagnostic itself */
export function checkFields(fields: LogFields): void {
  for (const name of Object.keys(fields)) {
    assert(!FORBIDDEN_FIELDS.includes(name.toLowerCase()), `a field "${name}" must never be logged`);
    assert(
      !OWN_FIELDS.includes(name),
      `a field "${name}" would hide the diagnostic's own; name it otherwise`,
    );
  }
}

/** The diagnostic as one JSON object, without a line feed. */
export function jsonLine({ timeMs, level, event, node, fields }: Diagnostic): string {
  return visibleJson(JSON.stringify({ time: isoTime(timeMs), level, event, node, ...fields }));
}

const EVENT_COLUMNS = 24;
const LEVEL_COLUMNS = 5;
const RESET = "\x1b[0m";
const COLOURS: Readonly<Record<LogLevel, string>> = {
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};

/** The diagnostic for people, without a line feed: time, level, node, event, then the fields as `name=value`. */
export function readableLine({ timeMs, level, event, node, fields }: Diagnostic, coloured: boolean): string {
  const shownLevel = level.toUpperCase().padEnd(LEVEL_COLUMNS);
  const colouredLevel = coloured ? `${COLOURS[level]}${shownLevel}${RESET}` : shownLevel;
  const rest = `${node}  ${event.padEnd(EVENT_COLUMNS)} ${shownFields(fields)}`;
  return `${isoTime(timeMs)} ${colouredLevel} ${visibleText(rest).trimEnd()}`;
}

function shownFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${quotedIfNeeded(String(value))}`)
    .join(" ");
}

/** Quotes a value with a space or a quotation mark, which could pass for several fields. */
function quotedIfNeeded(value: string): string {
  return /^[^\s"=\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
