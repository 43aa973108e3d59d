/**
 * A temporary folder for making executables.
 *
 * @module
 */

import { PackagingError } from "../packaging_error.ts";
import { reasonOf } from "./places.ts";

/** Prefix of its name. */
export const WORK_FOLDER_PREFIX = "chat-server-packaging-";

/** A temporary folder. `await using` removes it. */
export class WorkFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /**
   * Makes the folder.
   *
   * @throws {PackagingError} if the system has no place for it
   */
  static async make(): Promise<WorkFolder> {
    const path = await Deno.makeTempDir({ prefix: WORK_FOLDER_PREFIX }).catch((error: Error) => {
      throw new PackagingError(
        `no temporary folder can be made: ${reasonOf(error)}; name a folder for them with the variable ` +
          (Deno.build.os === "windows" ? "TEMP" : "TMPDIR"),
      );
    });
    return new WorkFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
