/**
 * The nodes that the present node told of.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";

/** Names of the known nodes. */
export function nodeNames({ node }: Model): readonly string[] {
  return node?.welcome.nodes.map((each) => each.name) ?? [];
}

/** Leaves the present node for another one. */
export function moveTo(step: Step, node: string): void {
  step.model.wantedNode = node;
  if (step.model.node !== undefined) step.model.leaving = { kind: "movedTo", node };
  step.effects.push({ kind: "moveTo", node });
}

/** Asks the node how far its peers are. Without a node, an answer would come long after the question. */
export function askStatus(step: Step): void {
  const { loggedIn, node } = step.model;
  if (loggedIn && node !== undefined) step.ask({ name: "nodeStatus", payload: null }, { kind: "status" });
}

/** Says once of each place that a node of another cluster answers there. */
export function meetForeignNode(step: Step, place: string, cluster: string): void {
  const { foreignNodes } = step.model;
  if (foreignNodes.get(place) === cluster) return;
  foreignNodes.set(place, cluster);
  step.notice({ kind: "foreignNode", place, cluster });
}

/** The node has told the nodes of the cluster anew, because they were changed. */
export function takeNodes(step: Step, nodes: readonly NodeAddress[]): void {
  const { model, effects } = step;
  if (model.node === undefined || nodes.length === 0) return;
  const { name, welcome } = model.node;
  model.node = { name, welcome: { ...welcome, nodes } };
  effects.push({ kind: "learnNodes", nodes });
  if (nodes.every((node) => node.name !== name)) {
    step.moveOn({ kind: "removed" });
  }
}
