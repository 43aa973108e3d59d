/**
 * A browser without windows: its records, its storages, and the ways between its tabs.
 *
 * @module
 */

import type { Saved } from "../../../client/core/saved.ts";
import type { SavedAccount } from "../../../client/core/saved_parts.ts";
import type { Channel, Locks } from "../../../client/web/living_tabs.ts";
import type { Restore } from "../../../client/web/left_outboxes.ts";
import { OutboxStore } from "../../../client/web/outbox_store.ts";
import type { Changes, Entry, Records } from "../../../client/web/records.ts";
import { uuid } from "../client/fake_client.ts";

/** Address of the pages. */
export const BASE = new URL("http://chat.test/");

/** A storage in memory. */
export class FakeStorage implements Storage {
  readonly #texts = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#texts.size;
  }

  clear = (): void => this.#texts.clear();
  getItem = (key: string): string | null => this.#texts.get(key) ?? null;
  key = (index: number): string | null => [...this.#texts.keys()][index] ?? null;
  removeItem = (key: string): void => void this.#texts.delete(key);
  setItem = (key: string, text: string): void => void this.#texts.set(key, text);
}

/** A browser whose tabs share records and a channel. */
export class FakeBrowser implements Records {
  readonly records = new Map<string, unknown>();
  readonly problems: string[] = [];
  /** Names of the locks that are held. */
  readonly held = new Set<string>();
  /** True while the disk has no room. */
  isFull = false;
  readonly #listeners: [from: Channel, hear: (event: MessageEvent) => void][] = [];

  write = (changes: Changes): Promise<void> => this.change(() => changes);

  async all(): Promise<readonly Entry[]> {
    await Promise.resolve();
    return this.#sorted;
  }

  async keys(): Promise<readonly string[]> {
    return (await this.all()).map(([key]) => key);
  }

  async change(decide: (all: readonly Entry[]) => Changes): Promise<void> {
    await Promise.resolve();
    const { set = [], drop = [] } = decide(this.#sorted);
    if (this.isFull && set.length > 0) throw new Error("the disk is full");
    for (const key of drop) this.records.delete(key);
    for (const [key, value] of set) this.records.set(key, structuredClone(value));
  }

  /** Opens a tab. */
  open(tab: Storage = new FakeStorage()): FakeTab {
    return new FakeTab(this, tab, this.#channel());
  }

  /** Texts of all records. */
  get text(): string {
    return JSON.stringify([...this.records]);
  }

  /** The tab of a channel is gone. */
  close(channel: Channel): void {
    for (const [i, [from]] of [...this.#listeners.entries()].toReversed()) {
      if (from === channel) this.#listeners.splice(i, 1);
    }
  }

  get #sorted(): readonly Entry[] {
    return [...this.records].toSorted(byKey);
  }

  #channel(): Channel {
    const channel: Channel = {
      postMessage: (data: unknown) => {
        for (const [from, hear] of [...this.#listeners]) {
          if (from !== channel) hear(new MessageEvent("message", { data }));
        }
      },
      addEventListener: (_: string, hear: unknown) => {
        this.#listeners.push([channel, hear as (event: MessageEvent) => void]);
      },
    };
    return channel;
  }
}

/** A tab with what it has taken over. */
export class FakeTab {
  readonly outbox: OutboxStore;
  readonly restored: Saved[] = [];
  #lock = "";

  constructor(readonly browser: FakeBrowser, readonly storage: Storage, readonly channel: Channel) {
    const locks: Locks = {
      request: (name, hold) => {
        browser.held.add(this.#lock = name);
        return hold();
      },
      query: () => Promise.resolve({ held: [...browser.held].map((name) => ({ name })) }),
    };
    const places = { records: browser, tab: storage, channel, locks, wait: () => Promise.resolve() };
    this.outbox = new OutboxStore(BASE, places, (reason) => browser.problems.push(reason));
  }

  /** Ends without a word, as a crash does. */
  crash(): void {
    this.sleep();
    this.browser.held.delete(this.#lock);
  }

  /** Answers nothing any more: the browser has put the tab to sleep. */
  sleep(): void {
    this.browser.close(this.channel);
  }

  /** Keeps messages. */
  async save(user: string, texts: readonly string[]): Promise<void> {
    await this.outbox.save({ saved: savedOf(user, texts), leftOut: 0 }, true);
  }

  /** Takes over what is left of a user, and keeps it as its own. */
  async takeOver(user: string): Promise<readonly string[]> {
    return await this.#take(user, (restore) => this.outbox.takeOver(userOf(user), true, restore));
  }

  /** The same while the tab is open. */
  async takeLate(user: string): Promise<readonly string[]> {
    return await this.#take(user, (restore) => this.outbox.takeLate(userOf(user), restore));
  }

  async #take(user: string, take: (restore: Restore) => Promise<void>): Promise<readonly string[]> {
    let saving: Promise<void> | undefined;
    await take((saved) => {
      this.restored.push(saved as Saved);
      saving = this.save(user, this.texts);
      return true;
    });
    await saving;
    return this.texts;
  }

  /** Texts of the messages that it has taken over. */
  get texts(): readonly string[] {
    return this.restored.flatMap(({ messages }) => messages.map(({ text }) => text));
  }
}

/** A user whose account no node has told the id of. */
export function userOf(name: string): SavedAccount {
  return { name, account: undefined };
}

/** An outbox with messages to bob. */
export function savedOf(user: string, texts: readonly string[]): Saved {
  return {
    format: 1,
    of: userOf(user),
    messages: texts.map((text, i) => ({
      id: uuid(i + 1),
      to: { name: "bob", account: undefined },
      text,
      timestamp: i,
      status: "queued",
      mayBeStored: false,
    })),
    drafts: [],
  };
}

function byKey([one]: Entry, [two]: Entry): number {
  return one < two ? -1 : Number(one > two);
}
