/**
 * Forks that replication finds, kept in the data folder; the same for real and for simulated nodes.
 *
 * @module
 */

import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import { dropFork, haltsNode, keepFork, readForks } from "../log/fork_file.ts";
import { isDiskFull } from "../log/log_errors.ts";
import { RESERVE_FILE } from "../log/reserve.ts";
import type { FileStore } from "../ports/files.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { MeshHost } from "../replication/mesh_host.ts";

/** The part of a mesh's host that keeps forks. */
export type ForkKeeper = Pick<MeshHost, "forkFound" | "keptForks" | "forkOver">;

/**
 * Makes that part.
 *
 * @param state of the node, with the entries that it holds when a fork is found
 */
export function forkKeeper(
  files: FileStore,
  clock: Clock,
  { version }: Pick<State, "version">,
  logger: Logger,
): ForkKeeper {
  return {
    forkFound: ({ origin, after, chain, other }, isThird) => {
      const place = { origin, after, chain, seenMs: clock.wallMs() };
      const fork = other === undefined ? place : { ...place, other };
      const third = { ...fork, third: true, until: seqOf(version, origin) } as const;
      const keep = (): boolean => isDone(() => keepFork(files, isThird ? third : fork), origin, logger);
      if (keep() || isThird) return;
      // The node ends, and needs its reserve no more.
      files.remove(RESERVE_FILE);
      keep();
    },
    keptForks: () => readForks(files).filter((fork) => !haltsNode(fork)),
    forkOver: (origin) => void isDone(() => dropFork(files, origin), origin, logger),
  };
}

/** Changes the file, if the disk has room: the node knows of the fork all the same, and finds it again after a start. */
function isDone(change: () => void, origin: string, logger: Logger): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    logger.error("forkNotKept", { origin, reason: "the disk is full" });
    return false;
  }
}
