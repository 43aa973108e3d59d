/**
 * Commands about the client itself and where it is connected.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { didYouMean } from "../../common/suggestion.ts";
import type { Command } from "./command.ts";
import type { Model } from "./model.ts";
import { EXIT, type Turn } from "./step.ts";

const status: Command = {
  name: "status",
  usage: "",
  help: "shows who you are, the nodes, what is queued, and how safe a message is now",
  withoutLogin: true,
  run(turn): void {
    const { account, node, outbox, loggedIn } = turn.model;
    const present = loggedIn ? "" : " (not logged in at present)";
    turn.showText(account === undefined ? "account: not logged in" : `account: ${account.name}${present}`);
    turn.showText(
      node === undefined
        ? "node: none (looking for one)"
        : `node: ${node.name}, ${node.welcome.server}, cluster ${node.welcome.cluster}`,
    );
    showNodes(turn, turn.model);
    turn.showText(`queued: ${counted(outbox.messageIds.length, "message")}`);
    // Without a node to ask, an answer would come at a time when nobody thinks of it any more.
    if (loggedIn && node !== undefined) turn.ask({ name: "nodeStatus", payload: null }, { kind: "status" });
  },
};

const node: Command = {
  name: "node",
  usage: "[NAME]",
  help: "lists the nodes, or goes on with that one",
  withoutLogin: true,
  completes: "node",
  run(turn, { words }): void {
    const { model } = turn;
    const [name] = words;
    if (name === undefined) return showNodes(turn, model);
    const names = nodeNames(model);
    const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const known = names.length === 0 ? "none is known" : `the nodes are ${names.join(", ")}`;
      return turn.error(`there is no node ${name}; ${known}${didYouMean(name, names)}`);
    }
    if (found === model.node?.name) return turn.notice(`${found} is the node you are connected to`);
    model.wantedNode = found;
    turn.effects.push({ kind: "moveOn", node: found, reason: `going on with ${found}` });
  },
};

function showNodes(turn: Turn, { node }: Model): void {
  for (const { name, host, port } of node?.welcome.nodes ?? []) {
    const mark = name === node?.name ? "* " : "  ";
    turn.showText(`${mark}${name} ${host.includes(":") ? `[${host}]` : host}:${port}`);
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
  run(turn): void {
    const queued = turn.model.outbox.messageIds.length;
    if (queued > 0 && !turn.model.options.script) {
      turn.error(`not sent: ${counted(queued, "queued message")}`, EXIT.noNode);
    }
    turn.leave(queued > 0 ? EXIT.noNode : EXIT.ok);
  },
};

/** See the module. */
export const SYSTEM: readonly Command[] = [status, node, quit];
