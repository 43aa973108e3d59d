/**
 * A program that listens on every default port and never answers, to run the tests beside it. A port that
 * another program holds is left to that program.
 *
 * @module
 */

import { DEFAULT_PORTS } from "./own_network.ts";

for (const port of DEFAULT_PORTS) {
  try {
    Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
  }
}
// An open listener alone does not keep the program running.
setInterval(() => {}, 60_000);
