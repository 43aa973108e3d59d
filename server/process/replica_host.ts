/**
 * The node as replication sees it; the same for real and for simulated nodes.
 *
 * @module
 */

import { isUseTaken } from "../core/accounts/invite.ts";
import { isTaken } from "../core/accounts/register.ts";
import { ownStamp } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { SegmentDamaged } from "../log/log_errors.ts";
import type { Node } from "../node/node.ts";
import type { ResidentMessages } from "../node/resident_messages.ts";
import type { Memory } from "../ports/memory.ts";
import type { EntryLog, Full } from "../ports/node.ts";
import type { Clock } from "../ports/outside.ts";
import type { MeshHost } from "../replication/mesh_host.ts";
import type { ForkKeeper } from "./fork_keeper.ts";

/** The parts of a node that replication needs. */
interface ReplicaParts extends ForkKeeper {
  readonly state: State;
  readonly origin: string;
  readonly log: Pick<EntryLog, "readOnly">;
  readonly memory: Memory;
  readonly clock: Clock;
  /** Returns the node; not called before replication has begun. */
  node(): Node;
  /** The messages in memory; `undefined` if all are. */
  residents(): ResidentMessages | undefined;
  filled(): void;
  /** Notes damage of the log for the next start. */
  noteDamage(problem: string): void;
  halt(error: Error): void;
}

/** Puts the host of a mesh together. */
export function replicaHost(parts: ReplicaParts): MeshHost {
  const { state, origin, log, memory, clock, node, residents, filled } = parts;
  const { forkFound, keptForks, forkOver, noteDamage, halt } = parts;
  return {
    version: state.version,
    get full() {
      return fullOf(log, memory);
    },
    prepare: (entries, then) => {
      const messages = residents();
      if (messages === undefined) then();
      else messages.bringBack(entries.map(({ entry }) => entry), then);
    },
    absorb: (entries, durable) => node().absorb(entries, durable),
    stamp: () => ownStamp(state, origin, clock.wallMs()),
    isTaken: (name) => isTaken(state, name) || isUseTaken(state, name),
    presenceChanged: (account) => node().presence.changedElsewhere(account),
    replicated: () => node().replicated(),
    clusterChanged: () => node().news.clusterChanged(),
    dismissClients: (reason) => node().dismissClients(reason),
    filled,
    forsake: (reason) => node().forsake(reason),
    forkFound,
    keptForks,
    forkOver,
    halt: (error) => {
      if (error instanceof SegmentDamaged) noteDamage(error.message);
      halt(error);
    },
  };
}

/** The full one of disk and memory; `undefined` while both have room. */
export function fullOf(log: Pick<EntryLog, "readOnly">, memory: Memory): Full | undefined {
  if (log.readOnly) return "disk";
  return memory.isShort ? "memory" : undefined;
}
