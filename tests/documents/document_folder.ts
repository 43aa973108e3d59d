/**
 * The folders that the blocks of a document are run in.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { writeChecksums } from "../../packaging/checksums.ts";
import { releasedName, type Target } from "../../packaging/targets.ts";
import type { Executables } from "../testing/executables.ts";
import type { FolderName } from "./marker.ts";
import { PROJECT, projectFiles } from "./project_files.ts";

/** The platform for which the documents download: its name is in their commands. */
export const DOWNLOADED_TARGET: Target = "x86_64-unknown-linux-gnu";

/** One that a release has, too, and that is not downloaded. */
const OTHER_TARGET: Target = "aarch64-unknown-linux-gnu";

/** A file that is downloaded has no right to be run. */
const DOWNLOADED_MODE = 0o644;

/** A temporary folder with nothing in it but what its name says. `await using` removes it. */
export class DocumentFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** @param executables what a folder of that name is filled with */
  static async make(name: FolderName, executables: Executables | undefined): Promise<DocumentFolder> {
    const folder = new DocumentFolder(await Deno.makeTempDir({ prefix: "chat-document-test-" }));
    try {
      if (name === "project") await folder.#copyProject();
      else if (executables === undefined) throw new Error("there are no executables to put into the folder");
      else if (name === "download") await folder.#download(executables);
      else await folder.#copyExecutables(executables);
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
  }

  async #copyExecutables({ server, client }: Executables): Promise<void> {
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
    // The list of a release names more than somebody downloads.
    const other = releasedName("chat-server", VERSION, OTHER_TARGET);
    await Deno.writeTextFile(`${this.path}/${other}`, "");
    await writeChecksums(this.path, [...files.map(({ name }) => name), other]);
    await Deno.remove(`${this.path}/${other}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
