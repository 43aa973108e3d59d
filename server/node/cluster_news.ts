/**
 * CLUSTER: tells sessions the meaning of an acknowledgement here, and every change of it (client protocol,
 * section 4.6).
 *
 * @module
 */

import type { ClusterState, Push } from "../../common/protocol/pushes.ts";
import { copiesNow } from "./copies_now.ts";
import type { NodePorts, NodeSettings } from "./node_settings.ts";
import { PushFrames } from "./push_frames.ts";
import type { Outlet, Turn } from "./turn.ts";

/** Least time between two changes that one session hears of, ms. */
const INTERVAL_MS = 1_000;

/** The node, as far as CLUSTER needs it. */
export interface ClusterNode {
  readonly settings: Pick<NodeSettings, "clusterSize" | "nodes">;
  readonly ports: Pick<NodePorts, "clock" | "replication">;
  openTurn(): Turn;
}

type ClusterPush = Extract<Push, { readonly name: "cluster" }>;

/** The state that a session was told last, and the monotonic time of that, ms. */
interface Told {
  readonly state: ClusterState;
  readonly ms: number;
}

/** The sessions that use the feature `cluster-state`, logged in or not. */
export class ClusterNews {
  readonly #told = new Map<Outlet, Told>();
  /** True while a session may not have been told the present state. */
  #isDue = false;

  constructor(readonly node: ClusterNode) {}

  /** Pushes the state to a session, now and whenever it changes. */
  add(outlet: Outlet): void {
    this.#tell(outlet, { name: "cluster", payload: this.#state() }, new PushFrames());
  }

  /** Pushes nothing more to a session; nothing happens if it never asked. */
  remove(outlet: Outlet): void {
    this.#told.delete(outlet);
  }

  /** Pushes a state that may have changed. */
  changed(): void {
    this.#isDue = this.#told.size > 0;
    this.look();
  }

  /** Pushes what had to wait; called about ten times a second. */
  look(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    const nowMs = this.node.ports.clock.monotonicMs();
    const push: ClusterPush = { name: "cluster", payload: this.#state() };
    const frames = new PushFrames();
    for (const [outlet, told] of this.#told) {
      if (isSame(told.state, push.payload)) continue;
      if (nowMs - told.ms < INTERVAL_MS) this.#isDue = true;
      else this.#tell(outlet, push, frames);
    }
  }

  #tell(outlet: Outlet, push: ClusterPush, frames: PushFrames): void {
    frames.add(this.node.openTurn(), outlet, "push in order", { push });
    this.#told.set(outlet, { state: push.payload, ms: this.node.ports.clock.monotonicMs() });
  }

  #state(): ClusterState {
    const { settings: { clusterSize: nodes }, ports: { replication } } = this.node;
    const { alone } = replication;
    const copies = copiesNow(replication.status());
    return alone === undefined ? { copies, nodes } : { copies, nodes, alone };
  }
}

function isSame(a: ClusterState, b: ClusterState): boolean {
  return a.copies === b.copies && a.nodes === b.nodes && a.alone === b.alone;
}
