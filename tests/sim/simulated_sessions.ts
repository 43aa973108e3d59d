/**
 * The sessions of a simulated server, over its simulated ports.
 *
 * @module
 */

import type { Random } from "../../server/ports/outside.ts";
import { HANDLERS } from "../../server/sessions/handlers.ts";
import { Sessions } from "../../server/sessions/sessions.ts";
import { MemoryArchive } from "../testing/memory_archive.ts";
import { standInFingerprinter } from "../testing/stand_in_fingerprinter.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";
import { SimulatedHasher } from "./simulated_hasher.ts";
import { SILENT_LOGGER, simulatedDigest } from "./simulated_ports.ts";

/** The sessions of a process, whose node is there already. */
export function simulatedSessions(
  process: ServerProcess,
  random: Random,
  mutation: Mutation,
): Sessions {
  const { chance } = process.machine.world;
  const archive = process.archive ?? new MemoryArchive(() => process.state);
  const hasher = new SimulatedHasher((act) => process.later(chance.delay(20, 300), act));
  return new Sessions(process.node, {
    random,
    hasher: mutation.hasher?.(hasher, process) ?? hasher,
    digest: mutation.digest?.(simulatedDigest, process) ?? simulatedDigest,
    fingerprinter: mutation.fingerprinter?.(standInFingerprinter, process) ?? standInFingerprinter,
    logger: SILENT_LOGGER,
    archive: mutation.archive?.(archive, process) ?? archive,
  }, HANDLERS);
}
