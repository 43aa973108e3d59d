/**
 * A person at a terminal of a server of their own, for tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { PASSWORD, runClient } from "../io/client_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { type Person, type Size, Tmux } from "./tmux.ts";

/** Size of the terminal, unless another one is given. */
export const SIZE: Size = { columns: 60, rows: 14 };

/** The line that the terminal shows first. */
export const WELCOME = "-- you are alice on node1; /help lists the commands";

/** A server, the account bob, and a terminal at which alice is logged in. */
export class Desk implements AsyncDisposable {
  private constructor(readonly server: ServerProcess, readonly tmux: Tmux, readonly alice: Person) {}

  static async set(environment = "", size = SIZE): Promise<Desk> {
    const server = await ServerProcess.start();
    const tmux = new Tmux();
    const passwordFile = `${server.folder}/password`;
    await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
    const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", passwordFile];
    assertEquals((await runClient("", "run", "-", "--user", "bob", "--register", ...flags)).code, 0);
    const alice = await tmux.client("alice", size, environment, "--user", "alice", ...flags);
    await alice.seesRow(/^\(no chat\)>$/);
    return new Desk(server, tmux, alice);
  }

  /** Bob sends a message from elsewhere. */
  async bobSends(text: string): Promise<void> {
    const { folder, port } = this.server;
    const flags = ["--server", `127.0.0.1:${port}`, "--password-file", `${folder}/password`];
    assertEquals((await runClient(text, "send", "alice", "-", "--user", "bob", ...flags)).code, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
