/**
 * Compaction of a simulated server, and the forgetting of names before it: hours and minutes pass in seconds.
 *
 * @module
 */

import { eraseEntry, leavesErasable } from "../../server/core/compaction.ts";
import type { Entry } from "../../server/core/entry.ts";
import { CompactingLog } from "../../server/log/compacting_log.ts";
import type { Clock } from "../../server/ports/outside.ts";
import { faster } from "./machine_clock.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";

/** Speed-up of compaction's clock: an hour passes in six seconds. */
const COMPACTION_SPEED = 600;

/** Speed-up of the clock by which names are forgotten: a minute passes in a second. */
const FORGETTING_SPEED = 60;

/** The clock by which a server forgets names. */
export function forgettingClock(clock: Clock): Clock {
  return faster(clock, FORGETTING_SPEED);
}

/** The compacting log of a server, put together of the same parts as in a real one. */
export function simulatedCompaction(process: ServerProcess, clock: Clock, mutation: Mutation): CompactingLog {
  const { files, log, state, machine } = process;
  const speed = machine.world.settings.isCompacting ? COMPACTION_SPEED : 1;
  const erase = (entry: Entry): Entry => eraseEntry(state, entry, clock.wallMs());
  return new CompactingLog({
    files,
    clock: faster(clock, speed),
    logger: SILENT_LOGGER,
    log,
    erase: mutation.erase?.(erase, process) ?? erase,
    leavesErasable: (entry) => leavesErasable(state, entry, clock.wallMs()),
    whenDurable: (then) => process.node.whenCopied(then),
    onReplacing: () => process.archive?.replacing(),
    onReplaced: (segment) => process.archive?.replaced(segment),
    onCompacted: (position) => {
      process.archive?.compact(position);
      process.residents?.erased(position);
    },
  });
}
