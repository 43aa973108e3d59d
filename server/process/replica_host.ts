/**
 * The node as replication sees it, put together of its parts: the same for real ones and for simulated ones.
 *
 * @module
 */

import { isTaken } from "../core/accounts/register.ts";
import { ownStamp } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import type { Node } from "../node/node.ts";
import type { EntryLog } from "../ports/node.ts";
import type { Clock } from "../ports/outside.ts";
import type { MeshHost } from "../replication/mesh_host.ts";

/** What a node is made of, as far as replication needs it. */
export interface ReplicaParts {
  readonly state: State;
  readonly origin: string;
  readonly log: Pick<EntryLog, "readOnly">;
  readonly clock: Clock;
  /** Not called before replication has begun. */
  node(): Node;
  filled(): void;
  halt(error: Error): void;
}

/** See the module. */
export function replicaHost(parts: ReplicaParts): MeshHost {
  const { state, origin, log, clock, node, filled, halt } = parts;
  return {
    version: state.version,
    get readOnly() {
      return log.readOnly;
    },
    absorb: (entries, durable) => node().absorb(entries, durable),
    stamp: () => ownStamp(state, origin, clock.wallMs()),
    isNameTaken: (name) => isTaken(state, name),
    presenceChanged: (account, online) => node().presenceChanged(account, online),
    replicated: () => node().replicated(),
    filled,
    halt,
  };
}
