/**
 * Commands about the client itself and where it is connected.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { didYouMean } from "../../common/suggestion.ts";
import type { Command } from "./command.ts";
import type { Model } from "./model.ts";
import { EXIT, type Step } from "./step.ts";

const status: Command = {
  name: "status",
  usage: "",
  help: "shows who you are, the nodes, what is queued, and how safe a message is now",
  withoutLogin: true,
  run(step): void {
    const { account, node, pending, loggedIn } = step.model;
    const present = loggedIn ? "" : " (not logged in at present)";
    step.showText(account === undefined ? "account: not logged in" : `account: ${account.name}${present}`);
    step.showText(
      node === undefined
        ? "node: none (looking for one)"
        : `node: ${node.name}, ${node.welcome.server}, cluster ${node.welcome.cluster}`,
    );
    showNodes(step, step.model);
    step.showText(`queued: ${counted(pending.messageIds.length, "message")}`);
    // Without a node to ask, an answer would come at a time when nobody thinks of it any more.
    if (loggedIn && node !== undefined) step.ask({ name: "nodeStatus", payload: null }, { kind: "status" });
  },
};

const node: Command = {
  name: "node",
  usage: "[NAME]",
  help: "lists the nodes, or goes on with that one",
  withoutLogin: true,
  completes: "node",
  run(step, { words }): void {
    const { model } = step;
    const [name] = words;
    if (name === undefined) return showNodes(step, model);
    const names = nodeNames(model);
    const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const known = names.length === 0 ? "none is known" : `the nodes are ${names.join(", ")}`;
      return step.error(`there is no node ${name}; ${known}${didYouMean(name, names)}`);
    }
    if (found === model.node?.name) return step.notice(`${found} is the node you are connected to`);
    model.wantedNode = found;
    step.effects.push({ kind: "moveOn", node: found, reason: `going on with ${found}` });
  },
};

function showNodes(step: Step, { node }: Model): void {
  for (const { name, host, port } of node?.welcome.nodes ?? []) {
    const mark = name === node?.name ? "* " : "  ";
    step.showText(`${mark}${name} ${host.includes(":") ? `[${host}]` : host}:${port}`);
  }
}

/** The names of the nodes that are known. */
export function nodeNames({ node }: Model): readonly string[] {
  return node?.welcome.nodes.map((each) => each.name) ?? [];
}

const quit: Command = {
  name: "quit",
  alias: "q",
  usage: "",
  help: "ends the program",
  withoutLogin: true,
  run(step): void {
    const queued = step.model.pending.messageIds.length;
    if (queued > 0 && !step.model.options.script) {
      step.error(`not sent: ${counted(queued, "queued message")}`, EXIT.noNode);
    }
    step.leave(queued > 0 ? EXIT.noNode : EXIT.ok);
  },
};

/** See the module. */
export const SYSTEM: readonly Command[] = [status, node, quit];
