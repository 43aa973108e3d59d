/**
 * The load on a cluster whose nodes are stopped and started again: people who wander from node to node, and at
 * each node others who stay there and do everything that can be done.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ClusterLoad } from "./cluster_load.ts";
import type { ClusterNode } from "./cluster_node.ts";
import type { ClusterProcesses } from "./cluster_processes.ts";
import { Load } from "./load.ts";

/** People who stay at a node, of which there are so many at each. */
const STAYING = 2;
/** People who wander. */
const WANDERING = 3;

/** People who stay at a node, and their work until the node stops. */
interface Staying {
  readonly load: Load;
  working: Promise<void>;
}

/** A load on all nodes of a cluster that never ends before `stop`. */
export class UpgradeLoad {
  readonly wandering: ClusterLoad;
  readonly #cluster: ClusterProcesses;
  readonly #staying = new Map<ClusterNode, Staying>();

  constructor(cluster: ClusterProcesses, seed: number) {
    this.#cluster = cluster;
    this.wandering = new ClusterLoad(seed, WANDERING);
    for (const [index, node] of cluster.nodes.entries()) {
      const load = new Load(seed + 1 + index, STAYING, 40, `${node.name}-`);
      this.#staying.set(node, { load, working: Promise.resolve() });
    }
  }

  /** Number of acknowledged requests. */
  get acknowledged(): number {
    const staying = this.#staying.values().reduce((sum, { load }) => sum + load.acknowledgedCount, 0);
    return staying + this.wandering.messages.acknowledged + this.wandering.messages.deletions;
  }

  /** Summary of the work, for people. */
  summary(): string {
    const staying = [...this.#staying].map(([{ name }, { load }]) => `at ${name}: ${load.summary()}`);
    return [this.wandering.summary(), ...staying].join("\n");
  }

  /** Registers the accounts, and lets everybody work. */
  async start(): Promise<void> {
    await this.wandering.register(this.#cluster.node(1));
    for (const [{ port }, { load }] of this.#staying) await load.register(port);
    await this.#cluster.settled();
    this.wandering.start(this.#cluster.nodes);
    for (const [node, staying] of this.#staying) goOn(node, staying);
  }

  /**
   * Stops a node in order, and starts it again; everybody else goes on.
   *
   * @param program the words that start it
   * @param stopped is called while the node does not run
   * @throws {AssertionError} if the node misses anything that it had acknowledged
   */
  async restart(
    node: ClusterNode,
    program: readonly string[],
    stopped = (): Promise<void> => Promise.resolve(),
  ): Promise<void> {
    const staying = this.#staying.get(node);
    assert(staying !== undefined, `nobody stays at ${node.name}`);
    const { code, stderr } = await node.end("SIGTERM");
    assertEquals(code, 0, stderr);
    await staying.working;
    await stopped();
    node.program = program;
    await node.start();
    await node.served();
    await staying.load.verify(node.port);
    goOn(node, staying);
  }

  /** Waits until every request is answered, and all nodes have everything. */
  async stop(): Promise<void> {
    for (const { load } of this.#staying.values()) load.stop();
    await Promise.all([this.wandering.stop(), ...this.#staying.values().map(({ working }) => working)]);
    await this.#cluster.settled();
  }

  /**
   * Compares everything with the view of each node. Nobody is at work.
   *
   * @returns the number of compared messages
   * @throws {AssertionError} if anything acknowledged is missing at one of them
   */
  async verify(): Promise<number> {
    let compared = await this.wandering.verify(this.#cluster.nodes);
    for (const { load } of this.#staying.values()) {
      for (const { port } of this.#cluster.nodes) {
        compared += await load.verify(port);
        // The next node must know what was tried at this one.
        await this.#cluster.settled();
      }
    }
    return compared;
  }
}

function goOn({ port }: ClusterNode, staying: Staying): void {
  staying.working = staying.load.work(port);
  // `restart` and `stop` throw this error.
  staying.working.catch(() => {});
}
