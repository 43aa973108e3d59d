import { assertEquals, assertThrows } from "@std/assert";
import { AssertionError } from "../../../common/errors.ts";
import { LineLogger } from "../../../server/diagnostics/line_logger.ts";
import { LOG_LEVELS, type LogLevel } from "../../../server/diagnostics/log_level.ts";

function loggerOf(level: LogLevel): { logger: LineLogger; lines: string[] } {
  const lines: string[] = [];
  const logger = new LineLogger({
    node: "node1",
    level: { current: level },
    clock: { wallMs: () => 7 },
    format: ({ timeMs, level, event, node, fields }) =>
      `${timeMs} ${level} ${node} ${event} ${JSON.stringify(fields)}`,
    write: (line) => lines.push(line),
  });
  return { logger, lines };
}

Deno.test("LineLogger shows the level that was asked for, and what matters more", () => {
  const shown = LOG_LEVELS.map((level) => {
    const { logger, lines } = loggerOf(level);
    for (const each of LOG_LEVELS) logger[each]("started");
    return lines.length;
  });
  assertEquals(shown, [4, 3, 2, 1]);
});

Deno.test("LineLogger says when, how much it matters, where, what and the fields", () => {
  const { logger, lines } = loggerOf("info");
  logger.warn("disk full", { bytes: 3 });
  logger.info("started");
  assertEquals(lines, ['7 warn node1 disk full {"bytes":3}', "7 info node1 started {}"]);
});

Deno.test("LineLogger stops a secret, also where the line would not be shown", () => {
  const { logger, lines } = loggerOf("error");
  assertThrows(
    () => logger.debug("login", { password: "x" }),
    AssertionError,
    '"password" must never be logged',
  );
  assertEquals(lines, []);
});
