/**
 * Invariant 9: the state in a server's memory is the fold of its log.
 *
 * @module
 */

import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { covers } from "../../../server/core/version.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { stateDigest, wrongCounts } from "../../testing/state_digest.ts";
import type { World } from "../world.ts";
import { compareMemory } from "./residency.ts";

/** Folds the log of one server anew and compares, if everything decided is written. */
export function checkFold(world: World): void {
  const { process, disk, name, rottenSegment } = world.chance.pick(world.members);
  // A log that has rotted behind a running server is found by its own verification.
  if (process === undefined || rottenSegment !== undefined) return;
  const { state } = process;
  const folded = new State();
  showLog(disk.files, ({ record }) => {
    if (isEntry(record)) evolve(folded, record);
  });
  if (!covers(folded.version, state.version)) return;
  if (process.residents !== undefined) {
    const { lag, problem } = process.archive?.status() ?? {};
    if (lag === 0 && problem === undefined) compareMemory(process, folded);
    return;
  }
  const isSame = stateDigest(folded) === stateDigest(state);
  world.checks.check(9, isSame, () => `the memory of ${name} is not the fold of its log`);
  const wrong = wrongCounts(state);
  world.checks.check(9, wrong.length === 0, () => `${name} counts wrongly: ${wrong.join("; ")}`);
}
