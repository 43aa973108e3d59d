/**
 * News of the cluster, for the sessions that asked for them with FEATURES, logged in or not.
 *
 * @module
 */

import { CLUSTER_STATE, NODES, NODES_WITH_PAGES } from "../../common/protocol/feature_sets.ts";
import { includesFeatures } from "../../common/protocol/features.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import { ClusterNews, type ClusterNode } from "./cluster_news.ts";
import { PushFrames } from "./push_frames.ts";
import type { Outlet } from "./turn.ts";

/** The sessions that use `cluster-state`, and those that use `nodes`. */
export class News {
  readonly #node: ClusterNode;
  readonly #cluster: ClusterNews;
  readonly #ofNodes = new Set<Outlet>();

  constructor(node: ClusterNode) {
    this.#node = node;
    this.#cluster = new ClusterNews(node);
  }

  /** Pushes to a session what its features are about, and nothing else any more. */
  follow(outlet: Outlet): void {
    if (includesFeatures(outlet.features, NODES)) this.#ofNodes.add(outlet);
    else this.#ofNodes.delete(outlet);
    if (includesFeatures(outlet.features, NODES_WITH_PAGES)) {
      this.#pushNodes(this.#node.settings.nodes, [outlet]);
    }
    if (includesFeatures(outlet.features, CLUSTER_STATE)) this.#cluster.add(outlet);
    else this.#cluster.remove(outlet);
  }

  /** Pushes nothing more to a session; nothing happens if it never asked. */
  leave(outlet: Outlet): void {
    this.#ofNodes.delete(outlet);
    this.#cluster.remove(outlet);
  }

  /** Pushes the meaning of an acknowledgement, which may have changed. */
  clusterChanged(): void {
    this.#cluster.changed();
  }

  /** Pushes what had to wait; called about ten times a second. */
  look(): void {
    this.#cluster.look();
  }

  /** Pushes the addresses of the nodes, which have changed. */
  nodesChanged(nodes: readonly NodeAddress[]): void {
    this.#pushNodes(nodes, this.#ofNodes);
  }

  #pushNodes(nodes: readonly NodeAddress[], outlets: Iterable<Outlet>): void {
    const push: Push = { name: "nodes", payload: { nodes } };
    const frames = new PushFrames();
    for (const outlet of outlets) frames.add(this.#node.openTurn(), outlet, "push in order", { push });
  }
}
