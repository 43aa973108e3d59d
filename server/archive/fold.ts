/**
 * The fold of entries into the tables. It follows the rules of `core/messages/fold.ts`; a test compares the two.
 *
 * @module
 */

import type { Entry, Place } from "../core/entry.ts";
import type {
  AccountDeleted,
  MessagesDeleted,
  MessagesDelivered,
  MessageSent,
  MessagesHidden,
  MessagesRead,
} from "../core/events.ts";
import { type EarlyMark, emptyEarlyMark, withMarks } from "../core/messages/early_mark.ts";
import { PROGRESS } from "../core/messages/message.ts";
import type { MessageNumbers } from "./place_table.ts";
import { EarlyMarkTable } from "./early_mark_table.ts";
import { type MessageMoment, MessageTable, type StoredMessage } from "./message_table.ts";
import type { ConversationSide, NumberedAccount, Numbers } from "./numbers.ts";
import type { TermIndex } from "./term_index.ts";
import type { DatabaseSync } from "node:sqlite";

type Marking = MessagesDelivered | MessagesRead | MessagesDeleted | MessagesHidden;

/** The fold of entries, for the connection that writes. */
export class ArchiveFold {
  readonly #messages: MessageTable;
  readonly #early: EarlyMarkTable;

  constructor(
    db: DatabaseSync,
    readonly numbers: Numbers,
    readonly places: MessageNumbers,
    readonly index: TermIndex,
  ) {
    this.#messages = new MessageTable(db, places);
    this.#early = new EarlyMarkTable(db);
  }

  /** Folds what an entry that was not folded before says of messages. */
  fold(entry: Entry): void {
    switch (entry.type) {
      case "messageSent":
        return this.#foldSent(entry);
      case "messagesDelivered":
        return this.#foldMarks(entry, () => ({ progress: PROGRESS.delivered }));
      case "messagesRead":
        return this.#foldMarks(entry, () => ({ progress: PROGRESS.read }));
      case "messagesHidden":
        return this.#foldMarks(entry, () => ({ hidden: true }));
      case "messagesDeleted":
        return this.#foldMarks(entry, (i) => deletionMarks(entry, i));
      case "accountDeleted":
        return this.#foldAccountDeleted(entry);
    }
  }

  #foldSent(entry: Place & MessageSent): void {
    const sender = this.numbers.account(entry.from);
    const recipient = this.numbers.account(entry.to);
    if (sender.isDeleted || recipient.isDeleted) return;
    const sides: Sides = { sender, recipient, at: this.numbers.conversation(sender, recipient) };
    const early = this.#early.find(sender.number, recipient.number, entry.id);
    if (this.#add(entry, sides, withMarks(marksOf(entry), early ?? emptyEarlyMark()))) {
      if (early !== undefined) this.#early.remove(sender.number, recipient.number, entry.id);
      return;
    }
    const known = this.#messages.find(sides.at, namedBy(entry));
    if (known !== undefined) this.#repeat(entry, sides, known);
  }

  /** Keeps the earlier of two acceptances of one message, with all marks on it. */
  #repeat(entry: Place & MessageSent, sides: Sides, known: StoredMessage): void {
    const marks = withMarks(known.marks, marksOf(entry));
    // One of the two may still have its content in the log.
    if (!isBefore(momentOf(entry), known)) {
      this.#mark(sides, known, marks);
      if (marks.deleted) this.#messages.noteUnerased(known.number);
      return;
    }
    this.#messages.check(known);
    this.#messages.remove(known.number);
    if (!known.marks.deleted) this.places.count(-1);
    this.index.remove(known.number, [sides.sender.number, sides.recipient.number]);
    const { next } = this.places;
    this.#add(entry, sides, marks);
    if (marks.deleted) this.#messages.noteUnerased(next);
  }

  /** Adds a message; returns false if it is there already. */
  #add(entry: Place & MessageSent, { sender, recipient, at }: Sides, marks: EarlyMark): boolean {
    const number = this.places.next;
    const { time, origin } = momentOf(entry);
    const content = marks.deleted ? "" : entry.content;
    const message = {
      number,
      id: entry.id,
      sender: entry.from,
      recipient: entry.to,
      conversation: at.conversation,
      side: at.side,
      time,
      origin,
      originNumber: this.places.originOf(origin),
      marks,
      content,
      isUnerased: marks.deleted && entry.digest === undefined,
    };
    if (!this.#messages.add(message)) return false;
    this.places.take(time);
    if (marks.deleted) return true;
    this.places.count(1);
    this.index.add({ number, time, content }, [sender.number, recipient.number]);
    return true;
  }

  #foldMarks(event: Marking, said: (i: number) => Partial<EarlyMark>): void {
    const sender = this.numbers.account(event.sender);
    const recipient = this.numbers.account(event.recipient);
    if (sender.isDeleted || recipient.isDeleted) return;
    const at = this.numbers.find(sender, recipient);
    for (const [i, id] of event.ids.entries()) {
      const known = at &&
        this.#messages.find(at, { id, sender: event.sender, recipient: event.recipient });
      if (at !== undefined && known !== undefined) {
        this.#mark({ sender, recipient, at }, known, withMarks(known.marks, said(i)));
      } else {
        const marks = this.#early.find(sender.number, recipient.number, id) ?? emptyEarlyMark();
        this.#early.keep(sender.number, recipient.number, id, withMarks(marks, said(i)));
      }
    }
  }

  #mark({ sender, recipient }: Sides, known: StoredMessage, marks: EarlyMark): void {
    this.#messages.mark(known, marks);
    if (marks.deleted && !known.marks.deleted) {
      this.places.count(-1);
      this.index.remove(known.number, [sender.number, recipient.number]);
    }
  }

  #foldAccountDeleted({ account }: AccountDeleted): void {
    this.numbers.markDeleted(this.numbers.account(account));
  }
}

/** The two accounts of a message. */
interface Sides {
  readonly sender: NumberedAccount;
  readonly recipient: NumberedAccount;
  readonly at: ConversationSide;
}

function namedBy({ id, from, to }: MessageSent): Pick<StoredMessage, "id" | "sender" | "recipient"> {
  return { id, sender: from, recipient: to };
}

/** The marks that a message has from its own entry: one to oneself is read, and an erased one is deleted. */
function marksOf({ from, to, digest }: MessageSent): EarlyMark {
  const progress = from === to ? PROGRESS.read : PROGRESS.unread;
  return { ...emptyEarlyMark(), progress, deleted: digest !== undefined };
}

function deletionMarks({ fingerprints, at, stamp }: Place & MessagesDeleted, i: number): Partial<EarlyMark> {
  const digits = fingerprints?.[i];
  return { deleted: true, fingerprint: digits === undefined ? undefined : { digits, at: at ?? stamp } };
}

function momentOf({ at, stamp, origin }: Place & MessageSent): MessageMoment {
  return { time: at ?? stamp, origin };
}

function isBefore(a: MessageMoment, b: MessageMoment): boolean {
  return a.time < b.time || a.time === b.time && a.origin < b.origin;
}
