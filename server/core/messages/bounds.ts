/**
 * The bounds on what is kept for somebody: unread messages of a recipient, stored bytes of a sender and day. A node
 * judges them with the entries that it has.
 *
 * @module
 */

import { counted } from "../../../common/counted.ts";
import type { Limits } from "../../../common/limits.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Account } from "../accounts/account.ts";
import { beginOf, dayOf } from "../accounts/stored_days.ts";
import {
  isQuotaSpent,
  messageStoredBytes,
  messageStoredBytesMax,
  storedToday,
} from "../accounts/stored_entries.ts";
import { type Refusal, refusal } from "../decision.ts";
import { stampMs, wallMicroseconds } from "../stamp.ts";

/** The limits of this file; 0 turns one off. */
type Bounds = Pick<Limits, "inboxMessages" | "inboxBytes" | "storedBytes">;

/** No bounds: for what was accepted elsewhere. */
export const NO_BOUNDS: Bounds = { inboxMessages: 0, inboxBytes: 0, storedBytes: 0 };

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** A message that would be stored. */
interface NewMessage {
  readonly sender: Account;
  readonly recipient: Account;
  readonly content: string;
  /** The wall clock of the node, ms since the Unix epoch. */
  readonly wallMs: number;
}

/** The reason why a message cannot be stored for its recipient now, or by its sender today, if there is one. */
export function boundProblem(message: NewMessage, bounds: Bounds): Refusal | undefined {
  return inboxProblem(message, bounds) ?? quotaProblem(message, bounds);
}

/** True if a message was refused because of a bound or a block: entries that have not arrived yet may say otherwise. */
export function mayChangeSoon({ code }: Refusal): boolean {
  return code === "inbox-full" || code === "quota" || code === "not-accepted";
}

function inboxProblem(
  { sender, recipient, content }: NewMessage,
  { inboxMessages, inboxBytes }: Bounds,
): Refusal | undefined {
  // A message to oneself is read at once.
  if (sender === recipient) return undefined;
  const { name, unread, unreadBytes } = recipient;
  if (inboxMessages > 0 && unread >= inboxMessages) {
    return inboxFull(
      `${name} has ${counted(unread, "unread message")} and the limit is ${inboxMessages} (inboxMessages)`,
      name,
    );
  }
  if (inboxBytes === 0 || unreadBytes + content.length * BYTES_PER_UNIT <= inboxBytes) return undefined;
  const bytes = utf8Bytes(content);
  if (bytes > inboxBytes) {
    return neverFits(`has ${bytes} bytes, and an inbox takes ${inboxBytes} (inboxBytes)`);
  }
  if (unreadBytes + bytes <= inboxBytes) return undefined;
  return inboxFull(
    `the unread messages of ${name} have ${unreadBytes} bytes, this one has ${bytes}, and the limit is ` +
      `${inboxBytes} (inboxBytes)`,
    name,
  );
}

/** The refusal of a message that no waiting helps. */
function neverFits(problem: string): Refusal {
  return refusal("content-too-long", `this message ${problem}; send it in several messages`);
}

function inboxFull(problem: string, name: string): Refusal {
  return refusal("inbox-full", `${problem}; send it again once ${name} has read or deleted some`);
}

function quotaProblem(
  { sender, content, wallMs }: NewMessage,
  { storedBytes }: Bounds,
): Refusal | undefined {
  if (storedBytes === 0) return undefined;
  const stored = storedToday(sender, wallMs);
  if (stored + messageStoredBytesMax(content) <= storedBytes) return undefined;
  const bytes = messageStoredBytes(content);
  if (bytes > storedBytes) return neverFits(`takes ${bytes} bytes of ${storedBytes} in a day (storedBytes)`);
  if (stored + bytes <= storedBytes) return undefined;
  const seconds = secondsToTomorrow(wallMs);
  return refusal(
    "quota",
    `you have stored ${stored} bytes today, this message takes ${bytes}, and the limit of a day is ${storedBytes} ` +
      `(storedBytes); try again in ${durationText(seconds)}, after 00:00 UTC`,
    seconds,
  );
}

/** The reason why an account can store nothing more today, if there is one. */
export function spentProblem(account: Account, wallMs: number, limits: Limits): Refusal | undefined {
  if (!isQuotaSpent(account, wallMs, limits)) return undefined;
  const seconds = secondsToTomorrow(wallMs);
  return refusal(
    "quota",
    `you have stored ${
      storedToday(account, wallMs)
    } bytes today and the limit of a day is ${limits.storedBytes} ` +
      `(storedBytes); try again in ${durationText(seconds)}, after 00:00 UTC`,
    seconds,
  );
}

/** Whole seconds until the next day begins, at least 1. */
function secondsToTomorrow(wallMs: number): number {
  const tomorrow = beginOf(dayOf(wallMicroseconds(wallMs)) + 1);
  return Math.max(1, Math.ceil((stampMs(tomorrow) - wallMs) / 1_000));
}

/** `3 h 12 min`, or `12 min`. */
function durationText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const rest = `${minutes % 60} min`;
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)} h ${rest}`;
}
