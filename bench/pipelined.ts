/**
 * 10 pairs with 100 outstanding messages each.
 *
 * @module
 */

import type { Report } from "./report.ts";
import { runDuel } from "./send_duel.ts";

/** See the module. @param folder where the server may have its data */
export function measurePipelined(folder: string): Promise<Report> {
  return runDuel({ title: "10 pipelined pairs", pairs: 10, outstanding: 100, ratioMin: 0.15 }, folder);
}
