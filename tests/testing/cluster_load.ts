/**
 * A load on a cluster: several people at work at the same time. Every node must show them all acknowledged
 * messages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { SentMessages } from "./cluster_load_messages.ts";
import { ClusterLoadPerson } from "./cluster_load_person.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { wholeView } from "./load.ts";
import { SeededNumbers } from "./seeded_numbers.ts";

/** A load on a cluster, with its acknowledgements and latencies. */
export class ClusterLoad {
  readonly messages = new SentMessages();
  /** Messages that were sent again for want of an answer. */
  repeated = 0;
  /** Wait for the answers to each batch, ms. */
  answeredMs: number[] = [];
  readonly random: SeededNumbers;
  readonly #people: readonly ClusterLoadPerson[];
  #isOver = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(seed: number, people = 4) {
    this.random = new SeededNumbers(seed);
    const setting = {
      messages: this.messages,
      random: this.random,
      answered: (ms: number) => this.answeredMs.push(ms),
      repeated: () => this.repeated++,
    };
    const names = Array.from({ length: people }, (_, index) => `person${index}`);
    this.#people = names.map((name) =>
      new ClusterLoadPerson(name, names.filter((other) => other !== name), setting)
    );
  }

  /** Longest wait for the answers to a batch, ms. */
  get slowestMs(): number {
    return Math.max(0, ...this.answeredMs);
  }

  /** Longest of the fastest 99 of 100 batches, ms. */
  get usualMs(): number {
    return this.answeredMs.toSorted((a, b) => a - b)[Math.floor(this.answeredMs.length * 0.99)] ?? 0;
  }

  /** Summary of the work, for people. */
  summary(): string {
    const { acknowledged, copies, deletions, atRisk } = this.messages;
    const shown = [...copies].sort().map(([copies, count]) => `${count} with copies ${copies}`).join(", ");
    return `${acknowledged} messages acknowledged (${shown}), ${deletions} deletions, ${this.repeated} sent again; ` +
      `${atRisk} known to be on no other disks than those that were destroyed; slowest answer ${
        Math.round(this.slowestMs)
      } ms`;
  }

  /** Registers the accounts. */
  async register(node: ClusterNode): Promise<void> {
    for (const person of this.#people) await person.register(node);
  }

  /** Lets all people work at any of these nodes until `stop`. */
  start(nodes: readonly ClusterNode[]): void {
    this.#isOver = false;
    this.#working = Promise.all(this.#people.map((person) => person.work(nodes, () => this.#isOver)));
    // `stop` throws this error.
    this.#working.catch(() => {});
  }

  /** Waits until some node has answered every request. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#working;
  }

  /** Lets all people work for a while. */
  async work(nodes: readonly ClusterNode[], ms: number): Promise<void> {
    this.start(nodes);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.stop();
  }

  /**
   * Compares everything with the view of each node.
   *
   * @returns the number of compared messages
   */
  async verify(nodes: readonly ClusterNode[]): Promise<number> {
    let compared = 0;
    let first: ReadonlyMap<string, ReadonlyMap<string, ChatMessage>> | undefined;
    for (const node of nodes) {
      const views = await this.#views(node);
      compared += this.messages.verify(views);
      first ??= views;
      assertEquals(views, first, `what people see at ${node.name} is not what they see at ${nodes[0]?.name}`);
    }
    return compared;
  }

  async #views(node: ClusterNode): Promise<Map<string, ReadonlyMap<string, ChatMessage>>> {
    const views = new Map<string, ReadonlyMap<string, ChatMessage>>();
    for (const person of this.#people) {
      await using client = await person.connect(node);
      views.set(person.name, await wholeView(client));
    }
    return views;
  }
}
