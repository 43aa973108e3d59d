/**
 * Compaction of a simulated server: its hours pass in seconds.
 *
 * @module
 */

import { eraseEntry, type Erasing, leavesErasable } from "../../server/core/compaction.ts";
import type { Entry } from "../../server/core/entry.ts";
import { CompactingLog } from "../../server/log/compacting_log.ts";
import type { Clock } from "../../server/ports/outside.ts";
import { faster } from "./machine_clock.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";

/** Speed-up of compaction's clock: an hour passes in six seconds. */
const COMPACTION_SPEED = 600;

/** Lead of its wall clock, ms: whatever may be erased only after a while is erased within a schedule. */
const COMPACTION_AHEAD_MS = 120_000;

/** The facts that decide about erasing at a server. */
export function erasingOf({ node }: ServerProcess): Erasing {
  const { clock, replication } = node.ports;
  return { wallMs: clock.wallMs() + COMPACTION_AHEAD_MS, settled: replication.settled };
}

/** The compacting log of a server, put together of the same parts as in a real one. */
export function simulatedCompaction(process: ServerProcess, clock: Clock, mutation: Mutation): CompactingLog {
  const { files, log, state, machine } = process;
  const speed = machine.world.settings.isCompacting ? COMPACTION_SPEED : 1;
  const erase = (entry: Entry): Entry => eraseEntry(state, entry, erasingOf(process));
  return new CompactingLog({
    files,
    clock: faster(clock, speed),
    logger: SILENT_LOGGER,
    log,
    erase: mutation.erase?.(erase, process) ?? erase,
    leavesErasable: (entry) => leavesErasable(state, entry, erasingOf(process)),
    whenDurable: (then) => process.node.whenCopied(then),
  });
}
