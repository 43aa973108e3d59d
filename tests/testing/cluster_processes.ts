/**
 * A whole cluster of real processes on this machine, with a wire for each direction between two nodes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import { ClusterNode, type NodeConfigured } from "./cluster_node.ts";
import { eventually } from "./eventually.ts";
import { type FoldedLog, foldLog } from "./folded_log.ts";
import { QUICK, serverCommand } from "./server_process.ts";
import { TcpProxy } from "./tcp_proxy.ts";

/** Diagnostics that must not occur: faults, and breaches of the replication protocol. */
const MUST_NOT_BE = /"level":"error"|"code":"(?:order|fork)"|does not keep to/;

/** Most comparisons of the disks, until they are the same. */
const COMPARISONS = 3;

/** Number of lines of a node's output in an error. */
const SHOWN_LINES = 8;

/** Parts of a cluster. */
export interface ClusterOptions {
  /** The names of the nodes; three nodes unless given. */
  readonly names?: readonly string[];
  /** Further members of a node's entry in the configuration. */
  readonly members?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Members at the top of the configuration. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The words that start the program of each node; those of its sources unless given. */
  readonly program?: readonly string[];
  /** Words before the program of a node, as those of a `FalseClock`. */
  readonly wrappers?: Readonly<Record<string, readonly string[]>>;
}

/** Ports of a node. */
type Ports = Pick<ClusterNode, "port" | "grpcPort">;

