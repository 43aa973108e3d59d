/**
 * People who come and go all the time.
 *
 * @module
 */

import { Client } from "./client.ts";

/** Connections that log in to the accounts in turn: as many people are online at a time. */
const DOORS = 200;

/** Logins a second: each takes one person online and another offline. */
export const LOGINS_PER_SECOND = 100;

/** Accounts that are logged in to in turn. */
export class Crowds {
  /** Number of logins so far. */
  logins = 0;
  readonly #doors: readonly Client[];
  readonly #tokens: readonly string[];
  #next = 0;
  #isComing = false;
  #work: Promise<void> = Promise.resolve();

  private constructor(doors: readonly Client[], tokens: readonly string[]) {
    this.#doors = doors;
    this.#tokens = tokens;
  }

  /** Logs in to all accounts once. @param names of the accounts, more than `DOORS` */
  static async open(port: number, names: readonly string[]): Promise<Crowds> {
    const tokens: string[] = [];
    const doors: Client[] = [];
    for (const name of names) {
      const door = doors[tokens.length % DOORS] ?? await Client.connect(port);
      if (doors.length < DOORS) doors.push(door);
      tokens.push(await door.logIn(name));
    }
    return new Crowds(doors, tokens);
  }

  /** People come and go from now on. */
  begin(): void {
    this.#isComing = true;
    this.#work = this.#comeAndGo();
  }

  /** Resolves once nobody comes and goes any more. */
  async rest(): Promise<void> {
    this.#isComing = false;
    await this.#work;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.rest();
    for (const door of this.#doors) door.close();
  }

  async #comeAndGo(): Promise<void> {
    for (; this.#isComing; this.#next++) {
      const token = this.#tokens[this.#next % this.#tokens.length] ?? "";
      await this.#doors[this.#next % this.#doors.length]
        ?.ask({ name: "resume", payload: { token } }, "loginSuccess");
      this.logins++;
      await new Promise((resolve) => setTimeout(resolve, 1_000 / LOGINS_PER_SECOND));
    }
  }
}
