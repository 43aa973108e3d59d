/**
 * A person at the console client, typing into a pipe.
 *
 * @module
 */

import { Program } from "./program.ts";

/** The permissions of the client, as in `deno.json`. */
const PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--allow-env=TERM"];

const CLIENT = new URL("../client/main.ts", import.meta.url).pathname;

/** A person with a running client. */
export class Person {
  readonly #client: Program;
  /** Place in the output after which the effects of the last line begin. */
  #from = 0;

  /**
   * Starts the client.
   *
   * @param passwordFile its first line is the password, also that of the account it makes
   * @param address of the only node that the client is told of: `host:port`
   */
  constructor(readonly name: string, passwordFile: string, address: string) {
    const flags = [
      "--plain",
      "--register",
      `--user=${name}`,
      `--password-file=${passwordFile}`,
      `--server=${address}`,
    ];
    this.#client = new Program(name, [...PERMISSIONS, CLIENT, ...flags]);
  }

  /** Types a line. */
  async types(line: string): Promise<void> {
    this.mark();
    await this.#client.type(line);
  }

  /** Ignores everything printed so far. */
  mark(): void {
    this.#from = this.#client.output.length;
  }

  /** Waits until the client prints a line that fits; returns it. */
  async sees(pattern: RegExp): Promise<string> {
    return await this.#client.prints(pattern, this.#from);
  }

  /** Ends the input; returns the exit status. */
  async leaves(): Promise<number> {
    return await this.#client.end();
  }
}
