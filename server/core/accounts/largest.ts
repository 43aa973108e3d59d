/**
 * The accounts that need the most room: the administrator's view on the bounds of what is kept for somebody.
 *
 * @module
 */

import type { State } from "../state.ts";
import { storedToday } from "./stored_entries.ts";

/** The inbox with the most unread messages. */
export interface LargestInbox {
  /** Name of its account. */
  readonly name: string;
  /** Number of unread messages. */
  readonly messages: number;
  /** Their contents, bytes of UTF-8. */
  readonly bytes: number;
}

/** The account that has stored the most today. */
export interface LargestSender {
  readonly name: string;
  /** As `limits.storedBytes` counts. */
  readonly bytes: number;
}

/** The largest of all living accounts; absent while there is none. */
export interface Largest {
  readonly largestInbox?: LargestInbox;
  readonly largestSender?: LargestSender;
}

/** Finds the largest, in time that grows with the number of accounts. @param wallMs decides about the day */
export function largestOf({ accounts }: Pick<State, "accounts">, wallMs: number): Largest {
  let inbox: LargestInbox | undefined;
  let sender: LargestSender | undefined;
  for (const account of accounts.values()) {
    if (!account.alive) continue;
    const { name, unread: messages, unreadBytes } = account;
    if (messages > (inbox?.messages ?? 0)) inbox = { name, messages, bytes: unreadBytes };
    const bytes = storedToday(account, wallMs);
    if (bytes > (sender?.bytes ?? 0)) sender = { name, bytes };
  }
  return { ...inbox && { largestInbox: inbox }, ...sender && { largestSender: sender } };
}
