/**
 * Outboxes of tabs that are gone. Each of them is taken over by one tab: when it starts, or while it is open.
 *
 * @module
 */

import type { SavedAccount } from "../core/saved_parts.ts";
import { within } from "../link/within.ts";
import { isOf, keysOf } from "./kept_values.ts";
import type { LivingTabs } from "./living_tabs.ts";
import { messageId } from "./message_id.ts";
import type { Entry, Records } from "./records.ts";
import { reasonOf } from "./tab_record.ts";

/** Time limit for reading records, ms. */
const READ_MS = 2_000;

/** The most outboxes that are taken over at once. */
const OUTBOXES_MAX = 50;

/** How the keys of outboxes begin; the id of the tab follows. */
export const OUTBOX = "outbox ";

/** Puts a record back before it returns; false if it does not. */
export type Restore = (saved: unknown) => boolean;

/** The outboxes that other tabs have left. */
export class LeftOutboxes {
  /** Keys of records whose content this tab has: they go with its next record that is kept. */
  readonly taken = new Set<string>();
  /** Keys of records whose tab was gone at the last look. */
  #gone: ReadonlySet<string> = new Set();

  /**
   * @param own how the keys of the records of this tab begin, and of no other
   * @param failed something could not be read or changed, for this reason
   */
  constructor(
    readonly own: string,
    readonly records: Records | undefined,
    readonly tabs: LivingTabs,
    readonly failed: (reason: string) => void,
  ) {}

  /** All records; none where they cannot be read. */
  async all(): Promise<readonly Entry[]> {
    return await this.#read((records) => records.all());
  }

  /**
   * Takes over what a user's tabs have left that are gone, when this one starts.
   *
   * @param former how the keys of the page before this one in the tab begin, which is gone; undefined if not known
   */
  async takeOver(user: SavedAccount, former: string | undefined, restore: Restore): Promise<void> {
    if (former !== undefined) await this.#take(user, (key) => key.startsWith(former), restore);
    const gone = await this.gone(isOutbox);
    await this.#take(user, (key) => gone.has(key), restore);
  }

  /**
   * Takes over what a user's tabs have left that were gone at the call before, too. A tab that is loaded again has no
   * page for a moment, and finds its drafts itself.
   */
  async takeLate(user: SavedAccount, restore: Restore): Promise<void> {
    const gone = await this.gone(isOutbox);
    const late = [...gone].filter((key) => this.#gone.has(key));
    this.#gone = gone;
    if (late.length > 0) await this.#take(user, (key) => late.includes(key), restore);
  }

  /** Those of these keys of records whose tabs do not answer, or that are of no tab. Without keys, no tab is asked. */
  async gone(isMeant: (key: string) => boolean): Promise<ReadonlySet<string>> {
    // Records that come later are of tabs that have not heard the question.
    const keys = await this.#read((records) => records.keys());
    return await this.tabs.goneOf(keys.filter((key) => isMeant(key) && !key.startsWith(this.own)));
  }

  async #take(user: SavedAccount, isLeft: (key: string) => boolean, restore: Restore): Promise<void> {
    for (const [key, value] of await this.#claim((key, value) => isLeft(key) && isOf(value, user))) {
      this.taken.add(key);
      if (!restore(value)) this.taken.delete(key);
    }
  }

  /** Makes outboxes those of this tab, so that no other takes them, and gives them with their keys. */
  async #claim(isLeft: (key: string, value: unknown) => boolean): Promise<readonly Entry[]> {
    let found: readonly Entry[] = [];
    let claimed: readonly Entry[] = [];
    try {
      // No time limit: nothing waits for this, and what is claimed has to be put back.
      await this.records?.change((all) => {
        const left = all.filter(([key, value]) => isOutbox(key) && isLeft(key, value));
        found = left.slice(0, OUTBOXES_MAX);
        claimed = found.map(([, value]) => [`${this.own} ${messageId()}`, value]);
        return { set: claimed, drop: keysOf(found) };
      });
      return claimed;
    } catch (error) {
      this.failed(reasonOf(error));
      return found;
    }
  }

  async #read<Value>(read: (records: Records) => Promise<readonly Value[]>): Promise<readonly Value[]> {
    if (this.records === undefined) return [];
    try {
      return await within(READ_MS, new AbortController().signal, read(this.records));
    } catch (error) {
      this.failed(reasonOf(error));
      return [];
    }
  }
}

/** True for the key of an outbox. */
export function isOutbox(key: string): boolean {
  return key.startsWith(OUTBOX);
}
