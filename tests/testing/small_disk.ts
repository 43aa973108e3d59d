/**
 * A disk of a few megabytes: a file system in memory, mounted for one test.
 *
 * @module
 */

/** The reason why this machine cannot mount one; `undefined` if it can. Mounts one to find out. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  if (Deno.build.os !== "linux") return "needs Linux";
  try {
    await using _disk = await SmallDisk.mount(1_048_576);
    return undefined;
  } catch (error) {
    return `needs the right to mount: ${error instanceof Error ? error.message : error}`;
  }
}

/** A mounted file system. `await using` unmounts it. */
export class SmallDisk implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** @throws {Error} if it may not be mounted */
  static async mount(bytes: number): Promise<SmallDisk> {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-disk-" });
    try {
      await command("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]);
    } catch (error) {
      await Deno.remove(folder);
      throw error;
    }
    return new SmallDisk(folder);
  }

  /** Takes all remaining room by a file with this name. */
  async fill(name: string): Promise<void> {
    using file = await Deno.open(`${this.folder}/${name}`, { write: true, create: true });
    for (let bytes = new Uint8Array(65_536); bytes.length > 0;) {
      try {
        await file.write(bytes);
      } catch {
        bytes = bytes.subarray(0, Math.floor(bytes.length / 2));
      }
    }
  }

  /** Removes that file. */
  async free(name: string): Promise<void> {
    await Deno.remove(`${this.folder}/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await command("umount", [this.folder]);
    await Deno.remove(this.folder);
  }
}

async function command(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdout: "null",
    stderr: "piped",
  })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
