/**
 * The archive of a simulated server: the product's follower, with workers without threads and files in memory. It
 * lags, and all that happens to it is in `archive_outside.ts`.
 *
 * @module
 */

import { ArchiveFollower } from "../../server/follower/archive_follower.ts";
import { ResidentMessages } from "../../server/node/resident_messages.ts";
import type { Clock } from "../../server/ports/outside.ts";
import type { ArchiveOutside } from "./archive_outside.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { SILENT_LOGGER } from "./simulated_ports.ts";
import type { StartedLog } from "./simulated_start.ts";

/** Interval of the follower's tick, ms. */
const TICK_MS = 1_000;

/** An archive that follows the log of a process. It works from its first tick on. */
export function simulatedArchive(
  process: ServerProcess,
  outside: ArchiveOutside,
  { loaded, damage }: Pick<StartedLog, "loaded" | "damage">,
  clock: Clock,
  mutation: Mutation,
): ArchiveFollower {
  const { log, history } = process;
  const follower = new ArchiveFollower({
    data: "data",
    limits: process.node.settings.limits,
    clock,
    timers: { after: (ms, callback) => process.timer(ms, callback) },
    logger: SILENT_LOGGER,
    mayStart: () => true,
    loaded,
    damage,
    onReached: (position) => process.residents?.reached(position),
    log: {
      get durable() {
        const end = { segment: log.segment, bytes: log.bytes, position: history.end.position };
        return mutation.durable?.(end, process) ?? end;
      },
      get readOnly() {
        return log.readOnly;
      },
      segmentBefore: (position) => history.segmentBefore(position),
    },
    makeWriter: () => outside.makeWriter(),
    makeReader: () => outside.makeReader(),
    makeChecker: () => outside.makeChecker(),
    removeFiles: (_data, done) => {
      outside.removeFiles();
      done();
    },
  });
  process.every(TICK_MS, () => follower.tick());
  return follower;
}

/** The messages in the memory of a process with this archive. */
export function simulatedResidents(
  process: ServerProcess,
  archive: ArchiveFollower,
  mutation: Mutation,
): ResidentMessages {
  const residents = new ResidentMessages({
    state: process.state,
    archive: mutation.archive?.(archive, process) ?? archive,
    timers: { after: (ms, callback) => process.timer(ms, callback) },
  });
  mutation.evicting?.(process.state);
  return mutation.residents?.(residents, process) ?? residents;
}
