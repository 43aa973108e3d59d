/**
 * A folder with the configuration of a cluster, in which the real program makes certificates.
 *
 * @module
 */

import { type Ending, runProgram } from "./commands_harness.ts";

/** A temporary folder with a configuration. `await using` removes it. */
export class ClusterFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Makes a folder for a cluster of `nodeCount` nodes, with further members of the configuration. */
  static async make(nodeCount: number, members: object = {}): Promise<ClusterFolder> {
    const folder = new ClusterFolder(await Deno.makeTempDir({ prefix: "chat-init-test-" }));
    await folder.configure(nodeCount, members);
    return folder;
  }

  /** The configuration file. */
  get config(): string {
    return `${this.path}/cluster_config.json`;
  }

  /** Folder in which `init` puts certificates. */
  get certificates(): string {
    return `${this.path}/certificates`;
  }

  /** Writes the configuration. */
  async configure(nodeCount: number, members: object = {}): Promise<void> {
    const nodes = Array.from({ length: nodeCount }, (_, index) => ({
      name: `node${index + 1}`,
      tcp: { host: "127.0.0.1", port: 7_000 + index },
      grpc: { host: `10.0.0.${index + 1}`, port: 7_100 },
    }));
    await Deno.writeTextFile(this.config, JSON.stringify({ cluster: "test", ...members, nodes }));
  }

  /** Makes the certificates that are missing. */
  init(): Promise<Ending> {
    return runProgram("init", `--config=${this.config}`);
  }

  /** Every file with its mode and its text. */
  async contents(): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for (const { name } of [...Deno.readDirSync(this.certificates)].toSorted(byName)) {
      const path = `${this.certificates}/${name}`;
      const { mode } = await Deno.stat(path);
      files.set(`${name} ${((mode ?? 0) & 0o777).toString(8)}`, await Deno.readTextFile(path));
    }
    return files;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

function byName(one: Deno.DirEntry, other: Deno.DirEntry): number {
  return one.name < other.name ? -1 : 1;
}
