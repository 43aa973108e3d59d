/**
 * Diagnostics on standard error: readable lines on a terminal, JSON lines elsewhere.
 *
 * @module
 */

import type { Clock } from "../ports/outside.ts";
import { type Diagnostic, jsonLine, readableLine } from "./diagnostic.ts";
import { LineLogger } from "./line_logger.ts";
import { LineWriter } from "./line_writer.ts";
import type { LogLevel } from "./log_level.ts";

/** Bound of the unread bytes, over which new lines are dropped. */
const WAITING_BYTES_MAX = 1_024 * 1_024;

/** Longest wait of `flush`, ms. */
const FLUSH_MS = 1_000;

/** A logger on standard error, and its flush. */
export interface StandardErrorLogger {
  readonly logger: LineLogger;
  /** Resolves once every line is written, or after a second. To be awaited before `Deno.exit`. */
  flush(): Promise<void>;
}

/**
 * Makes the logger of a node.
 *
 * @param node name of the node
 * @param level lowest level that is shown
 */
export function makeStandardErrorLogger(
  node: string,
  level: LogLevel,
  clock: Pick<Clock, "wallMs">,
): StandardErrorLogger {
  const format = formatFor(Deno.stderr.isTerminal(), !Deno.noColor);
  const writer = new LineWriter(
    (bytes) => Deno.stderr.write(bytes),
    WAITING_BYTES_MAX,
    (count) =>
      format({ timeMs: clock.wallMs(), level: "warn", event: "log lines dropped", node, fields: { count } }),
  );
  const logger = new LineLogger({ node, level, clock, format, write: (line) => writer.write(line) });
  return { logger, flush: () => within(FLUSH_MS, writer.flush()) };
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
