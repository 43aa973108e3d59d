/**
 * The folders that the blocks of a document are run in.
 *
 * @module
 */

import type { Executables } from "../testing/executables.ts";
import type { FolderName } from "./marker.ts";
import { PROJECT, projectFiles } from "./project_files.ts";

/** A temporary folder with nothing in it but what its name says. `await using` removes it. */
export class DocumentFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** @param executables what a folder of that name is filled with */
  static async make(name: FolderName, executables: Executables | undefined): Promise<DocumentFolder> {
    const folder = new DocumentFolder(await Deno.makeTempDir({ prefix: "chat-document-test-" }));
    try {
      if (name === "project") await folder.#copyProject();
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

  async #copyExecutables(executables: Executables | undefined): Promise<void> {
    if (executables === undefined) throw new Error("there are no executables to put into the folder");
    await Deno.copyFile(executables.server, `${this.path}/chat-server`);
    await Deno.copyFile(executables.client, `${this.path}/chat-client`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
