/**
 * Logins that have ended here while no node could be reached: the next node is told, over a connection of its own, since
 * the person may have logged in as somebody else by then.
 *
 * @module
 */

import type { NodeConnection } from "./node_connection.ts";

/** Most logouts that wait: an account has no more logins. The oldest one gives way. */
const LOGOUTS_MAX = 20;

/** Wait before the logins that no node has ended are told again, ms. */
const AGAIN_MS = 30_000;

/** A connection, as far as it is needed here. */
type AsideConnection = Pick<NodeConnection, "request" | "close">;

/** The logouts that no node has heard of. */
export class LateLogouts {
  /** Names of the accounts by the tokens of their logins. */
  readonly #names = new Map<string, string>();
  readonly #open: (signal: AbortSignal) => Promise<AsideConnection>;
  readonly #heard: (name: string) => void;
  readonly #againMs: number;
  #connection: AsideConnection | undefined;
  #isTelling = false;
  /** True if `tell` is to begin anew: a node may be there by now. */
  #isDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #closing = new AbortController();

  /**
   * @param open opens a connection to the node that is there; rejects if there is none by now
   * @param heard called once a node has ended a login
   * @param againMs wait before the next try, ms
   */
  constructor(
    open: (signal: AbortSignal) => Promise<AsideConnection>,
    heard: (name: string) => void,
    againMs = AGAIN_MS,
  ) {
    this.#open = open;
    this.#heard = heard;
    this.#againMs = againMs;
  }

  /** The next node is to end the login with a token. */
  add(name: string, token: string): void {
    this.#names.set(token, name);
    const [oldest = token] = this.#names.keys();
    if (this.#names.size > LOGOUTS_MAX) this.#names.delete(oldest);
    this.#tellLater();
  }

  /** A node is there. A login that it does not end is left for the next one, or for later. Never rejects. */
  async tell(): Promise<void> {
    this.#isDue = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    while (this.#isDue) {
      this.#isDue = false;
      await this.#tellAll();
    }
    this.#isTelling = false;
    this.#tellLater();
  }

  async #tellAll(): Promise<void> {
    for (const [token, name] of this.#names) {
      const isHeard = await this.#isHeard(token);
      if (isHeard === undefined) return;
      if (!isHeard) continue;
      this.#names.delete(token);
      this.#heard(name);
    }
  }

  #tellLater(): void {
    clearTimeout(this.#timer);
    if (this.#names.size === 0 || this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.tell(), this.#againMs);
  }

  /** True once the login has ended, now or before; undefined if the connection has failed. */
  async #isHeard(token: string): Promise<boolean | undefined> {
    try {
      this.#connection = await this.#open(this.#closing.signal);
      const resumed = await this.#connection.request({ name: "resume", payload: { token } });
      if (resumed.name === "loginFailed") return true;
      if (resumed.name !== "loginSuccess") return false;
      return (await this.#connection.request({ name: "logout", payload: null })).name === "ok";
    } catch {
      return undefined;
    } finally {
      this.#connection?.close("the login has ended");
      this.#connection = undefined;
    }
  }

  /** Tells nothing more. */
  close(): void {
    this.#names.clear();
    clearTimeout(this.#timer);
    this.#closing.abort(new Error("the program ends"));
    this.#connection?.close("the program ends");
  }
}
