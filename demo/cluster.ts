/**
 * Three nodes on this machine, each the server as it is shipped, with its permissions and a data folder.
 *
 * @module
 */

import { Program } from "./program.ts";

/** The permissions of the server, as in `deno.json`. */
const PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--ignore-env"];

const SERVER = new URL("../server/main.ts", import.meta.url).pathname;

const NAMES = ["node1", "node2", "node3"] as const;

/** Time limit of the nodes to be in sync, ms. */
const SYNC_MS = 60_000;

/** Below the ports that the system gives to outgoing connections: a port must stay free while its node is down. */
const PORT_MIN = 12_000;
const PORT_MAX = 32_000;

/** Name of a node. */
export type NodeName = typeof NAMES[number];

/** The parts of `chat-server status --json` that the demo uses. */
interface Status {
  readonly copies: number;
  readonly entries: number;
  readonly filling: string | null;
}

/** The nodes of the demo. */
export class Cluster {
  readonly #folder: string;
  readonly #ports = new Map<string, number>();
  readonly #nodes = new Map<NodeName, Program>();

  /** Writes the configuration. @param folder an empty one, for everything */
  constructor(folder: string) {
    this.#folder = folder;
    const nodes = NAMES.map((name) => ({
      name,
      tcp: { host: "127.0.0.1", port: this.#portOf(name) },
      grpc: { port: this.#portOf(`${name} grpc`) },
    }));
    Deno.writeTextFileSync(`${folder}/cluster_config.json`, JSON.stringify({ cluster: "demo", nodes }));
  }

  /** Address of a node for clients: `host:port`. */
  address(name: NodeName): string {
    return `127.0.0.1:${this.#portOf(name)}`;
  }

  /** Starts nodes and waits until they listen. */
  async start(...names: readonly NodeName[]): Promise<void> {
    await Promise.all(names.map(async (name) => {
      const node = new Program(name, [...PERMISSIONS, SERVER, ...this.#flagsOf(name)]);
      this.#nodes.set(name, node);
      await node.prints(/ listens on /);
    }));
  }

  /** Ends a node without a warning, as `kill -9` does. */
  async kill(name: NodeName): Promise<void> {
    await this.#node(name).end("SIGKILL");
    this.#nodes.delete(name);
  }

  /** Takes the disk of a node away. */
  async wipe(name: NodeName): Promise<void> {
    await Deno.remove(this.#dataOf(name), { recursive: true });
  }

  /** Stops all nodes in order. @throws {Error} if one of them does not end with 0 */
  async stop(): Promise<void> {
    const codes = await Promise.all([...this.#nodes.values()].map((node) => node.end("SIGTERM")));
    if (codes.some((code) => code !== 0)) throw new Error(`the nodes ended with ${codes}, not all with 0`);
    this.#nodes.clear();
  }

  /** Output of `chat-server status` for a node, line by line. */
  async statusLines(name: NodeName): Promise<readonly string[]> {
    return (await this.#run("status", `--data=${this.#dataOf(name)}`)).trimEnd().split("\n");
  }

  /**
   * Waits until every node knows that all others have everything.
   *
   * @returns how many entries each of them has
   * @throws {Error} with the nodes' output, if that does not come
   */
  async synced(): Promise<number> {
    const deadlineMs = performance.now() + SYNC_MS;
    for (;;) {
      const statuses = await Promise.all(NAMES.map((name) => this.#status(name)));
      const [first] = statuses;
      const isDone = statuses.every(({ copies, filling, entries }) =>
        copies === NAMES.length && filling === null && entries === first?.entries
      );
      if (isDone) return first?.entries ?? 0;
      if (performance.now() > deadlineMs) {
        throw new Error(`the nodes are not in sync after ${SYNC_MS / 1_000} s: ${JSON.stringify(statuses)}`);
      }
    }
  }

  /** The hash of everything that each node knows, from its log; the nodes need not run. */
  async stateHashes(): Promise<readonly string[]> {
    return await Promise.all(NAMES.map(async (name) => {
      const text = await this.#run("log", "verify", `--data=${this.#dataOf(name)}`);
      const hash = /^state ([0-9a-f]+)$/m.exec(text)?.[1];
      if (hash === undefined) throw new Error(`log verify of ${name} says no state: ${text}`);
      return hash;
    }));
  }

  async #status(name: NodeName): Promise<Status> {
    return JSON.parse(await this.#run("status", `--data=${this.#dataOf(name)}`, "--json"));
  }

  /** Runs a command of the server; returns its output. */
  async #run(...args: readonly string[]): Promise<string> {
    const program = new Program(`chat-server ${args.join(" ")}`, [...PERMISSIONS, SERVER, ...args]);
    const code = await program.end();
    if (code !== 0) throw new Error(`${program.name} ended with ${code}: ${program.output}`);
    return program.output;
  }

  #node(name: NodeName): Program {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`${name} does not run`);
    return node;
  }

  #flagsOf(name: NodeName): string[] {
    return [`--node=${name}`, `--config=${this.#folder}/cluster_config.json`, `--data=${this.#dataOf(name)}`];
  }

  #dataOf(name: NodeName): string {
    return `${this.#folder}/${name}`;
  }

  #portOf(what: string): number {
    const port = this.#ports.get(what) ?? this.#freePort();
    this.#ports.set(what, port);
    return port;
  }

  #freePort(): number {
    for (;;) {
      const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
      if ([...this.#ports.values()].includes(port)) continue;
      try {
        Deno.listen({ hostname: "127.0.0.1", port }).close();
        return port;
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      }
    }
  }
}
