/**
 * A server and real clients that know it, for tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ServerProcess } from "../testing/server_process.ts";
import { clientCommand, ClientProcess, type Ended, PASSWORD, runClient } from "./client_process.ts";

/** A server, a file with the password, and clients that know both. `await using` ends them. */
export class Stage implements AsyncDisposable {
  private constructor(readonly server: ServerProcess, readonly passwordFile: string) {}

  static async set(...users: readonly string[]): Promise<Stage> {
    const server = await ServerProcess.start();
    const passwordFile = `${server.folder}/password`;
    await Deno.writeTextFile(passwordFile, `${PASSWORD}\nnot the password\n`, { mode: 0o600 });
    const stage = new Stage(server, passwordFile);
    for (const user of users) {
      assertEquals((await stage.run("", "run", "-", "--user", user, "--register")).code, 0);
    }
    return stage;
  }

  get flags(): readonly string[] {
    return ["--server", `127.0.0.1:${this.server.port}`, "--password-file", this.passwordFile];
  }

  async run(input: string | Uint8Array, ...args: readonly string[]): Promise<Ended> {
    return await runClient(input, ...args, ...this.flags);
  }

  start(...args: readonly string[]): ClientProcess {
    return new ClientProcess(clientCommand(...args, ...this.flags));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}
