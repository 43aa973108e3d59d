/**
 * Folders in which the blocks of a document run, each with ports that nobody else has.
 *
 * The copy of the project gets free ports in its `cluster_config.json`. Executables without a configuration listen on
 * the default ports, so they run in a network of their own.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { writeChecksums } from "../../packaging/checksums.ts";
import { releasedName, type Target } from "../../packaging/targets.ts";
import type { Executables } from "../testing/executables.ts";
import { freePort } from "../testing/free_port.ts";
import { OwnNetwork } from "../testing/own_network.ts";
import type { FolderName } from "./marker.ts";
import { PROJECT, projectFiles } from "./project_files.ts";

/** Platform whose executables the documents download: its name is in their commands. */
export const DOWNLOADED_TARGET: Target = "x86_64-unknown-linux-gnu";

/** Another platform of a release, whose executables are not downloaded. */
const OTHER_TARGET: Target = "aarch64-unknown-linux-gnu";

/** Mode of a downloaded file: nobody may run it yet. */
const DOWNLOADED_MODE = 0o644;

/** Name of the configuration in the project's folder. */
const CONFIGURATION = "cluster_config.json";

/** A temporary folder with the content that its name promises. `await using` removes it. */
export class DocumentFolder implements AsyncDisposable {
  #network: OwnNetwork | undefined;

  private constructor(readonly path: string) {}

  /** Words before a command line that start it in the folder's network; none in the network of this machine. */
  get entry(): readonly string[] {
    return this.#network?.entry ?? [];
  }

  /**
   * Makes and fills a folder.
   *
   * @param executables content of a folder of that name
   * @param project path of the project's copy, if there is one: executables stand in its `dist`, as compiled
   */
  static async make(
    name: FolderName,
    executables: Executables | undefined,
    project?: string,
  ): Promise<DocumentFolder> {
    const folder = new DocumentFolder(
      name === "executables" && project !== undefined
        ? `${project}/dist`
        : await Deno.makeTempDir({ prefix: "chat-document-test-" }),
    );
    await Deno.mkdir(folder.path, { recursive: true });
    try {
      if (name === "project") await folder.#copyProject();
      else if (executables === undefined) throw new Error("there are no executables to put into the folder");
      else if (name === "download") await folder.#download(executables);
      else await folder.#installExecutables(executables);
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
    return folder;
  }

  async #copyProject(): Promise<void> {
    const paths = await projectFiles();
    const folders = new Set(paths.map((path) => path.replace(/[^/]*$/, "")));
    for (const folder of folders) await Deno.mkdir(`${this.path}/${folder}`, { recursive: true });
    for (const path of paths) await Deno.copyFile(new URL(path, PROJECT), `${this.path}/${path}`);
    const configuration = await Deno.readTextFile(`${this.path}/${CONFIGURATION}`);
    await Deno.writeTextFile(`${this.path}/${CONFIGURATION}`, withFreePorts(configuration));
  }

  async #installExecutables({ server, client }: Executables): Promise<void> {
    this.#network = await OwnNetwork.open();
    await Deno.copyFile(server, `${this.path}/chat-server`);
    await Deno.copyFile(client, `${this.path}/chat-client`);
  }

  async #download({ server, client }: Executables): Promise<void> {
    const files = [
      { from: server, name: releasedName("chat-server", VERSION, DOWNLOADED_TARGET) },
      { from: client, name: releasedName("chat-client", VERSION, DOWNLOADED_TARGET) },
    ];
    for (const { from, name } of files) {
      await Deno.copyFile(from, `${this.path}/${name}`);
      await Deno.chmod(`${this.path}/${name}`, DOWNLOADED_MODE);
    }
    // The list of a release names more files than one platform needs.
    const other = releasedName("chat-server", VERSION, OTHER_TARGET);
    await Deno.writeTextFile(`${this.path}/${other}`, "");
    await writeChecksums(this.path, [...files.map(({ name }) => name), other]);
    await Deno.remove(`${this.path}/${other}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network?.[Symbol.asyncDispose]();
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The same configuration with another free port in every place of one. */
function withFreePorts(configuration: string): string {
  return configuration.replace(/("port"\s*:\s*)\d+/g, (_, key: string) => `${key}${freePort()}`);
}
