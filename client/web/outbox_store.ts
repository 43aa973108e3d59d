/**
 * Messages that no server has, and drafts, as the browser keeps them; and the newest chats. Each tab has its own record;
 * one that starts takes over what earlier ones have left, which ids of messages make harmless. The chats have one.
 *
 * A login that stays has its records in IndexedDB, one of a single tab in the storage of that tab.
 *
 * @module
 */

import { createStore, del, entries, set, type UseStore } from "idb-keyval";
import type { Kept } from "../core/kept.ts";
import type { Outbox, Saved } from "../core/saved.ts";
import { within } from "../link/within.ts";
import { messageId } from "./message_id.ts";
import { storageOf } from "./store.ts";

/** Time limit for a record to be kept, ms: nothing is sent before. */
const SAVE_MS = 2_000;

/** Time after which a tab that does not answer is gone, ms. */
const ANSWER_MS = 1_000;

/** The most outboxes that are read. */
const OUTBOXES_MAX = 50;

/** Nothing calls off what the browser does. */
const FOR_EVER = new AbortController().signal;

/** How the keys begin of records that were refused, and are kept for a person. */
const ASIDE = "aside ";

/** How the keys of records begin. */
const OUTBOX = "outbox ";

/** The key of the newest chats. */
const CHATS = "chats";

/** Everything that earlier tabs have left of a login. */
interface Left {
  readonly outboxes: readonly unknown[];
  /** The newest chats; undefined if none were kept. */
  readonly chats: unknown;
}

/** A message to the other tabs. */
type Signal = { readonly kind: "whoIsThere" } | { readonly kind: "there"; readonly key: string };

/** The records of one page. */
export class OutboxStore {
  readonly #own = OUTBOX + messageId();
  readonly #database: UseStore | undefined;
  readonly #channel: BroadcastChannel | undefined;
  readonly #tabKey: string;
  /** The record to keep, if another one is being written. */
  #next: { readonly saved: Saved | undefined; readonly done: () => void }[] = [];
  #isWriting = false;

  /**
   * @param base address of the page
   * @param failed something could not be kept, for this reason
   */
  constructor(base: URL, readonly failed: (reason: string) => void) {
    const name = `chat ${base.pathname}`;
    this.#tabKey = `${name} outbox`;
    this.#database = openDatabase(name);
    this.#channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
      if (data.kind === "whoIsThere") this.#say({ kind: "there", key: this.#own });
    });
  }

  /**
   * What earlier tabs have left of the login of this one.
   *
   * @param stays true for a login of all tabs
   */
  async left(stays: boolean, user: string): Promise<Left> {
    const own = parsed(storageOf("sessionStorage")?.getItem(this.#tabKey));
    if (!stays) return { outboxes: own === undefined ? [] : [own], chats: undefined };
    const records = (await this.#records()).filter(([, value]) => isOf(value, user));
    const outboxes = records.filter(([key]) => key.startsWith(OUTBOX)).slice(0, OUTBOXES_MAX);
    void this.#dropGone(outboxes.map(([key]) => key));
    return {
      outboxes: outboxes.map(([, value]) => value),
      chats: records.find(([key]) => key === CHATS)?.[1],
    };
  }

  /** Keeps the newest chats of a login that stays. */
  keepChats(kept: Kept): void {
    if (this.#database === undefined) return;
    set(CHATS, kept, this.#database).catch((error) => this.failed(reasonOf(error)));
  }

  /** Keeps the record of this tab; resolves when it is kept, or cannot be. */
  async save({ saved }: Outbox, stays: boolean): Promise<void> {
    if (!stays) return this.#saveInTab(saved);
    if (this.#database === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#next.push({ saved, done: resolve });
    void this.#write(this.#database);
    await promise;
  }

  /** Keeps something that was not put back in another place. */
  setAside(saved: unknown): void {
    const database = this.#database;
    if (database === undefined) return;
    set(ASIDE + messageId(), saved, database).catch((error) => this.failed(reasonOf(error)));
  }

  /** Removes the records of a user. */
  async forget(user: string): Promise<void> {
    storageOf("sessionStorage")?.removeItem(this.#tabKey);
    const database = this.#database;
    if (database === undefined) return;
    for (const [key, value] of await this.#records()) {
      if (isOf(value, user)) await del(key, database).catch(() => {});
    }
  }

  #saveInTab(saved: Saved | undefined): void {
    try {
      if (saved === undefined) storageOf("sessionStorage")?.removeItem(this.#tabKey);
      else storageOf("sessionStorage")?.setItem(this.#tabKey, JSON.stringify(saved));
    } catch (error) {
      this.failed(reasonOf(error));
    }
  }

  /** Writes the newest record, and again while there are newer ones. */
  async #write(database: UseStore): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#next.length > 0) {
      const all = this.#next.splice(0);
      const saved = all.at(-1)?.saved;
      const writing = saved === undefined ? del(this.#own, database) : set(this.#own, saved, database);
      await within(SAVE_MS, FOR_EVER, writing).catch((error) => this.failed(reasonOf(error)));
      for (const { done } of all) done();
    }
    this.#isWriting = false;
  }

  async #records(): Promise<readonly [string, unknown][]> {
    if (this.#database === undefined) return [];
    try {
      return await within(SAVE_MS, FOR_EVER, entries<string, unknown>(this.#database));
    } catch (error) {
      this.failed(reasonOf(error));
      return [];
    }
  }

  /** Removes records whose tabs do not answer: this tab has them in its own. */
  async #dropGone(keys: readonly string[]): Promise<void> {
    const database = this.#database;
    if (database === undefined || this.#channel === undefined) return;
    const gone = new Set(keys.filter((key) => key !== this.#own));
    this.#channel.addEventListener("message", ({ data }: MessageEvent<Signal>) => {
      if (data.kind === "there") gone.delete(data.key);
    });
    this.#say({ kind: "whoIsThere" });
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    for (const key of gone) await del(key, database).catch(() => {});
  }

  #say(signal: Signal): void {
    this.#channel?.postMessage(signal);
  }
}

function openDatabase(name: string): UseStore | undefined {
  try {
    return typeof indexedDB === "undefined" ? undefined : createStore(name, "records");
  } catch {
    return undefined;
  }
}

/** True for something that was saved for a user: the core reads it with care, and so this looks at the name alone. */
function isOf(value: unknown, user: string): boolean {
  const of = (value as { readonly of?: { readonly name?: unknown } } | undefined)?.of?.name;
  return typeof of === "string" && of.toLowerCase() === user.toLowerCase();
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
