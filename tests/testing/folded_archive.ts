/**
 * An archive in memory that folds entries as the one in SQLite does, and from which a start can be made.
 *
 * @module
 */

import type { Entry } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import type { Conversation } from "../../server/core/messages/conversation.ts";
import { earlyMarkKey } from "../../server/core/messages/early_mark.ts";
import { type Message, PROGRESS } from "../../server/core/messages/message.ts";
import { State } from "../../server/core/state.ts";
import { archived } from "./memory_archive.ts";
import type { ResidentPart } from "./resident_part.ts";

/** A state, and what an archive notes beside it. */
export class FoldedArchive {
  readonly state = new State();
  /** Time of the newest message that was ever folded, microseconds since the Unix epoch; -1 if there is none. */
  #newest = -1;
  /** Keys of tombstones whose content may be in the log, each with the number of entries folded then. */
  readonly #unerased = new Map<string, number>();

  /** Folds entries, in one transaction. @param position number of entries of the log behind them */
  fold(entries: readonly Entry[], position: number): void {
    const unerased = new Set<string>();
    for (const entry of entries) for (const key of this.#foldOne(entry)) unerased.add(key);
    for (const key of unerased) this.#unerased.set(key, position);
  }

  /** The log has nothing more of the deletions in its first `erased` entries. */
  forgetErased(erased: number): void {
    for (const [key, position] of this.#unerased) if (position <= erased) this.#unerased.delete(key);
  }

  /** What a start loads. */
  get resident(): ResidentPart {
    const { state } = this;
    return {
      state,
      conversations: () => conversationsOf(state),
      unread: () => [...state.messages.all()].filter(isUnread),
      tombstones: () => this.#tombstones().map(archived),
      earlyMarks: () => [...state.earlyMarks],
      newest: this.#newest,
    };
  }

  /** Returns the keys of messages that it deletes, or that come again although they are deleted. */
  #foldOne(entry: Entry): string[] {
    const { state } = this;
    if (entry.type === "messageSent") return this.#foldSent(entry);
    if (entry.type !== "messagesDeleted") {
      evolve(state, entry);
      return [];
    }
    const { sender, recipient, ids } = entry;
    const living = ids.filter((id) => this.#find(sender, recipient, id)?.deleted === false);
    evolve(state, entry);
    return living.filter((id) => this.#find(sender, recipient, id)?.deleted)
      .map((id) => earlyMarkKey(sender, recipient, id));
  }

  #foldSent(entry: Entry & { readonly type: "messageSent" }): string[] {
    const { from, to, id, origin, at = entry.stamp, digest } = entry;
    const isRepeated = this.#find(from, to, id) !== undefined;
    const before = this.state.version.get(origin)?.seq ?? 0;
    evolve(this.state, entry);
    if (entry.seq <= before) return [];
    const message = this.#find(from, to, id);
    if (message?.time === at && message.origin === origin) this.#newest = Math.max(this.#newest, at);
    const isUnerased = message?.deleted === true && (isRepeated || digest === undefined);
    return isUnerased ? [earlyMarkKey(from, to, id)] : [];
  }

  #find(sender: string, recipient: string, id: string): Message | undefined {
    const { accounts, messages } = this.state;
    const [from, to] = [accounts.get(sender), accounts.get(recipient)];
    return from && to && messages.find(from, to, id);
  }

  #tombstones(): Message[] {
    return [...this.state.messages.all()].filter(({ sender, recipient, id, deleted }) =>
      deleted && this.#unerased.has(earlyMarkKey(sender.id, recipient.id, id))
    );
  }
}

function conversationsOf({ accounts }: State): Conversation[] {
  return [...new Set([...accounts.values()].flatMap(({ conversations }) => [...conversations.values()]))];
}

function isUnread({ progress, hidden, deleted }: Message): boolean {
  return progress < PROGRESS.read && !hidden && !deleted;
}
