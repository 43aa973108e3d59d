/**
 * Logins that have ended here while no node could be reached: the next node is told, over a connection of its own, since
 * the person may have logged in as somebody else by then.
 *
 * @module
 */

import type { NodeConnection } from "./node_connection.ts";

/** Most logouts that wait: an account has no more logins. The oldest one gives way. */
const LOGOUTS_MAX = 20;

/** A connection, as far as it is needed here. */
type AsideConnection = Pick<NodeConnection, "request" | "close">;

/** The logouts that no node has heard of. */
export class LateLogouts {
  /** Names of the accounts by the tokens of their logins. */
  readonly #names = new Map<string, string>();
  readonly #open: (signal: AbortSignal) => Promise<AsideConnection>;
  readonly #heard: (name: string) => void;
  #connection: AsideConnection | undefined;
  #isTelling = false;
  readonly #closing = new AbortController();

  /**
   * @param open opens a connection to the node that is there; rejects if there is none by now
   * @param heard called once a node has ended a login
   */
  constructor(open: (signal: AbortSignal) => Promise<AsideConnection>, heard: (name: string) => void) {
    this.#open = open;
    this.#heard = heard;
  }

  /** The next node is to end the login with a token. */
  add(name: string, token: string): void {
    this.#names.set(token, name);
    const [oldest = token] = this.#names.keys();
    if (this.#names.size > LOGOUTS_MAX) this.#names.delete(oldest);
  }

  /** A node is there. A login that it does not end is left for the next one. Never rejects. */
  async tell(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (const [token, name] of this.#names) {
      if (!await this.#isHeard(token)) break;
      this.#names.delete(token);
      this.#heard(name);
    }
    this.#isTelling = false;
  }

  /** True once the login has ended; it may have done so before. */
  async #isHeard(token: string): Promise<boolean> {
    try {
      this.#connection = await this.#open(this.#closing.signal);
      const resumed = await this.#connection.request({ name: "resume", payload: { token } });
      if (resumed.name === "loginFailed") return true;
      if (resumed.name !== "loginSuccess") return false;
      return (await this.#connection.request({ name: "logout", payload: null })).name === "ok";
    } catch {
      return false;
    } finally {
      this.#connection?.close("the login has ended");
      this.#connection = undefined;
    }
  }

  /** Tells nothing more. */
  close(): void {
    this.#names.clear();
    this.#closing.abort(new Error("the program ends"));
    this.#connection?.close("the program ends");
  }
}