/** The nodes of a cluster and their wires. `await using` ends all processes. */
export class ClusterProcesses implements AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** Names of the nodes in the configuration: all nodes, unless a test changes it. */
  configured: readonly string[];
  readonly #folder: string;
  readonly #options: ClusterOptions;
  readonly #wires = new Map<string, TcpProxy>();

  private constructor(folder: string, options: ClusterOptions) {
    this.#folder = folder;
    this.#options = options;
    this.configured = options.names ?? ["node1", "node2", "node3"];
    const { program = serverCommand(), wrappers = {} } = options;
    this.nodes = this.configured.map((name) => {
      const words = [...wrappers[name] ?? [], ...program];
      return new ClusterNode(name, `${folder}/${name}`, () => this.configurationOf(name), words);
    });
    for (const from of this.nodes) {
      for (const to of this.nodes) {
        if (from !== to) this.#wires.set(`${from.name} ${to.name}`, new TcpProxy(to.grpcPort));
      }
    }
  }

  /** Makes the folders; no node runs yet. */
  static async make(options: ClusterOptions = {}): Promise<ClusterProcesses> {
    return new ClusterProcesses(await Deno.makeTempDir({ prefix: "chat-cluster-test-" }), options);
  }

  /** Starts all nodes and waits until each has all others in sync. */
  static async start(options: ClusterOptions = {}): Promise<ClusterProcesses> {
    const cluster = await ClusterProcesses.make(options);
    try {
      await Promise.all(cluster.nodes.map((node) => node.start()));
      await cluster.settled();
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** A node, counted from 1 on. */
  node(number: number): ClusterNode {
    const node = this.nodes[number - 1];
    assert(node !== undefined, `there is no node ${number}`);
    return node;
  }

  /** The wire that a node's entries take to another. */
  wire(from: ClusterNode, to: ClusterNode): TcpProxy {
    const wire = this.#wires.get(`${from.name} ${to.name}`);
    assert(wire !== undefined, `there is no wire from ${from.name} to ${to.name}`);
    return wire;
  }

  /** The wires between a node and all others, in both directions. */
  wiresOf(node: ClusterNode): TcpProxy[] {
    const others = this.nodes.filter((other) => other !== node);
    return [...this.wiresFrom(node), ...others.map((other) => this.wire(other, node))];
  }

  /** The wires that a node's entries take. */
  wiresFrom(node: ClusterNode): TcpProxy[] {
    return this.nodes.filter((other) => other !== node).map((other) => this.wire(node, other));
  }

  /** Reopens all wires. */
  heal(): void {
    for (const wire of this.#wires.values()) wire.pass();
  }

  /**
   * Waits until the running nodes have one another in sync, and nothing is in transit.
   *
   * @throws {Error} with the nodes' output, if that takes too long or one has ended by itself
   */
  async settled(timeoutMs?: number): Promise<void> {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    const names = new Set(running.map(({ name }) => name));
    let statuses: readonly (NodeStatus | undefined)[] = [];
    try {
      await eventually("all nodes are in sync", async () => {
        for (const { name, server } of running) {
          if (server.isOver) throw new Error(`${name} has ended by itself`);
        }
        statuses = await Promise.all(running.map((node) => node.status()));
        return statuses.every((status) => hasSettled(status, names));
      }, timeoutMs);
    } catch (error) {
      const said = running.map(({ diagnostics }) => diagnostics.slice(-SHOWN_LINES).join("\n")).join("\n");
      throw new Error(`${error}\n${JSON.stringify(statuses)}\n${said}`, { cause: error });
    }
  }

  /**
   * Ends all nodes at once, as a power switch would, and compares their disks. A node may have made an entry of its own
   * at that moment, such as of the tokens in use: the nodes then start again, and are compared once more.
   *
   * @returns the log that all of them have
   * @throws {AssertionError} if two of them differ, or a node has logged a forbidden diagnostic
   */
  async sameLogs(): Promise<FoldedLog> {
    for (let left = COMPARISONS;; left--) {
      await this.settled();
      const running = this.nodes.filter(({ isRunning }) => isRunning);
      await eventually("all nodes have as many entries", async () => {
        const statuses = await Promise.all(running.map((node) => node.status()));
        return new Set(statuses.map((status) => status?.entries)).size <= 1;
      });
      await Promise.all(running.map((node) => node.kill()));
      try {
        return await this.#compared();
      } catch (error) {
        if (left === 1) throw error;
      }
      await Promise.all(running.map((node) => node.start()));
    }
  }

  async #compared(): Promise<FoldedLog> {
    const bad = this.nodes.flatMap(({ diagnostics }) => diagnostics).filter((line) => MUST_NOT_BE.test(line));
    assertEquals(bad, []);
    const logs = await Promise.all(this.nodes.map(({ data }) => foldLog(data)));
    const [first, ...others] = logs;
    assert(first !== undefined && first.entries > 0, "there is nothing to compare");
    for (const other of others) {
      assertEquals(other.entries, first.entries);
      assertEquals(other.digest, first.digest);
    }
    return first;
  }

  /**
   * Configuration of a node: the other nodes at the wires that lead to them.
   *
   * @param own ports of the node; those of the node with this name unless given
   */
  configurationOf(name: string, own?: Ports): NodeConfigured {
    const entryOf = ({ port, grpcPort }: Ports, node: string): Readonly<Record<string, unknown>> => ({
      name: node,
      tcp: { host: "127.0.0.1", port },
      grpc: { port: this.#wires.get(`${name} ${node}`)?.port ?? grpcPort },
      ...this.#options.members?.[node],
    });
    const others = this.nodes.filter((node) => node.name !== name && this.configured.includes(node.name));
    const ports = own ?? this.nodes.find((node) => node.name === name);
    assert(ports !== undefined, `there is no node ${name}`);
    return {
      node: entryOf(ports, name),
      others: others.map((node) => entryOf(node, node.name)),
      configuration: { ...QUICK, ...this.#options.configuration },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) if (node.isRunning) await node.kill();
    for (const wire of this.#wires.values()) await wire[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** True if a node serves clients and these others have all its entries. */
function hasSettled(status: NodeStatus | undefined, others: ReadonlySet<string>): boolean {
  return status?.filling === null &&
    status.peers.every(({ name, state, entriesBehind }) =>
      !others.has(name) || (state === "in sync" && entriesBehind === 0)
    );
}
