/**
 * The logger: levels, and the node's own fields.
 *
 * @module
 */

import type { Clock, LogFields, Logger } from "../ports/outside.ts";
import { checkFields, type Diagnostic } from "./diagnostic.ts";
import { isShown, type LogLevel } from "./log_level.ts";

/** What a logger is made of. */
interface LineLoggerParts {
  /** Name of the node. */
  readonly node: string;
  /** The least that is shown. */
  readonly level: LogLevel;
  readonly clock: Pick<Clock, "wallMs">;
  /** Makes one line of a diagnostic. */
  readonly format: (diagnostic: Diagnostic) => string;
  /** Takes that line. */
  readonly write: (line: string) => void;
}

/** One line for each event. Its calls throw an `AssertionError` for a field that must not be logged. */
export class LineLogger implements Logger {
  constructor(readonly parts: LineLoggerParts) {}

  /** What helps to find a fault. */
  debug(event: string, fields?: LogFields): void {
    this.#log("debug", event, fields);
  }

  /** What is as it should be. */
  info(event: string, fields?: LogFields): void {
    this.#log("info", event, fields);
  }

  /** What somebody should look at some day. */
  warn(event: string, fields?: LogFields): void {
    this.#log("warn", event, fields);
  }

  /** What somebody should look at now. */
  error(event: string, fields?: LogFields): void {
    this.#log("error", event, fields);
  }

  #log(level: LogLevel, event: string, fields: LogFields = {}): void {
    // Before the level is looked at: a secret in a debug line must not wait for the day it is turned on.
    checkFields(fields);
    const { node, clock, format, write } = this.parts;
    if (!isShown(level, this.parts.level)) return;
    write(format({ timeMs: clock.wallMs(), level, event, node, fields }));
  }
}
