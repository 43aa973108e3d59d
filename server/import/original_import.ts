/**
 * Takes over what the files of the original server say: first all accounts, then all messages, then what was
 * said of the messages, whatever the order in the files.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { type Decision, isRefusal, type Refusal } from "../core/decision.ts";
import type { Event } from "../core/events.ts";
import { decideDelete, decideRead } from "../core/messages/marks.ts";
import type { Message } from "../core/messages/message.ts";
import type { State } from "../core/state.ts";
import { type OriginalItem, readOriginalLine } from "./original_item.ts";
import { decideAccount, decideMessage, type HashDamage, type Outcome } from "./original_rules.ts";

/** How many of something were taken over, were here already, and could not be taken over. */
export interface Tally {
  taken: number;
  known: number;
  refused: number;
}

/** What an import needs. */
interface ImportOptions {
  /** Changed by `apply` alone. */
  readonly state: State;
  readonly limits: Limits;
  /** Twelve random hexadecimal digits. */
  accountRandom(): string;
  readonly hashDamage: HashDamage;
  /** Makes an event happen: folds it onto the state, at once. */
  apply(event: Event): void;
}

/** One import. */
export class OriginalImport {
  readonly accounts: Tally = { taken: 0, known: 0, refused: 0 };
  /** The same message, in several files or at several places, is known from the second time on. */
  readonly messages: Tally = { taken: 0, known: 0, refused: 0 };
  /** Lines that say nothing that can be understood. */
  linesRefused = 0;
  /** Messages that became read and deleted. */
  reads = 0;
  deletions = 0;
  /** Ids of operations for which there is no message. */
  idsUnknown = 0;
  readonly #idsRead = new Set<string>();
  readonly #idsDeleted = new Set<string>();
  readonly #options: ImportOptions;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** Whether anything is new. */
  get hasChanged(): boolean {
    return this.accounts.taken + this.messages.taken + this.reads + this.deletions > 0;
  }

  /** Whether everything that the files say is here now. */
  get isComplete(): boolean {
    return this.accounts.refused + this.messages.refused + this.linesRefused === 0;
  }

  /** Takes the accounts of a line; returns what is wrong with them. To be called with every line of every file. */
  takeAccounts(line: string): string[] {
    const { state, accountRandom, hashDamage } = this.#options;
    return this.#items(line).flatMap((item) =>
      item.kind === "account"
        ? this.#settle(decideAccount(state, item, accountRandom(), hashDamage), this.accounts)
        : []
    );
  }

  /** Takes everything else of a line; returns what is wrong with it. To be called once all accounts are taken. */
  takeMessages(line: string): string[] {
    const items = readOriginalLine(line);
    if (typeof items === "string") return [this.refuseLine(items)];
    return items.flatMap((item) => this.#takeMessageOrOperation(item));
  }

  /** Counts a line that cannot be read; returns what is wrong with it. */
  refuseLine(problem: string): string {
    this.linesRefused++;
    return problem;
  }

  /** Marks messages as read and deleted. To be called once all messages are taken. */
  finish(): void {
    const { state, limits } = this.#options;
    const unread = this.#messagesOf(this.#idsRead).filter((message) => message.countsAsUnread);
    this.reads = this.#mark(
      unread,
      ({ sender, recipient }) => `${sender.id}/${recipient.id}`,
      (first, ids) => decideRead(state, first.recipient, first.sender.name, ids, limits),
    );
    this.deletions = this.#mark(
      this.#messagesOf(this.#idsDeleted),
      ({ sender }) => sender.id,
      (first, ids) => decideDelete(state, first.sender, ids, limits),
    );
  }

  #items(line: string): readonly OriginalItem[] {
    const items = readOriginalLine(line);
    return typeof items === "string" ? [] : items;
  }

  #takeMessageOrOperation(item: OriginalItem): string[] {
    if (item.kind === "account") return [];
    if (item.kind === "operation") {
      const ids = item.operation === "read" ? this.#idsRead : this.#idsDeleted;
      for (const id of item.ids) ids.add(id);
      return [];
    }
    const { state, limits } = this.#options;
    const problems = this.#settle(decideMessage(state, item, limits), this.messages);
    if (problems.length === 0 && item.read) this.#idsRead.add(item.id);
    return problems;
  }

  #settle(outcome: Outcome<Event>, tally: Tally): string[] {
    if (outcome === "known") {
      tally.known++;
      return [];
    }
    if ("problem" in outcome) {
      tally.refused++;
      return [outcome.problem];
    }
    tally.taken++;
    this.#options.apply(outcome.event);
    return [];
  }

  /** The messages with these ids. An id without any is nothing to take over: it is counted only. */
  #messagesOf(ids: ReadonlySet<string>): Message[] {
    const { state } = this.#options;
    return [...ids].flatMap((id) => {
      const messages = state.messages.withId(id);
      if (messages.length === 0) this.idsUnknown++;
      return messages;
    });
  }

  /** Decides for each group of messages, and returns for how many that was news. */
  #mark(
    messages: readonly Message[],
    group: (message: Message) => string,
    decide: (first: Message, ids: readonly string[]) => Decision | Refusal,
  ): number {
    let count = 0;
    for (const members of Map.groupBy(messages, group).values()) {
      const [first] = members;
      const decision = first && decide(first, members.map(({ id }) => id));
      if (decision === undefined || isRefusal(decision)) continue;
      for (const event of decision.events) {
        if ("ids" in event) count += event.ids.length;
        this.#options.apply(event);
      }
    }
    return count;
  }
}
