/**
 * The programs and the page of another version: these sources with some lines changed, built and run elsewhere.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { PROJECT } from "../documents/project_files.ts";
import { SERVER_PERMISSIONS } from "./server_process.ts";

/** Folders and files that the programs and the page are made of. */
const PARTS = ["client", "common", "packaging", "proto", "server", "deno.json", "deno.lock"];

/** Builds, and what editors and builds leave, which the other version has not. */
const LEFT_OUT = /^(dist|\..*)$/;

/** A text in a file of the sources, where it stands once, and the one in its place. */
export type Patch = readonly [path: string, text: string, other: string];

/** The differences of another version. */
export interface Differences {
  /** Of its page and of its node. */
  readonly both: readonly Patch[];
  /** Of its node alone. */
  readonly node?: readonly Patch[];
}

/** Another version in a temporary folder. `await using` removes it. */
export class OtherBuild implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** Changes the sources, and builds the page. */
  static async make({ both, node = [] }: Differences): Promise<OtherBuild> {
    const build = new OtherBuild(await Deno.makeTempDir({ prefix: "chat-other-build-" }));
    try {
      for (const part of PARTS) await copy(new URL(part, PROJECT).pathname, `${build.folder}/${part}`);
      for (const patch of both) await build.#apply(patch);
      await build.#buildPage();
      for (const patch of node) await build.#apply(patch);
    } catch (error) {
      await build[Symbol.asyncDispose]();
      throw error;
    }
    return build;
  }

  /** The server's command line, beginning with the runtime. */
  serverCommand(): readonly string[] {
    const main = `${this.folder}/server/main.ts`;
    return [Deno.execPath(), "run", "--no-prompt", "--no-check", ...SERVER_PERMISSIONS, main];
  }

  /** The folder of its page. */
  get page(): string {
    return `${this.folder}/client/web/dist`;
  }

  async #apply([path, text, other]: Patch): Promise<void> {
    const file = `${this.folder}/${path}`;
    const parts = (await Deno.readTextFile(file)).split(text);
    assertEquals(parts.length, 2, `${path} has ${JSON.stringify(text)} ${parts.length - 1} times`);
    await Deno.writeTextFile(file, parts.join(other));
  }

  async #buildPage(): Promise<void> {
    const args = ["run", "--quiet", "--no-prompt", "--no-check", "--allow-all", "packaging/web.ts"];
    const options = { args, cwd: this.folder, stdout: "null", stderr: "piped" } as const;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), options).output();
    assertEquals(success, true, new TextDecoder().decode(stderr));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (!LEFT_OUT.test(name)) await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
