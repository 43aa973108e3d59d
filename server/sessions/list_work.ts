/**
 * The work of a session on lists: one request at a time, slice by slice.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { Account } from "../core/accounts/account.ts";
import type { ArchiveQuery } from "../core/messages/archived.ts";
import type { Answer, Inquiry } from "../core/messages/inquiry.ts";
import type { WorkShare } from "../ports/clients.ts";
import type { Clock } from "../ports/outside.ts";
import type { AccountBuckets } from "./account_buckets.ts";
import type { TokenBucket } from "./token_bucket.ts";
import type { WholeLists } from "./whole_lists.ts";
import { workOfAnswer, workOfQuestion } from "./archive_questions.ts";

/** Interval at which a list asks if it may be made, ms. */
const ASK_AGAIN_MS = 10;

/** Longest wait before it asks again, ms: each time it asks, the connection counts as not idle. */
const WAIT_MS_MAX = 10_000;

/** Longest wait of a whole list for its account's budget, ms: clients of the original dialect give up after 5 s. */
const WHOLE_WAIT_MS_MAX = 1_000;

/** Bounds of the lists that all sessions share. */
export interface ListContext {
  readonly workBudgets: AccountBuckets;
  readonly wholeLists: WholeLists;
}

/** Asks the archive; `then` gets the answer, unless the session has ended. */
type AskArchive = (query: ArchiveQuery, then: (answer: Answer) => void) => void;

interface Unfinished {
  readonly account: Account;
  readonly inquiry: Inquiry<void>;
  /** Work that the account may ask for. */
  readonly budget: TokenBucket;
  /** The queue for lists that are made whole. */
  readonly queue: WholeLists | undefined;
  /** Longest wait for the budget, ms; other lists of the account wait no longer for the work of this one. */
  readonly waitMsMax: number;
  readonly sinceMs: number;
  hasBegun: boolean;
  /** True while the archive is asked. */
  isAsking: boolean;
}

/** Serves the lists that a session asks for. No frame comes while one is unfinished. */
export class ListWork {
  readonly #share: WorkShare;
  readonly #context: ListContext;
  readonly #clock: Clock;
  readonly #ask: AskArchive;
  #unfinished: Unfinished | undefined;

  /** @param share the share of the session's connection */
  constructor(share: WorkShare, context: ListContext, clock: Clock, ask: AskArchive) {
    this.#share = share;
    this.#context = context;
    this.#clock = clock;
    this.#ask = ask;
  }

  /** True while a list is unfinished. */
  get isUnfinished(): boolean {
    return this.#unfinished !== undefined;
  }

  /**
   * Takes a request; `goOn` serves it. It waits while its account has asked for too much.
   *
   * @param done gets the result
   */
  begin<Result>(account: Account, inquiry: Inquiry<Result>, done: (result: Result) => void): void {
    this.#begin(account, followed(inquiry, done), undefined);
  }

  /** The same for a whole list of the original dialect, of which only a few are made at the same time. */
  beginWhole<Result>(account: Account, inquiry: Inquiry<Result>, done: (result: Result) => void): void {
    this.#begin(account, followed(inquiry, done), this.#context.wholeLists);
  }

  #begin(account: Account, inquiry: Inquiry<void>, queue: WholeLists | undefined): void {
    assert(this.#unfinished === undefined, "a list was asked for before the one before it was finished");
    const sinceMs = this.#clock.monotonicMs();
    const budget = this.#context.workBudgets.of(account, sinceMs);
    const waitMsMax = queue ? WHOLE_WAIT_MS_MAX : Infinity;
    const begin = { hasBegun: false, isAsking: false };
    this.#unfinished = { account, inquiry, budget, queue, waitMsMax, sinceMs, ...begin };
  }

  /**
   * Goes on as far as the share goes.
   *
   * @returns time to wait before more of it, ms; 0 if the list is finished, or if only others have their turn
   */
  goOn(): number {
    const unfinished = this.#unfinished;
    if (unfinished === undefined) return 0;
    const nowMs = this.#clock.monotonicMs();
    const waitMs = unfinished.hasBegun ? 0 : this.#waitMs(unfinished, nowMs);
    if (waitMs > 0) return waitMs;
    unfinished.hasBegun = true;
    while (this.#share.mayGoOn && this.#unfinished === unfinished && !unfinished.isAsking) {
      this.#step(unfinished, undefined);
    }
    return 0;
  }

  #step(unfinished: Unfinished, answer: Answer | undefined): void {
    const { done, value } = unfinished.inquiry.next(answer);
    if (done) return this.drop();
    const isWork = typeof value === "number";
    const { budget, waitMsMax } = unfinished;
    const debtMax = budget.perSecond * waitMsMax / 1_000;
    budget.take(isWork ? value : workOfQuestion(value), this.#clock.monotonicMs(), debtMax);
    // What the archive has to read is no work of this thread, but counts for the account.
    if (isWork) this.#share.use(value);
    else this.#question(unfinished, value);
  }

  #question(unfinished: Unfinished, query: ArchiveQuery): void {
    unfinished.isAsking = true;
    this.#ask(query, (answer) => {
      if (this.#unfinished !== unfinished) return;
      unfinished.isAsking = false;
      this.#share.use(workOfAnswer(answer));
      // At once: an answer is good while nothing of it has left memory.
      this.#step(unfinished, answer);
    });
  }

  /** The time before a list may begin, ms. What waits for its account's budget keeps nobody else waiting. */
  #waitMs({ account, budget, queue, waitMsMax, sinceMs }: Unfinished, nowMs: number): number {
    const waitMs = Math.min(budget.take(0, nowMs), sinceMs + waitMsMax - nowMs);
    if (waitMs > 0) {
      queue?.leave(this, account);
      return Math.min(waitMs, WAIT_MS_MAX);
    }
    return queue?.enter(this, account) === false ? ASK_AGAIN_MS : 0;
  }

  /** Drops the unfinished list: nobody gets it. */
  drop(): void {
    const { queue, account } = this.#unfinished ?? {};
    if (account !== undefined) queue?.leave(this, account);
    this.#unfinished = undefined;
  }
}

function* followed<Result>(inquiry: Inquiry<Result>, done: (result: Result) => void): Inquiry<void> {
  done(yield* inquiry);
}
