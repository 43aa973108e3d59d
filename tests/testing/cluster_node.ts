/**
 * One node of a cluster as a process, through all its starts.
 *
 * @module
 */

import { assert } from "@std/assert";
import { readAdminFile } from "../../server/admin/admin_file.ts";
import { askNode } from "../../server/admin/ask_node.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free_port.ts";
import { serverCommand, type ServerOptions, ServerProcess } from "./server_process.ts";
import { TestClient } from "./test_client.ts";

/** Time limit of a node's answer, ms. */
const ANSWER_MS = 10_000;

/** Configuration of a node. */
export interface NodeConfigured {
  /** Its own entry. */
  readonly node: Readonly<Record<string, unknown>>;
  /** Those of the other nodes. */
  readonly others: readonly Readonly<Record<string, unknown>>[];
  /** Everything else. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** A node that the test starts, ends and starts again. */
export class ClusterNode {
  /** Port for clients. */
  readonly port = freePort();
  /** Port for peers. */
  readonly grpcPort = freePort();
  /** Standard error of its earlier processes. */
  #former = "";
  #server: ServerProcess | undefined;
  readonly #configured: () => NodeConfigured;

  /**
   * @param data its data folder
   * @param configured its configuration at the next start
   * @param program the words that start it; a test may change them between two starts
   */
  constructor(
    readonly name: string,
    readonly data: string,
    configured: () => NodeConfigured,
    public program: readonly string[] = serverCommand(),
  ) {
    this.#configured = configured;
  }

  /** True from a start until the test ends it. */
  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** The process that runs, or that has ended by itself. */
  get server(): ServerProcess {
    assert(this.#server !== undefined, `${this.name} does not run`);
    return this.#server;
  }

  /** Standard error of all its processes, line by line. */
  get diagnostics(): string[] {
    return `${this.#former}${this.#server?.stderr ?? ""}`.split("\n").filter((line) => line !== "");
  }

  /**
   * Starts it without waiting for anything.
   *
   * @param data another data folder
   */
  async spawn(data = this.data, more: Pick<ServerOptions, "flags" | "wrapper"> = {}): Promise<ServerProcess> {
    assert(this.#server === undefined, `${this.name} runs already`);
    const options = { ...this.#configured(), ...more, program: this.program, data, port: this.port };
    this.#server = await ServerProcess.spawn(options);
    return this.#server;
  }

  /** Starts it and waits until it listens. */
  async start(more?: Pick<ServerOptions, "flags" | "wrapper">): Promise<void> {
    const server = await this.spawn(this.data, more);
    await server.waitFor(() => server.stdout.split("\n").length > 2);
  }

  /** Ends it as a power switch would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends it by a signal; returns the exit status and everything that it wrote to standard error. */
  async end(signal: Deno.Signal = "SIGTERM"): Promise<{ readonly code: number; readonly stderr: string }> {
    await using server = this.server;
    this.#server = undefined;
    const { code } = await server.stop(signal);
    this.#former += server.stderr;
    return { code, stderr: server.stderr };
  }

  /** Drains it by the command; returns exit status and output of that, after the node has ended. */
  async drain(
    forTime: string,
  ): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
    const [program = "", ...args] = [...this.program, "drain", `--data=${this.data}`, `--for=${forTime}`];
    const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
    const decoder = new TextDecoder();
    return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** Waits until it ends by itself; returns the exit status. */
  async ended(): Promise<number> {
    await using server = this.server;
    const code = await server.ended();
    this.#server = undefined;
    this.#former += server.stderr;
    return code;
  }

  /** Destroys its disk. */
  async wipe(): Promise<void> {
    assert(this.#server === undefined, `${this.name} runs`);
    await Deno.remove(this.data, { recursive: true });
  }

  /** Freezes it. */
  pause(): void {
    this.server.child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.server.child.kill("SIGCONT");
  }

  /** Replaces its configuration by a text and makes it reload. */
  async reload(text = this.configurationText()): Promise<void> {
    await Deno.writeTextFile(`${this.server.folder}/cluster_config.json`, text);
    this.server.child.kill("SIGHUP");
  }

  /** Text of its present configuration. */
  configurationText(): string {
    const { node, others, configuration } = this.#configured();
    return JSON.stringify({ cluster: "test", ...configuration, nodes: [node, ...others] });
  }

  /** Its status; `undefined` while it does not answer. */
  async status(): Promise<NodeStatus | undefined> {
    const server = this.#server;
    if (server === undefined) return undefined;
    const address = await readAdminFile(this.data);
    if (address === undefined || address.pid !== server.child.pid) return undefined;
    const answer = await askNode(this.data, address, ANSWER_MS);
    return "status" in answer ? answer.status : undefined;
  }

  /** The states in which it sees its peers, by name, as `node2 in sync`. */
  async peers(): Promise<string[]> {
    return (await this.status())?.peers.map(({ name, state }) => `${name} ${state}`) ?? [];
  }

  /** Waits until it serves clients, and no longer fills itself. */
  async served(timeoutMs?: number): Promise<void> {
    await eventually(`${this.name} serves clients`, async () => {
      const status = await this.status();
      return status !== undefined && status.filling === null;
    }, timeoutMs);
  }

  /** A logged-in client; registers the account if there is none. */
  login(name: string, password?: string): Promise<TestClient> {
    return TestClient.login(this.port, name, password);
  }
}
