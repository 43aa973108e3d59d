/**
 * What may leave memory: settled messages that the archive has with all their changes. Nobody's unread count or backlog
 * can change with them any more, and what is said of them later is an early mark.
 *
 * @module
 */

import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import type { Conversation } from "./conversation.ts";
import { ChangeQueue } from "./change_queue.ts";
import { earlyMarkKey } from "./early_mark.ts";
import { type Message, PROGRESS } from "./message.ts";

/** Last messages of conversations that are looked at again only if there are as many more, and twice as many. */
const PINNED_SLACK = 1_000;

/** The messages of a state that may leave memory. It begins with a look at all of them. */
export class Residency {
  readonly #settled = new ChangeQueue<Message>();
  readonly #tombstones = new ChangeQueue<Message>();
  /** Keys of early marks on messages that may have left memory. */
  readonly #marks = new ChangeQueue<string>();
  /** The same of those that delete. */
  readonly #deletions = new ChangeQueue<string>();
  /** Settled messages that stay because they are the last of a conversation. */
  readonly #pinned = new Set<Message>();
  #pinnedMax = PINNED_SLACK;
  /** Messages still to be looked at, unless they have changed since then. */
  #unseen: Iterator<Message> | undefined;
  /** Number of entries folded at the beginning. */
  readonly #begin: number;
  #reached = 0;
  #erased = 0;
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    this.#unseen = state.messages.all();
    this.#begin = state.position;
    // After a start from the archive, some may be about messages that were not loaded.
    for (const [key, { deleted }] of state.earlyMarks) this.marked(key, deleted);
  }

  /** A message has changed; called by the fold. */
  changed(message: Message): void {
    this.#settled.remove(message);
    this.#tombstones.remove(message);
    this.#pinned.delete(message);
    if (message.deleted) this.#tombstones.changed(message, this.#state.position);
    else if (isSettled(message)) this.#settled.changed(message, this.#state.position);
  }

  /** An early mark was made or raised, once a deletion always one; called by the fold. */
  marked(key: string, isDeletion: boolean): void {
    this.#marks.remove(key);
    (isDeletion ? this.#deletions : this.#marks).changed(key, this.#state.position);
  }

  /** The archive has folded so many entries. */
  reached(position: number): void {
    this.#reached = Math.max(this.#reached, position);
  }

  /** Nothing that the first `position` entries delete is left in the log: it needs no tombstones of them. */
  erased(position: number): void {
    this.#erased = Math.max(this.#erased, position);
  }

  /** Number of entries up to which deletions may be forgotten. */
  get #forgettable(): number {
    return Math.min(this.#reached, this.#erased);
  }

  /**
   * Lets messages leave memory.
   *
   * @param count most messages that are looked at
   * @returns true if there are others to look at now
   */
  evict(count: number): boolean {
    const leaving = new Map<Conversation, Set<Message>>();
    let looked = 0;
    for (; looked < count; looked++) {
      const queued = this.#settled.take(this.#reached) ?? this.#tombstones.take(this.#forgettable);
      const message = queued ?? this.#nextUnseen();
      if (message === undefined) break;
      const conversation = this.#conversationOf(message);
      if (conversation === undefined) this.#pinned.delete(message);
      if (conversation === undefined || queued === undefined && this.#waits(message)) continue;
      if (conversation.isLast(message)) this.#pinned.add(message);
      else leaving.getOrInsertComputed(conversation, () => new Set()).add(message);
    }
    for (const [conversation, messages] of leaving) this.#evict(conversation, messages);
    return looked === count;
  }

  #nextUnseen(): Message | undefined {
    if (this.#reached < this.#begin) return undefined;
    if (this.#pinned.size > this.#pinnedMax) this.#unseen ??= this.#pinned.values();
    const { value, done = true } = this.#unseen?.next() ?? {};
    if (!done) return value;
    if (this.#unseen !== undefined) this.#pinnedMax = 2 * this.#pinned.size + PINNED_SLACK;
    this.#unseen = undefined;
    return undefined;
  }

  /** The conversation of a message that is still in memory. */
  #conversationOf(message: Message): Conversation | undefined {
    const { sender, recipient, id } = message;
    if (this.#state.messages.find(sender, recipient, id) !== message) return undefined;
    return sender.conversations.get(recipient.id);
  }

  /** True if a message that was not queued has to wait. */
  #waits(message: Message): boolean {
    if (this.#settled.has(message) || this.#tombstones.has(message)) return true;
    if (message.deleted) this.#tombstones.changed(message, this.#begin);
    return message.deleted || !isSettled(message);
  }

  #evict(conversation: Conversation, messages: ReadonlySet<Message>): void {
    conversation.evict(messages);
    for (const message of messages) {
      this.#pinned.delete(message);
      this.#state.messages.remove(message);
      this.#state.evicted.add(message.id);
    }
  }

  /** Takes early marks whose entries the archive has folded, at most `count`; returns their keys. */
  takeMarks(count: number): string[] {
    const keys: string[] = [];
    while (keys.length < count) {
      const key = this.#marks.take(this.#reached) ?? this.#deletions.take(this.#forgettable);
      if (key === undefined) break;
      keys.push(key);
    }
    return keys;
  }

  /**
   * Drops early marks that `takeMarks` has returned, unless they were raised since. A mark on a message that the archive
   * does not have is really early: it stays until the message arrives.
   *
   * @param found what the archive has answered
   */
  dropMarks(found: readonly ArchivedMessage[]): void {
    for (const { sender, recipient, id } of found) {
      const key = earlyMarkKey(sender, recipient, id);
      if (!this.#marks.has(key) && !this.#deletions.has(key)) this.#state.earlyMarks.delete(key);
    }
  }

  /** Puts marks back that could not be asked for. */
  putBack(keys: readonly string[]): void {
    for (const key of keys) {
      const mark = this.#state.earlyMarks.get(key);
      if (mark !== undefined) this.marked(key, mark.deleted);
    }
  }
}

/** One that is hidden and not read stays: its sender is to be told when it is read. */
function isSettled({ progress }: Message): boolean {
  return progress === PROGRESS.read;
}
