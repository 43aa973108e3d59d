/**
 * 50 pairs, each sender waits for SENT before it sends again.
 *
 * @module
 */

import type { Report } from "./report.ts";
import { runDuel } from "./send_duel.ts";

/** See the module. @param folder where the server may have its data */
export function measurePairs(folder: string): Promise<Report> {
  return runDuel({ title: "50 waiting pairs", pairs: 50, outstanding: 1, ratioMin: 0.7 }, folder);
}
