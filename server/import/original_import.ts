/**
 * Imports the files of the original server: first all accounts, then all messages, then the operations on
 * messages, regardless of their order in the files.
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

/** Numbers of imported, already known and refused items of one kind. */
export interface Tally {
  taken: number;
  known: number;
  refused: number;
}

/** Dependencies of an import. */
interface ImportOptions {
  /** Changed only by `apply`. */
  readonly state: State;
  readonly limits: Limits;
  /** The id of a new account of this name. */
  accountId(name: string): string;
  readonly hashDamage: HashDamage;
  /** Folds an event onto the state at once, and queues it for the log. */
  apply(event: Event): void;
}

/** An import of the original server's files. */
export class OriginalImport {
  readonly accounts: Tally = { taken: 0, known: 0, refused: 0 };
  /** A message that occurs in several places counts as known from the second one on. */
  readonly messages: Tally = { taken: 0, known: 0, refused: 0 };
  /** Lines without a readable item. */
  linesRefused = 0;
  /** Messages marked as read and deleted. */
  reads = 0;
  deletions = 0;
  /** Ids in operations that belong to no message. */
  idsUnknown = 0;
  readonly #idsRead = new Set<string>();
  readonly #idsDeleted = new Set<string>();
  readonly #options: ImportOptions;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** True if anything was imported. */
  get hasChanged(): boolean {
    return this.accounts.taken + this.messages.taken + this.reads + this.deletions > 0;
  }

  /** True if every item of the files is here now. */
  get isComplete(): boolean {
    return this.accounts.refused + this.messages.refused + this.linesRefused === 0;
  }

  /** Imports the accounts of a line; returns their problems. To be called with every line of every file. */
  takeAccounts(line: string): string[] {
    const { state, accountId, hashDamage } = this.#options;
    return this.#items(line).flatMap((item) =>
      item.kind === "account"
        ? this.#settle(decideAccount(state, item, accountId(item.name), hashDamage), this.accounts)
        : []
    );
  }

  /** Imports the other items of a line; returns their problems. To be called after all accounts. */
  takeMessages(line: string): string[] {
    const items = readOriginalLine(line);
    if (typeof items === "string") return [this.refuseLine(items)];
    return items.flatMap((item) => this.#takeMessageOrOperation(item));
  }

  /** Counts an unreadable line; returns its problem. */
  refuseLine(problem: string): string {
    this.linesRefused++;
    return problem;
  }

  /** Marks messages as read and deleted. To be called after all messages. */
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

  /** The messages with these ids. An id without a message is only counted. */
  #messagesOf(ids: ReadonlySet<string>): Message[] {
    const { state } = this.#options;
    return [...ids].flatMap((id) => {
      const messages = state.messages.withId(id);
      if (messages.length === 0) this.idsUnknown++;
      return messages;
    });
  }

  /** Decides for each group of messages; returns the number of changed messages. */
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
