/**
 * Three nodes as processes that prove their names to each other with certificates made by `chat-server init`.
 *
 * @module
 */

import { assert } from "@std/assert";
import { type PeerCertificates, peerCertificates } from "../../server/config/peer_certificates.ts";
import { ClusterNode } from "./cluster_node.ts";
import { eventually } from "./eventually.ts";
import { QUICK, SERVER_PERMISSIONS, type ServerProcess } from "./server_process.ts";

const NAMES = ["node1", "node2", "node3"];

/** A node with a certificate that is in no node's configuration. */
export const STRANGER = "node4";

/** Three configured nodes, of which a test starts some. `await using` ends all processes. */
export class CertifiedCluster implements AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** Names of the nodes configured without certificates. */
  plain: readonly string[] = [];
  readonly #folder: string;

  private constructor(folder: string, program?: readonly string[]) {
    this.#folder = folder;
    this.nodes = NAMES.map((name) =>
      new ClusterNode(name, `${folder}/data/${name}`, () => {
        const entries = this.nodes.map((node) => ({
          name: node.name,
          tcp: { host: "127.0.0.1", port: node.port },
          grpc: { port: node.grpcPort },
        }));
        const [own = {}] = entries.filter((entry) => entry.name === name);
        const certificates = this.plain.includes(name) ? {} : { certificates: this.filesOf(name).folder };
        const others = entries.filter((entry) => entry !== own);
        return { node: own, others, configuration: { ...QUICK, ...certificates } };
      }, program)
    );
  }

  /**
   * Makes the certificates; nothing runs yet.
   *
   * @param program the words that start each node; those of its sources unless given
   */
  static async make(program?: readonly string[]): Promise<CertifiedCluster> {
    const folder = await Deno.makeTempDir({ prefix: "chat-certified-test-" });
    const cluster = new CertifiedCluster(folder, program);
    try {
      await cluster.#init();
      for (const name of [...NAMES, STRANGER]) await cluster.install(name, name);
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** Starts nodes and waits until they see each other in sync and serve clients. */
  async start(...names: readonly string[]): Promise<void> {
    const started = names.map((name) => this.node(name));
    await Promise.all(started.map((node) => node.start()));
    for (const node of started) {
      for (const other of names.filter((name) => name !== node.name)) {
        await this.sees(node.name, other, /^in sync/);
      }
      await node.served();
    }
  }

  /** Waits until a node has another in a state; returns the state with its reason. */
  async sees(name: string, peer: string, expected: RegExp): Promise<string> {
    let seen = "";
    await eventually(`${name} sees ${peer} as ${expected}`, async () => {
      const status = await this.node(name).status();
      const found = status?.peers.find((each) => each.name === peer);
      seen = `${found?.state}: ${found?.reason ?? ""}`;
      return expected.test(seen);
    }).catch((error) => {
      throw new Error(`${error.message}, but as ${seen}`, { cause: error });
    });
    return seen;
  }

  /** The node with this name. */
  node(name: string): ClusterNode {
    const node = this.nodes.find((each) => each.name === name);
    assert(node !== undefined, `there is no ${name}`);
    return node;
  }

  /** Folder of everything that `init` made. */
  get made(): string {
    return `${this.#folder}/certificates`;
  }

  /** The certificate files on the machine of a node. */
  filesOf(name: string): PeerCertificates {
    return peerCertificates(`${this.#folder}/machines/${name}`, name);
  }

  /** Installs the certificate and key of `from` as those of `name`. */
  async install(name: string, from: string): Promise<void> {
    const source = peerCertificates(this.made, from);
    const { folder, caFile, certFile, keyFile } = this.filesOf(name);
    await Deno.mkdir(folder, { recursive: true });
    for (
      const [file, to] of [[source.caFile, caFile], [source.certFile, certFile], [source.keyFile, keyFile]]
    ) {
      await Deno.copyFile(file ?? "", to ?? "");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) if (node.isRunning) await node.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #init(): Promise<void> {
    const config = `${this.#folder}/cluster_config.json`;
    const nodes = [...NAMES, STRANGER].map((name, index) => ({
      name,
      tcp: { host: "127.0.0.1", port: 7_000 + index },
      grpc: { port: 7_100 + index },
    }));
    await Deno.writeTextFile(config, JSON.stringify({ cluster: "test", nodes }));
    const main = new URL("../../server/main.ts", import.meta.url).pathname;
    const args = ["run", "--no-prompt", ...SERVER_PERMISSIONS, main, "init", `--config=${config}`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    assert(success, new TextDecoder().decode(stderr));
  }
}

/**
 * Waits until a server has logged a refusal.
 *
 * @param from where in its diagnostics to begin
 */
export async function refusal(server: ServerProcess, expected: RegExp, from = 0): Promise<void> {
  const isRefusal = (line: string): boolean => line.includes('"peerRefused"') && expected.test(line);
  await eventually(
    `a refusal is logged as ${expected}`,
    () => server.stderr.slice(from).split("\n").some(isRefusal),
  ).catch((error) => {
    throw new Error(`${error.message}, but:\n${server.stderr.slice(from)}`, { cause: error });
  });
}
