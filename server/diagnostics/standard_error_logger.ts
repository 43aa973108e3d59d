/**
 * Diagnostics on standard error: readable lines on a terminal, JSON lines elsewhere.
 *
 * @module
 */

import type { Clock, Timers } from "../ports/outside.ts";
import { type Diagnostic, jsonLine, readableLine } from "./diagnostic.ts";
import { LineLogger } from "./line_logger.ts";
import { LineWriter } from "./line_writer.ts";
import type { LogLevel } from "./log_level.ts";
import { ShownLevel } from "./shown_level.ts";
import { StatusLine } from "./status_line.ts";

/** Bound of the unread bytes, over which new lines are dropped. */
const WAITING_BYTES_MAX = 1_024 * 1_024;

/** Longest wait of `flush`, ms. */
const FLUSH_MS = 1_000;

/** A logger on standard error, and its flush. */
export interface StandardErrorLogger {
  readonly logger: LineLogger;
  /** The level from which on it shows diagnostics. */
  readonly level: ShownLevel;
  /** A line below the diagnostics; `undefined` where standard error is no terminal. */
  readonly statusLine: StatusLine | undefined;
  /** Resolves once every line is written, or after a second. To be awaited before `Deno.exit`. */
  flush(): Promise<void>;
}

/**
 * Makes the logger of a node.
 *
 * @param node name of the node
 * @param usual lowest level that is shown, unless it is changed for a while
 */
export function makeStandardErrorLogger(
  node: string,
  usual: LogLevel,
  clock: Clock,
  timers: Timers,
): StandardErrorLogger {
  const isTerminal = Deno.stderr.isTerminal();
  const format = formatFor(isTerminal, !Deno.noColor);
  const writeBytes = (bytes: Uint8Array): Promise<number> => Deno.stderr.write(bytes);
  const statusLine = isTerminal ? new StatusLine(writeBytes) : undefined;
  const writer = new LineWriter(
    writeBytes,
    WAITING_BYTES_MAX,
    (count) =>
      format({ timeMs: clock.wallMs(), level: "warn", event: "log lines dropped", node, fields: { count } }),
  );
  const write = (line: string): void => writer.write(statusLine?.above(line) ?? line);
  const level = new ShownLevel(usual, {
    clock,
    timers,
    onChange: (shown, forMs) => logger.info("logLevel", { shown, forMs }),
  });
  const logger = new LineLogger({ node, level, clock, format, write });
  return { logger, level, statusLine, flush: () => within(FLUSH_MS, writer.flush()) };
}

function formatFor(terminal: boolean, coloured: boolean): (diagnostic: Diagnostic) => string {
  return terminal ? (diagnostic) => readableLine(diagnostic, coloured) : jsonLine;
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
