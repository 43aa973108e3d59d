/**
 * Running nodes in this process whose hours pass at once.
 *
 * @module
 */

import { assert } from "@std/assert";
import { loadConfiguration } from "../../server/config/load_configuration.ts";
import type { Logger } from "../../server/ports/outside.ts";
import type { RunningNode } from "../../server/process/running_node.ts";
import { startNode } from "../../server/process/start_node.ts";
import { systemClock } from "../../server/process/system_ports.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free_port.ts";
import { QUICK } from "./server_process.ts";
import { TestClient } from "./test_client.ts";

/** Time for which the timers of a stop outlive it in a process that goes on, ms. */
const STOP_TIMERS_MS = 2_000;

/** The nodes of a cluster. `await using` stops those that run. */
export class FastNodes implements AsyncDisposable {
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #running = new Map<string, RunningNode>();
  /** Numbers of passes of compaction, of log and archive, by the name of the node. */
  readonly #passes = new Map<string, number>();
  readonly #clock = { ...systemClock };
  #aheadMs = 0;

  private constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    this.#names = names;
    const { monotonicMs, wallMs } = this.#clock;
    Object.assign(systemClock, {
      monotonicMs: () => monotonicMs() + this.#aheadMs,
      wallMs: () => wallMs() + this.#aheadMs,
    });
  }

  /** Starts nodes with these names, which know each other. */
  static async start(...names: readonly string[]): Promise<FastNodes> {
    const folder = await Deno.makeTempDir({ prefix: "chat-fast-nodes-" });
    const nodes = new FastNodes(folder, names);
    const entries = names.map((name) => ({
      name,
      tcp: { host: "127.0.0.1", port: freePort() },
      grpc: { port: freePort() },
    }));
    const text = JSON.stringify({ cluster: "test", ...QUICK, nodes: entries });
    await Deno.writeTextFile(`${folder}/cluster_config.json`, text);
    await Promise.all(names.map((name) => nodes.startNode(name)));
    return nodes;
  }

  /** Starts a node that does not run. */
  async startNode(name: string): Promise<void> {
    const loaded = await loadConfiguration(`${this.#folder}/cluster_config.json`);
    assert(!("problems" in loaded));
    const configuration = loaded.configuration.nodes.find((node) => node.name === name);
    assert(configuration !== undefined);
    const [data, logger] = [this.dataOf(name), this.#loggerOf(name)];
    const running = await startNode({ configuration, data, logger });
    this.#running.set(name, running);
  }

  /** Stops a node in order. */
  async stopNode(name: string): Promise<void> {
    const running = this.#running.get(name);
    assert(running !== undefined, `${name} does not run`);
    this.#running.delete(name);
    assert(await running.stop(), `${name} did not stop in time`);
  }

  /** A client that is logged in at a node; registers the account if there is none. */
  login(node: string, name: string): Promise<TestClient> {
    const running = this.#running.get(node);
    assert(running !== undefined, `${node} does not run`);
    return TestClient.login(running.port, name);
  }

  /** Lets minutes pass: whatever the nodes do by the minute is due. */
  advance(minutes: number): void {
    this.#aheadMs += minutes * 60_000;
  }

  /** Lets hours pass, and waits until every running node has completed a pass of compaction, of its log and of its archive. */
  async pass(hours: number): Promise<void> {
    const before = new Map(this.#passes);
    this.#aheadMs += hours * 3_600_000;
    await eventually("all nodes have completed a pass", () => {
      const passed = (name: string): boolean => (this.#passes.get(name) ?? 0) > (before.get(name) ?? 0);
      return [...this.#running.keys()].every(passed);
    });
  }

  /**
   * The nodes with a file whose bytes contain a text, in either case.
   *
   * @param folder of the data folder to look in; all of them unless given
   */
  async holding(text: string, folder = ""): Promise<string[]> {
    const holding: string[] = [];
    for (const name of this.#names) {
      const texts = await textsIn(`${this.dataOf(name)}/${folder}`);
      if (texts.some((each) => each.toLowerCase().includes(text.toLowerCase()))) holding.push(name);
    }
    return holding;
  }

  /** The data folder of a node. */
  dataOf(name: string): string {
    return `${this.#folder}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#running.keys()]) await this.stopNode(name);
    Object.assign(systemClock, this.#clock);
    await Deno.remove(this.#folder, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, STOP_TIMERS_MS));
  }

  #loggerOf(name: string): Logger {
    const nothing = (): void => {};
    const debug = (event: string): void => {
      if (event === "archiveCompacted") this.#passes.set(name, (this.#passes.get(name) ?? 0) + 1);
    };
    return { debug, info: nothing, warn: nothing, error: nothing };
  }
}

/** The files of a folder and of the folders in it, as text in which every byte is a character; none if it is missing. */
async function textsIn(folder: string): Promise<string[]> {
  const texts: string[] = [];
  for (
    const { name, isDirectory, isFile } of await unlessMissing(Array.fromAsync(Deno.readDir(folder))) ?? []
  ) {
    const path = `${folder}/${name}`;
    if (isDirectory) texts.push(...await textsIn(path));
    else if (isFile) texts.push(new TextDecoder("latin1").decode(await unlessMissing(Deno.readFile(path))));
  }
  return texts;
}

/** What was read; `undefined` if it is not there, or not any more. */
async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
