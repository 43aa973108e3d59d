/**
 * Nodes with clocks of their own, whose entries travel when a test lets them, and three people with a client at
 * every node.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { encodeEntry } from "../../server/core/encoded_entry.ts";
import { seqOf } from "../../server/core/version.ts";
import type { HarnessClient } from "./harness_client.ts";
import { NodeHarness } from "./node_harness.ts";

const ORIGINS = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb", "node3#cccccccccccc"];

/** Names of the people. */
export const PEOPLE = ["ann", "bob", "cy"];

/** Three nodes whose clocks a test sets. */
export class ClashingClocks {
  readonly nodes = ORIGINS.map((origin) => new NodeHarness({}, undefined, origin));
  readonly #clients: readonly ReadonlyMap<string, HarnessClient>[];
  #ids = 0;

  constructor() {
    const [first] = this.nodes;
    for (const name of PEOPLE) first?.login(name);
    this.deliverAll();
    this.#clients = this.nodes.map((node) => new Map(PEOPLE.map((name) => [name, node.login(name)])));
    this.deliverAll();
  }

  /** The client of a person at a node. */
  client(node: number, name: string): HarnessClient {
    return this.#clients[node]?.get(name) as HarnessClient;
  }

  /** A fresh message id. Later ones come first, so that no order is right by their ids. */
  newId(): string {
    return `${String(99_999_999 - ++this.#ids)}-0000-4000-8000-000000000000`;
  }

  /** Brings the next entries of one origin to another node, as far as their source has them. */
  deliver(from: number, to: number, origin: number, count: number): void {
    const [source, target] = [this.nodes[from], this.nodes[to]];
    if (source === undefined || target === undefined) return;
    const known = seqOf(target.state.version, ORIGINS[origin] ?? "");
    const next = source.log.synced.filter((entry) => entry.origin === ORIGINS[origin] && entry.seq > known);
    if (next.length === 0) return;
    target.node.absorb(next.slice(0, count).map(encodeEntry), () => {});
    target.settle();
  }

  /** Brings everything everywhere. */
  deliverAll(): void {
    for (const to of ORIGINS.keys()) {
      for (const from of ORIGINS.keys()) this.deliver(from, to, from, Infinity);
    }
  }

  /** Sends a message; returns the timestamp of its SENT, seconds since the Unix epoch. */
  send(node: number, from: string, to: string, id: string): number {
    const reply = this.client(node, from).ask("sendMessage", { to, content: `text of ${id}`, id });
    if (reply.name !== "sent") throw new Error(`the message was answered with ${reply.name}`);
    return reply.payload.timestamp;
  }

  /** The whole conversation of two people as one of them sees it at a node. */
  conversation(node: number, name: string, other: string): readonly ChatMessage[] {
    const reply = this.client(node, name).ask("listMessages", { with: other, limit: 500 });
    if (reply.name !== "messages" || !("more" in reply.payload)) throw new Error(reply.name);
    return reply.payload.messages;
  }
}
