/**
 * An echo server in a process of its own, which prints its port and its warnings.
 *
 * @module
 */

import { TestServer } from "./net_harness.ts";

const server = new TestServer();
const lines = server.logger.lines;
lines.push = (...added): number => {
  for (const { level, event, fields } of added) {
    if (level === "warn") console.log(event, JSON.stringify(fields));
  }
  return 0;
};
console.log(`port ${server.listener.port}`);
