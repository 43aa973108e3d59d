/**
 * The logger of a node.
 *
 * @module
 */

import type { Clock, LogFields, Logger } from "../ports/outside.ts";
import { checkFields, type Diagnostic } from "./diagnostic.ts";
import { isShown, type LogLevel } from "./log_level.ts";

/** Settings and dependencies of a logger. */
interface LineLoggerParts {
  /** Name of the node. */
  readonly node: string;
  /** Lowest level that is shown, which may change. */
  readonly level: { readonly current: LogLevel };
  readonly clock: Pick<Clock, "wallMs">;
  /** Formats a diagnostic as one line. */
  readonly format: (diagnostic: Diagnostic) => string;
  /** Receives the line. */
  readonly write: (line: string) => void;
}

/** Writes one line for each event. A forbidden field throws an `AssertionError`. */
export class LineLogger implements Logger {
  constructor(readonly parts: LineLoggerParts) {}

  get showsDebug(): boolean {
    return isShown("debug", this.parts.level.current);
  }

  /** Details that help to find a fault. */
  debug(event: string, fields?: LogFields): void {
    this.#log("debug", event, fields);
  }

  /** Normal operation. */
  info(event: string, fields?: LogFields): void {
    this.#log("info", event, fields);
  }

  /** A condition to be looked at some day. */
  warn(event: string, fields?: LogFields): void {
    this.#log("warn", event, fields);
  }

  /** A condition to be looked at now. */
  error(event: string, fields?: LogFields): void {
    this.#log("error", event, fields);
  }

  #log(level: LogLevel, event: string, fields: LogFields = {}): void {
    // Checked at every level: a secret in a debug line must be found before somebody turns that level on.
    checkFields(fields);
    const { node, clock, format, write } = this.parts;
    if (!isShown(level, this.parts.level.current)) return;
    write(format({ timeMs: clock.wallMs(), level, event, node, fields }));
  }
}
