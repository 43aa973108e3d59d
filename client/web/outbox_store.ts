/**
 * Messages that no server has, and drafts, as the browser keeps them; and the newest chats. Each tab has its own
 * record; those of tabs that are gone are taken over, each of them once. Each user has one record of chats.
 *
 * A login that stays has its records in IndexedDB, one of a single tab in the storage of that tab.
 *
 * @module
 */

import type { Kept } from "../core/kept.ts";
import type { Outbox, Saved } from "../core/saved.ts";
import type { SavedAccount } from "../core/saved_parts.ts";
import { within } from "../link/within.ts";
import { isEmpty, isOf, keysOf, waitingIn } from "./kept_values.ts";
import { isOutbox, LeftOutboxes, OUTBOX, type Restore } from "./left_outboxes.ts";
import { type Channel, LivingTabs, type Locks } from "./living_tabs.ts";
import { messageId } from "./message_id.ts";
import type { Entry, Records } from "./records.ts";
import { reasonOf, TabRecord } from "./tab_record.ts";

/** Time limit for a record to be kept, ms: nothing is sent before. */
const SAVE_MS = 2_000;

/** The most records that are kept for a person. */
const ASIDE_MAX = 20;

/** Nothing calls off what the browser does. */
const FOR_EVER = new AbortController().signal;

/** How the keys begin of records that were refused, and are kept for a person; the time follows. */
const ASIDE = "aside ";

/** How the keys of chats begin; their account follows. */
const CHATS = "chats";

/** The parts of the browser that keep things, each undefined where there is none, the other tabs, and the clock. */
interface Places {
  readonly records: Records | undefined;
  /** Storage of this tab. */
  readonly tab: Storage | undefined;
  /** Leads to the other tabs. */
  readonly channel: Channel;
  /** Locks that end with their tab. */
  readonly locks: Locks | undefined;
  readonly wait: (ms: number) => Promise<void>;
}

/** The records of one page. */
export class OutboxStore {
  readonly #own = OUTBOX + messageId();
  readonly #records: Records | undefined;
  readonly #tab: TabRecord;
  readonly #left: LeftOutboxes;
  /** Key of the chats that were kept last. */
  #chatsKey: string | undefined;
  /** The newest record of a login that stays. */
  #last: Saved | undefined;
  /** The record to keep, if another one is being written. */
  #next: { readonly saved: Saved | undefined; readonly done: () => void }[] = [];
  #isWriting = false;
  #isClosed = false;

  /**
   * @param base address of the page
   * @param failed something could not be kept, for this reason
   */
  constructor(
    base: URL,
    { records, tab, channel, locks, wait }: Places,
    readonly failed: (reason: string) => void,
  ) {
    this.#records = records;
    this.#tab = new TabRecord(base, tab, failed);
    this.#left = new LeftOutboxes(
      this.#own,
      records,
      new LivingTabs(this.#own, channel, locks, wait),
      failed,
    );
  }

  /** The page goes for good: the next one in this tab need not ask for it. */
  end(): void {
    this.#tab.leave(this.#own);
  }

  /**
   * Another tab has ended the login, and has removed its records. Removes what this tab may have kept since, and keeps
   * nothing any more; the records of other tabs may be of a login that has begun since.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#dropNext();
    await this.#remove(([key]) => key.startsWith(this.#own));
  }

  /** The newest chats that were kept of a user; undefined if none were. */
  async chats(user: SavedAccount): Promise<unknown> {
    const all = await this.#left.all();
    return all.findLast(([key, value]) => key.startsWith(CHATS) && isOf(value, user))?.[1];
  }

  /**
   * Takes over what earlier tabs have left: at once that of this tab, a little later that of tabs that are gone.
   *
   * @param stays true for a login of all tabs
   */
  async takeOver(user: SavedAccount, stays: boolean, restore: Restore): Promise<void> {
    if (!stays) return this.#tab.take(restore);
    await this.#left.takeOver(user, this.#tab.former, restore);
    await this.#dropTaken();
  }

