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
import type { OriginalNames } from "./original_names.ts";
import { type OriginalItem, readOriginalLine } from "./original_item.ts";
import { decideAccount, decideMessage, type HashDamage, type Outcome } from "./original_rules.ts";

/** Numbers of imported, already known and refused items of one kind. */
export interface Tally {
  taken: number;
  known: number;
  refused: number;
}

/** Something to be said of a line. */
export interface Finding {
  /** `false` if it is a warning: nothing is missing because of it. */
  readonly isProblem: boolean;
  readonly text: string;
}

/** Dependencies of an import. */
interface ImportOptions {
  /** Changed only by `apply`. */
  readonly state: State;
  readonly limits: Limits;
  readonly names: OriginalNames;
  /** The id of a new account of this name. */
  accountId(name: string): string;
  readonly hashDamage: HashDamage;
  /** Folds an event onto the state at once, and queues it for the log. */
  apply(event: Event): void;
}

const NO_TIMES =
  "the files do not tell when an account was made: if somebody deleted an account and somebody else " +
  "took its name in the original, the messages of both are the second one's now";

const NO_ACCOUNTS =
  "no accounts are in the files: a message went to whoever has the name here now, even if it is not " +
  "the person of then; give user_accounts.json with the messages, and such messages are refused";

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

  /** Imports the accounts of a line. To be called with every line of every file. */
  takeAccounts(line: string): Finding[] {
    const { state, names, accountId, hashDamage } = this.#options;
    return this.#items(line).flatMap((item) =>
      item.kind === "account"
        ? this.#settle(decideAccount(state, names, item, accountId, hashDamage), this.accounts)
        : []
    );
  }

  /** Imports the other items of a line. To be called after all accounts. */
  takeMessages(line: string): Finding[] {
    const items = readOriginalLine(line);
    if (typeof items === "string") return [this.refuseLine(items)];
    return items.flatMap((item) => this.#takeMessageOrOperation(item));
  }

  /** Counts an unreadable line. */
  refuseLine(text: string): Finding {
    this.linesRefused++;
    return { isProblem: true, text };
  }

  /** What the files leave open about the messages that were taken; empty if none was. */
  get doubts(): string[] {
    if (this.messages.taken === 0) return [];
    return [this.#options.names.haveAccounts ? NO_TIMES : NO_ACCOUNTS];
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

  #takeMessageOrOperation(item: OriginalItem): Finding[] {
    if (item.kind === "account") return [];
    if (item.kind === "operation") {
      const ids = item.operation === "read" ? this.#idsRead : this.#idsDeleted;
      for (const id of item.ids) ids.add(id);
      return [];
    }
    const { state, names, limits } = this.#options;
    const findings = this.#settle(decideMessage(state, names, item, limits), this.messages);
    if (findings.length === 0 && item.read) this.#idsRead.add(item.id);
    return findings;
  }

  #settle(outcome: Outcome<Event>, tally: Tally): Finding[] {
    if (outcome === "known" || "warning" in outcome) {
      tally.known++;
      return outcome === "known" ? [] : [{ isProblem: false, text: outcome.warning }];
    }
    if ("problem" in outcome) {
      tally.refused++;
      return [{ isProblem: true, text: outcome.problem }];
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
