/**
 * The whole lists of the original dialect that are in the making: each takes memory for all of its bytes.
 *
 * @module
 */

/** Lets a few lists be made at the same time, one of each account; accounts have their turn one after the other. */
export class WholeLists {
  /** The accounts of the lists in the making. */
  readonly #making = new Map<object, object>();
  /** The waiting lists of each account, oldest first; the account whose turn is next stands first. */
  readonly #waiting = new Map<object, Set<object>>();
  readonly #max: number;

  /** @param max lists at the same time */
  constructor(max: number) {
    this.#max = max;
  }

  /** Lets a list of an account wait, unless it does; true if it may be made now. */
  enter(list: object, account: object): boolean {
    if (this.#making.has(list)) return true;
    this.#listsOf(account).add(list);
    if (this.#making.size >= this.#max || this.#next() !== list) return false;
    this.#stopWaiting(list, account);
    this.#making.set(list, account);
    return true;
  }

  /** Takes a list of an account out: made, dropped, or waiting for something else. */
  leave(list: object, account: object): void {
    if (!this.#making.delete(list)) this.#stopWaiting(list, account);
  }

  #listsOf(account: object): Set<object> {
    const lists = this.#waiting.get(account) ?? new Set();
    this.#waiting.set(account, lists);
    return lists;
  }

  /** The oldest list of the first account that has none in the making. */
  #next(): object | undefined {
    const busy = new Set(this.#making.values());
    const turn = this.#waiting.entries().find(([account]) => !busy.has(account));
    return turn?.[1].values().next().value;
  }

  /** The account of a list that stops waiting goes behind all others. */
  #stopWaiting(list: object, account: object): void {
    const lists = this.#waiting.get(account);
    if (lists?.delete(list) !== true) return;
    this.#waiting.delete(account);
    if (lists.size > 0) this.#waiting.set(account, lists);
  }
}
