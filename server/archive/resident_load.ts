/**
 * The load of the rows that `resident_rows.ts` reads: the part of the archive that a node has in memory.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { loadAccount, showLoadedNames } from "../core/accounts/account_record.ts";
import { earlyMarkKey } from "../core/messages/early_mark.ts";
import type { Conversation } from "../core/messages/conversation.ts";
import { loadConversation, loadUnread } from "../core/messages/loaded_message.ts";
import { PROGRESS, type Progress } from "../core/messages/message.ts";
import { bringBack } from "../core/messages/returning.ts";
import type { State } from "../core/state.ts";
import { addressesOf, daysOf, recordOf } from "./account_rows.ts";
import { archivedMessage } from "./archived_row.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";
import type { ArrayRow } from "./array_statement.ts";
import { checkedMarks } from "./early_mark_table.ts";
import { loadInvitation } from "./invitation_rows.ts";
import { checkMessage } from "./message_checksum.ts";
import type { Counters, OriginRow } from "./place_table.ts";
import type { ConversationRow, NamedRow, NamedTable, ResidentBatch } from "./resident_rows.ts";
import { idOf, textOf } from "./stored_text.ts";
import { loadRevoked, loadToken } from "./token_rows.ts";

/** A load into an empty state, which is useless after an error. */
export class ResidentLoad {
  readonly #state: State;
  /** The accounts, the conversations and the origins by their numbers; of a deleted account, no conversation. */
  readonly #accounts = new Map<number, Account>();
  readonly #conversations = new Map<number, Conversation | undefined>();
  readonly #origins = new Map<number, string>();

  /** @param state an empty one, which is filled */
  constructor(state: State) {
    this.#state = state;
  }

  /**
   * Loads a batch; they come in order. Returns the number of its rows.
   *
   * @throws ArchiveUnusable if it is damaged
   */
  take(batch: ResidentBatch): number {
    switch (batch.table) {
      case "place":
        this.#place(batch.counters, batch.origins);
        return 1;
      case "conversations":
        for (const row of batch.rows) this.#conversation(row);
        break;
      case "unsettled":
        for (const row of batch.rows) this.#unsettled(row);
        break;
      case "unerased":
        for (const row of batch.rows) this.#unerased(row);
        break;
      default:
        for (const row of batch.rows) this.#takers[batch.table](row);
        // The last batch of a table is empty. The names follow from all accounts.
        if (batch.table === "accounts" && batch.rows.length === 0) showLoadedNames(this.#state);
    }
    return batch.rows.length;
  }

  readonly #takers: Readonly<Record<NamedTable, (row: NamedRow) => void>> = {
    accounts: (row) => this.#account(row),
    tokens: (row) => loadToken(this.#state, this.#numbered(row["account"]), row),
    token_uses: ({ key, stamp }) => void this.#state.tokenUses.set(textOf(String(key)), Number(stamp)),
    invitations: (row) => loadInvitation(this.#state, row),
    revoked_tokens: (row) => loadRevoked(this.#state, textOf(String(row["key"])), row),
    early_marks: (row) => this.#earlyMark(row),
  };

  #place({ position, messages, latestDeletion }: Counters, origins: readonly OriginRow[]): void {
    this.#state.position = position;
    this.#state.storedMessages = messages;
    this.#state.evicted.lackIds();
    for (const { number, origin, reached } of origins) {
      this.#origins.set(number, origin);
      this.#state.version.set(origin, reached);
      this.#state.stamp = Math.max(this.#state.stamp, reached.stamp);
    }
    this.#state.latestDeletion = latestDeletion;
  }

  #account(row: NamedRow): void {
    const account = this.#state.account(textOf(String(row["id"])));
    loadAccount(this.#state, account, recordOf(row));
    account.knownAddresses = addressesOf(JSON.parse(String(row["addresses"])));
    for (const { day, bytes } of daysOf(row["days"])) account.stored.add(day, bytes);
    this.#accounts.set(Number(row["key"]), account);
  }

  #conversation([number, one, other, archivedUntil]: ConversationRow): void {
    const [first, second] = [this.#numbered(one), this.#numbered(other)];
    // What is left of a deleted account is still to be erased.
    const isGone = first.deleted !== undefined || second.deleted !== undefined;
    this.#conversations.set(
      number,
      isGone ? undefined : loadConversation(first, second, archivedUntil),
    );
  }

  #unsettled([id, number, side, time, origin, marked, crc, content, key]: ArrayRow): void {
    const conversation = this.#conversationOf(Number(number));
    if (conversation === undefined) return;
    const { first, second } = conversation;
    const isFromFirst = side === 0;
    const progress = Number(marked) as Progress;
    const message = {
      id: idOf(id instanceof Uint8Array ? id : String(id)),
      sender: isFromFirst ? first.id : second.id,
      recipient: isFromFirst ? second.id : first.id,
      isFromFirst,
      time: Number(time),
      origin: this.#originOf(Number(origin)),
      content: textOf(String(content)),
      progress,
      marks: { progress, hidden: false, deleted: false },
    };
    checkMessage(message, crc);
    // A damaged index leads to any row.
    if (progress === PROGRESS.read) {
      throw new ArchiveUnusable(`message ${key} is read, and taken for unread`);
    }
    loadUnread(this.#state, conversation, message);
  }

  #unerased(row: ArrayRow): void {
    const message = archivedMessage(row);
    if (!message.marks.deleted) {
      throw new ArchiveUnusable(`message ${row.at(-1)} is unerased, and not deleted`);
    }
    bringBack(this.#state, [message]);
  }

  /** The conversation with a number; `undefined` if it is of a deleted account. */
  #conversationOf(number: number): Conversation | undefined {
    if (!this.#conversations.has(number)) throw new ArchiveUnusable(`no conversation has number ${number}`);
    return this.#conversations.get(number);
  }

  #originOf(number: number): string {
    const origin = this.#origins.get(number);
    if (origin === undefined) throw new ArchiveUnusable(`no origin has number ${number}`);
    return origin;
  }

  #earlyMark(row: NamedRow): void {
    const [sender, recipient] = [this.#numbered(row["sender"]), this.#numbered(row["recipient"])];
    if (sender.deleted !== undefined || recipient.deleted !== undefined) return;
    const id = row["id"];
    const key = earlyMarkKey(sender.id, recipient.id, idOf(id instanceof Uint8Array ? id : String(id)));
    this.#state.earlyMarks.set(key, checkedMarks(row));
  }

  #numbered(number: NamedRow[string] | undefined): Account {
    const account = this.#accounts.get(Number(number));
    if (account === undefined) throw new ArchiveUnusable(`no account has number ${number}`);
    return account;
  }
}
