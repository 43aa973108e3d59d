/**
 * A cluster whose nodes serve the page, as it is built from the sources.
 *
 * @module
 */

import { buildPage } from "../../packaging/page/build_page.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { freePort } from "../testing/free_port.ts";

/** Settings of the nodes. */
interface PageClusterOptions {
  /** Name in the addresses of the pages; without one they are on this machine. */
  readonly host?: string;
  /** Names of nodes that serve no page. */
  readonly without?: readonly string[];
  /** Members at the top of the configuration. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Nodes that serve the page. `await using` ends them. */
export class PageCluster implements AsyncDisposable {
  private constructor(readonly cluster: ClusterProcesses, readonly addresses: readonly string[]) {}

  /** Starts nodes, one unless given. */
  static async start(count = 1, options: PageClusterOptions = {}): Promise<PageCluster> {
    const nodes = await PageCluster.make(count, options);
    try {
      await Promise.all(nodes.cluster.nodes.map((node) => node.start()));
      await nodes.cluster.settled();
    } catch (error) {
      await nodes[Symbol.asyncDispose]();
      throw error;
    }
    return nodes;
  }

  /** Builds the page, and makes the folders of nodes that do not run yet. */
  static async make(count: number, options: PageClusterOptions = {}): Promise<PageCluster> {
    const { host, without = [], configuration = {} } = options;
    await buildPage();
    const names = Array.from({ length: count }, (_, i) => `node${i + 1}`);
    const ports = names.map(() => freePort());
    const addresses = ports.map((port) => `http://${host ?? "127.0.0.1"}:${port}/`);
    const members = Object.fromEntries(names.map((name, i) => {
      const web = { port: ports[i], ...host !== undefined && { url: addresses[i] } };
      return [name, { ...!without.includes(name) && { web }, insecure: host !== undefined }];
    }));
    const cluster = await ClusterProcesses.make({ names, members, configuration });
    return new PageCluster(cluster, addresses);
  }

  /** Address of the page of a node, counted from 1 on. */
  address(number: number): string {
    const address = this.addresses[number - 1];
    if (address === undefined) throw new Error(`there is no node ${number}`);
    return address;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
  }
}
