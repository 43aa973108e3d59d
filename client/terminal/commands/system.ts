/**
 * Commands about the client itself and its nodes.
 *
 * @module
 */

import { counted } from "../../../common/counted.ts";
import { didYouMean } from "../../../common/suggestion.ts";
import { heldCount } from "../../core/messages.ts";
import type { Model } from "../../core/model.ts";
import { shownPlace } from "../../core/node_list.ts";
import { nodeNames } from "../../core/nodes.ts";
import { act, type Command, misused, type Outcomes, print, refuse, say } from "./command.ts";

const status: Command = {
  name: "status",
  usage: "",
  help: "shows who you are, the nodes, what is queued, and how safe a message is now",
  withoutLogin: true,
  run: (model) => [...print(...statusLines(model)), ...act({ kind: "nodeStatus" })],
};

function statusLines(model: Readonly<Model>): readonly string[] {
  const { account, node, pending, loggedIn, cluster } = model;
  const held = heldCount(model);
  const present = loggedIn ? "" : " (not logged in at present)";
  return [
    account === undefined ? "account: not logged in" : `account: ${account.name}${present}`,
    node === undefined
      ? "node: none (looking for one)"
      : `node: ${node.name}, ${node.welcome.server}, cluster ${node.welcome.cluster}`,
    ...nodeLines(model),
    `queued: ${counted(pending.messageIds.length, "message")}`,
    ...(held > 0 ? [`held: ${counted(held, "message")}; the mark ? is on their lines`] : []),
    ...(cluster?.alone === undefined ? [] : [`alone: ${cluster.alone}`]),
  ];
}

const node: Command = {
  name: "node",
  usage: "[NAME]",
  help: "lists the nodes, or goes on with that one",
  withoutLogin: true,
  completes: "node",
  run(model, { words: [name] }): Outcomes {
    if (name === undefined) return print(...nodeLines(model));
    const names = nodeNames(model);
    const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const known = names.length === 0 ? "none is known" : `the nodes are ${names.join(", ")}`;
      return refuse(`there is no node ${name}; ${known}${didYouMean(name, names)}`);
    }
    if (found === model.node?.name) return say(`${found} is the node you are connected to`);
    return act({ kind: "moveTo", node: found });
  },
};

function nodeLines({ node }: Readonly<Model>): readonly string[] {
  const nodes = node?.welcome.nodes ?? [];
  return nodes.map((each) => `${each.name === node?.name ? "*" : " "} ${each.name} ${shownPlace(each)}`);
}

const notify: Command = {
  name: "notify",
  usage: "[on | off]",
  help: "says if new messages ring, or changes that until the program ends",
  withoutLogin: true,
  run(_model, { text }): Outcomes {
    const isOn = text === "" ? undefined : text === "on";
    if (isOn === false && text !== "off") return misused(notify, `${text} is neither on nor off`);
    return [{ kind: "alerts", order: { kind: "notify", isOn } }];
  },
};

const mute: Command = {
  name: "mute",
  usage: "[NAME [off]]",
  help: "lets messages of NAME not ring until the program ends, or ring again; lists who is muted",
  completes: "user",
  run({ chats }, { words: [name, off, ...rest] }): Outcomes {
    if (name === undefined) return [{ kind: "alerts", order: { kind: "muted" } }];
    if ((off ?? "off") !== "off" || rest.length > 0) return misused(mute, "whose messages are not to ring?");
    const chat = chats.named(name);
    if (chat === undefined) return refuse(`there is no chat with ${name}; /chats lists them`);
    return [{ kind: "alerts", order: { kind: "mute", chat, isMuted: off === undefined } }];
  },
};

const quit: Command = {
  name: "quit",
  alias: "q",
  usage: "",
  help: "ends the program",
  withoutLogin: true,
  run: () => act({ kind: "quit" }),
};

/** The commands about the client itself and its nodes. */
export const SYSTEM: readonly Command[] = [status, node, notify, mute, quit];
