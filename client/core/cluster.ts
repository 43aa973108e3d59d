/**
 * The meaning of an acknowledgement at the present node: taken in at once, told once it lasts.
 *
 * @module
 */

import type { ClusterState } from "../../common/protocol/pushes.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";

/** Time after which a changed state is told if the state is still another one, ms. A restart of a node takes less. */
const LASTING_MS = 3_000;

/** Takes in the state of the present node. A node that begins in full order has nothing to tell. */
export function takeCluster({ model, effects }: Step, state: ClusterState): void {
  model.cluster = state;
  if (model.clusterShown === undefined && isInOrder(state)) model.clusterShown = state;
  if (model.clusterAwaited || isSame(model.clusterShown, state)) return;
  model.clusterAwaited = true;
  effects.push({ kind: "lookAtClusterAfter", ms: LASTING_MS });
}

/** Tells of the state, if it is another one than the person sees. */
export function lookAtCluster(step: Step): void {
  const { model } = step;
  const { cluster, node } = model;
  model.clusterAwaited = false;
  if (cluster === undefined || node === undefined || isSame(model.clusterShown, cluster)) return;
  model.clusterShown = cluster;
  step.notice({ kind: "clusterChanged", node: node.name, state: cluster });
}

/** The connection broke: another node says for itself. */
export function forgetCluster(model: Model): void {
  model.cluster = undefined;
  model.clusterShown = undefined;
}

/** True if a message that is stored now gets all copies that it can have. */
export function isInOrder({ copies, nodes, alone }: ClusterState): boolean {
  return alone === undefined && copies >= nodes;
}

function isSame(one: ClusterState | undefined, other: ClusterState): boolean {
  return one?.copies === other.copies && one.nodes === other.nodes && one.alone === other.alone;
}
