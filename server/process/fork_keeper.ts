/**
 * Forks that replication finds, kept in the data folder; the same for real and for simulated nodes.
 *
 * @module
 */

import type { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import { keepFork, readForks, removeForks } from "../log/fork_file.ts";
import type { FileStore } from "../ports/files.ts";
import type { Clock } from "../ports/outside.ts";
import type { MeshHost } from "../replication/mesh_host.ts";

/** The part of a mesh's host that keeps forks. */
export type ForkKeeper = Pick<MeshHost, "forkFound" | "keptForks" | "forkOver">;

/** @param state of the node, with the entries that it holds when a fork is found */
export function forkKeeper(files: FileStore, clock: Clock, { version }: Pick<State, "version">): ForkKeeper {
  return {
    forkFound: ({ origin, after, chain }, isThird) => {
      const fork = { origin, after, chain, seenMs: clock.wallMs() };
      keepFork(files, isThird ? { ...fork, third: true, until: seqOf(version, origin) } : fork);
    },
    keptForks: () => readForks(files).filter(({ third }) => third),
    forkOver: (origin) => {
      const forks = readForks(files);
      const others = forks.filter((fork) => fork.origin !== origin || fork.third !== true);
      if (others.length === forks.length) return;
      removeForks(files);
      for (const fork of others) keepFork(files, fork);
    },
  };
}
