/**
 * The record in the storage of a tab, which outlives a reload and ends with the tab.
 *
 * @module
 */

import type { Saved } from "../core/saved.ts";
import { isEmpty, parsed } from "./kept_values.ts";

/** The storage of one tab. */
export class TabRecord {
  /** Key of the outbox in IndexedDB that the page before this one in the tab has left; undefined if none said so. */
  readonly former: string | undefined;
  readonly #tab: Storage | undefined;
  readonly #key: string;
  readonly #leftKey: string;
  /** True once this page has kept a record. */
  #hasKept = false;

  /**
   * @param base address of the page
   * @param failed the record could not be kept, for this reason
   */
  constructor(base: URL, tab: Storage | undefined, readonly failed: (reason: string) => void) {
    this.#tab = tab;
    this.#key = `chat ${base.pathname} outbox`;
    this.#leftKey = `chat ${base.pathname} left`;
    this.former = this.#get(this.#leftKey);
    // A copy of this tab must not take this page for gone.
    this.#set(this.#leftKey, undefined);
  }

  /** The page goes for good, and leaves an outbox under a key. */
  leave(key: string): void {
    this.#set(this.#leftKey, key);
  }

  /**
   * Puts the record back, and removes it where it has not been kept again.
   *
   * @param restore puts it back before it returns; false if it does not
   */
  take(restore: (saved: unknown) => boolean): void {
    const saved = parsed(this.#get(this.#key));
    if (saved !== undefined && restore(saved) && !this.#hasKept) this.forget();
  }

  /** Keeps the record; false if it cannot be kept, which is told. */
  keep(saved: Saved | undefined): boolean {
    this.#hasKept = true;
    const problem = this.#set(this.#key, isEmpty(saved) ? undefined : JSON.stringify(saved));
    if (problem !== undefined) this.failed(problem);
    return problem === undefined;
  }

  /** Removes the record. */
  forget(): void {
    this.#set(this.#key, undefined);
  }

  #get(key: string): string | undefined {
    try {
      return this.#tab?.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a text, or removes it; gives the reason if the storage is full, or closed. */
  #set(key: string, text: string | undefined): string | undefined {
    try {
      if (text === undefined) this.#tab?.removeItem(key);
      else this.#tab?.setItem(key, text);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }
}

/** The reason of an error, for people. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
