/**
 * A cluster whose nodes serve the page, as it is built from the sources.
 *
 * @module
 */

import { buildPage } from "../../packaging/page/build_page.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { freePort } from "../testing/free_port.ts";

/** Nodes that serve the page. `await using` ends them. */
export class PageCluster implements AsyncDisposable {
  private constructor(readonly cluster: ClusterProcesses, readonly addresses: readonly string[]) {}

  /** Starts nodes, one unless given. */
  static async start(count = 1): Promise<PageCluster> {
    await buildPage();
    const names = Array.from({ length: count }, (_, i) => `node${i + 1}`);
    const ports = names.map(() => freePort());
    const members = Object.fromEntries(names.map((name, i) => [name, { web: { port: ports[i] } }]));
    const cluster = await ClusterProcesses.start({ names, members });
    return new PageCluster(cluster, ports.map((port) => `http://127.0.0.1:${port}/`));
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
