/**
 * A face of the client without a screen: it gives inputs as a page does, and keeps what a browser would keep.
 *
 * @module
 */

import type { Chat } from "../../client/core/chats.ts";
import type { Failure } from "../../client/core/failures.ts";
import type { CommonInput } from "../../client/core/inputs.ts";
import type { Message } from "../../client/core/message.ts";
import type { Model } from "../../client/core/model.ts";
import type { Notice } from "../../client/core/notices.ts";
import type { Outbox } from "../../client/core/saved.ts";
import { HANDLERS } from "../../client/core/update.ts";
import { type Face, type KeptLogin, RunningClient } from "../../client/link/running_client.ts";
import { SocketTransport } from "../../client/net/socket_transport.ts";
import { DrawnChats } from "./drawn_chats.ts";
import { eventually } from "./eventually.ts";

/** Everything that outlives a crash: a login, and the outbox as text. */
export interface Kept {
  readonly login: KeptLogin | undefined;
  readonly outbox: string | undefined;
  /** Outboxes that were not put back, or not as a whole. */
  readonly aside: readonly string[];
}

/** A client whose person looks at the focused chat all the time. */
export class SilentFace implements Face, AsyncDisposable {
  readonly client: RunningClient;
  readonly notices: Notice[] = [];
  readonly failures: Failure[] = [];
  readonly drawn = new DrawnChats();
  #kept: Kept = { login: undefined, outbox: undefined, aside: [] };
  readonly #seen = new Set<string>();
  readonly #running: Promise<void>;

  /**
   * @param ports of the nodes on this machine, the first one to try first
   * @param kept by a client of the same person that ended before
   */
  constructor(ports: readonly number[], kept?: Kept) {
    const places = ports.map((port) => ({ host: "127.0.0.1", port }));
    const keep = (login: KeptLogin): void => void (this.#kept = { ...this.#kept, login });
    this.client = new RunningClient(
      { script: false, receives: true, creates: false, saves: true },
      { places, cluster: kept?.login?.cluster, keep },
      new SocketTransport({ tls: false, caCerts: [] }),
      HANDLERS,
    );
    this.#running = this.client.run(this);
    if (kept?.login === undefined) return;
    this.#kept = kept;
    this.give({ kind: "start", user: kept.login.user, token: kept.login.token });
    if (kept.outbox !== undefined) this.give({ kind: "restore", saved: JSON.parse(kept.outbox) });
  }

  /** Makes an account and logs in. */
  static async register(name: string, ports: readonly number[]): Promise<SilentFace> {
    const face = new SilentFace(ports);
    face.give({ kind: "register", name, password: passwordOf(name) });
    await face.until(`${name} is logged in`, ({ loggedIn }) => loggedIn);
    return face;
  }

  /** As `register`, tried until a node gives the name: on another side of a cut it may be somebody else's. */
  static async insist(name: string, ports: readonly number[]): Promise<SilentFace> {
    let entered: SilentFace | undefined;
    await eventually(`${name} has an account`, async () => {
      const face = new SilentFace(ports);
      face.give({ kind: "register", name, password: passwordOf(name) });
      await face.until("it is answered", ({ loggedIn }) => loggedIn || face.failures.length > 0);
      if (face.model.loggedIn) entered = face;
      else await face[Symbol.asyncDispose]();
      return entered !== undefined;
    });
    if (entered === undefined) throw new Error(`${name} has no account`);
    return entered;
  }

  /** The state of its client. */
  get model(): Model {
    return this.client.model;
  }

  /** The chat with the holder of a name. */
  chat(name: string): Chat {
    return this.model.chats.with(name);
  }

  /** Texts of the chat with the holder of a name, as they are drawn. */
  texts(name: string): readonly string[] {
    return this.drawn.lines(this.chat(name)).map((line) => JSON.parse(line)[4]);
  }

  /** The message of that text with the holder of a name. */
  message(name: string, text: string): Message | undefined {
    return this.model.messages.of(this.chat(name)).find(({ content }) => content === text);
  }

  /** Gives an input. */
  give(input: CommonInput): void {
    this.client.dispatch(input);
  }

  /** Sends texts; returns their ids. */
  send(to: string, ...texts: readonly string[]): readonly string[] {
    return texts.map((text) => {
      const id = crypto.randomUUID();
      this.give({ kind: "send", to, chat: this.chat(to), text, id, timestamp: Date.now() / 1_000 });
      return id;
    });
  }

  /** Waits until something holds. */
  async until(what: string, condition: (model: Model) => boolean): Promise<void> {
    await eventually(what, () => condition(this.model));
  }

  /** Ends the client as a crash does, and returns what is kept. */
  async crash(): Promise<Kept> {
    await this[Symbol.asyncDispose]();
    return this.#kept;
  }

  // Calls of the client.

  show = (): void => {};
  refresh = (): void => {};
  ring = (): void => {};
  leave = (): void => {};
  searching = (): void => {};
  notice = (notice: Notice): void => void this.notices.push(notice);
  fail = (failure: Failure): void => void this.failures.push(failure);

  save({ saved }: Outbox): void {
    this.#kept = { ...this.#kept, outbox: saved && JSON.stringify(saved) };
  }

  setAside(saved: unknown): void {
    this.#kept = { ...this.#kept, aside: [...new Set([...this.#kept.aside, JSON.stringify(saved)])] };
  }

  updated(): void {
    this.drawn.draw(this.model);
    const { focus, messages, account } = this.model;
    if (focus === undefined) return;
    const ids = messages.history(focus).filter(({ id, recipient, status }) =>
      recipient === account?.name && status !== "read" && !this.#seen.has(id)
    ).map(({ id }) => id);
    for (const id of ids) this.#seen.add(id);
    if (ids.length > 0) this.give({ kind: "seen", ids });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.#running;
  }
}

/** The password of a person. */
export function passwordOf(name: string): string {
  return `password of ${name}`;
}