  /** Takes over what tabs of a login that stays have left since: those that were gone at the call before, too. */
  async takeLate(user: SavedAccount, restore: Restore): Promise<void> {
    if (this.#isClosed) return;
    await this.#left.takeLate(user, restore);
    await this.#dropTaken();
  }

  /** Ids of the messages of a user that wait in the records of other tabs. */
  async waitingElsewhere(user: SavedAccount): Promise<readonly string[]> {
    const others = (await this.#left.all()).filter(([key, value]) =>
      isOutbox(key) && !key.startsWith(this.#own) && isOf(value, user)
    );
    return [...new Set(others.flatMap(([, value]) => waitingIn(value)))];
  }

  /** Keeps the newest chats of a login that stays. */
  keepChats(kept: Kept): void {
    const { of } = kept;
    const key = `${CHATS} ${of.account ?? of.name.toLowerCase()}`;
    const isFormer = ([each, value]: Entry): boolean =>
      each.startsWith(CHATS) && each !== key && isOf(value, of);
    const set = [[key, kept]] as const;
    const isFirst = key !== this.#chatsKey;
    this.#chatsKey = key;
    void this.#change((records) =>
      isFirst
        ? records.change((all) => ({ set, drop: keysOf(all.filter(isFormer)) }))
        : records.write({ set })
    );
  }

  /** Keeps the record of this tab; resolves when it is kept, or cannot be. */
  async save({ saved }: Outbox, stays: boolean): Promise<void> {
    if (this.#isClosed) return;
    if (!stays) return void this.#tab.keep(saved);
    this.#last = saved;
    const records = this.#records;
    if (records === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#next.push({ saved, done: resolve });
    void this.#write(records);
    await promise;
  }

  /** Keeps something that was not put back in another place, with the newest ones alone. */
  setAside(saved: unknown): void {
    const key = `${ASIDE}${Date.now()} ${messageId()}`;
    void this.#change((records) =>
      records.change((all) => {
        const others = keysOf(all).filter((each) => each.startsWith(ASIDE));
        return { set: [[key, saved]], drop: others.slice(0, -(ASIDE_MAX - 1)) };
      })
    );
  }

  /** The login is that of this tab alone from now on, and its record as well. */
  async keepInTab(user: SavedAccount): Promise<void> {
    this.#dropNext();
    if (!this.#tab.keep(this.#last)) return;
    this.#last = undefined;
    await this.#remove(([key, value]) =>
      key.startsWith(this.#own) || (key.startsWith(CHATS) && isOf(value, user))
    );
  }

  /** Removes the record that the storage of this tab has. */
  forgetTab(): void {
    this.#tab.forget();
  }

  /** Removes the records of a user, after everything that is being written. */
  async forget(user: SavedAccount): Promise<void> {
    this.#dropNext();
    await this.#remove(([, value]) => isOf(value, user));
  }

  /**
   * Removes the records of users without a login, unless the tab of a record is there.
   *
   * @param users the users who are logged in when the records are removed
   */
  async forgetStrangers(users: () => readonly SavedAccount[]): Promise<void> {
    const gone = await this.#left.gone(() => true);
    const known = users();
    await this.#remove(([key, value]) => gone.has(key) && !known.some((user) => isOf(value, user)));
  }

  async #remove(isGoing: (entry: Entry) => boolean): Promise<void> {
    const removing = this.#records?.change((all) => ({ drop: keysOf(all.filter(isGoing)) }));
    // What cannot be removed now is removed at a start without a login.
    if (removing !== undefined) await within(SAVE_MS, FOR_EVER, removing).catch(() => {});
  }

  /** Removes the records that were put back, also if none of their content is to be kept. */
  async #dropTaken(): Promise<void> {
    if (this.#left.taken.size > 0) await this.save({ saved: this.#last, leftOut: 0 }, true);
  }

  /** Writes the newest record, and again while there are newer ones. */
  async #write(records: Records): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#next.length > 0) {
      const all = this.#next.splice(0);
      const saved = all.at(-1)?.saved;
      const taken = [...this.#left.taken];
      const changes = isEmpty(saved)
        ? { drop: [this.#own, ...taken] }
        : { set: [[this.#own, saved]] as const, drop: taken };
      try {
        await within(SAVE_MS, FOR_EVER, records.write(changes));
        for (const key of taken) this.#left.taken.delete(key);
      } catch (error) {
        this.failed(reasonOf(error));
      }
      for (const { done } of all) done();
    }
    this.#isWriting = false;
  }

  #dropNext(): void {
    for (const { done } of this.#next.splice(0)) done();
  }

  /** Changes records, unless nothing is kept any more. */
  async #change(change: (records: Records) => Promise<void>): Promise<void> {
    if (this.#records === undefined || this.#isClosed) return;
    await change(this.#records).catch((error) => this.failed(reasonOf(error)));
  }
}
