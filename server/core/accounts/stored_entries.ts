/**
 * Bytes that an entry counts against `limits.storedBytes` of the account that caused it.
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Entry, Place } from "../entry.ts";
import { wallMicroseconds } from "../stamp.ts";
import type { State } from "../state.ts";
import type { Account } from "./account.ts";
import { dayOf } from "./stored_days.ts";

/**
 * Bytes that an entry counts beside the content of a message: its own line in the log, of 200 to 350 bytes, and the
 * lines that may follow because of it: marks on a message, the revocation of a token. So nobody else pays for the marks
 * on a message. With four marks, each by a request of its own, a short message takes 1,370 bytes.
 */
const ENTRY_BYTES = 1_024;

/** The most that a login counts, bytes: its token, and its address. */
const LOGIN_BYTES = 2 * ENTRY_BYTES;

/** Most bytes that JSON makes of one UTF-16 unit: an escape such as `\u0001`. */
const ESCAPE_BYTES = 6;

/** The units below a space that JSON escapes with two bytes: `\b \t \n \f \r`. */
const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

/** Bytes that a message with this content counts. */
export function messageStoredBytes(content: string): number {
  return ENTRY_BYTES + jsonBytes(content);
}

/** An upper bound of `messageStoredBytes` that costs nothing. */
export function messageStoredBytesMax(content: string): number {
  return ENTRY_BYTES + content.length * ESCAPE_BYTES;
}

/** Printable ASCII that JSON does not escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Bytes of a well-formed text in JSON, without its quotation marks. */
function jsonBytes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let bytes = utf8Bytes(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22 || unit === 0x5c) bytes += 1;
    else if (unit < 0x20) bytes += SHORT_ESCAPES.has(unit) ? 1 : ESCAPE_BYTES - 1;
  }
  return bytes;
}

/**
 * Counts a new entry. Deletions, reads and confirmations of delivery count nothing: they must always be possible, and
 * each of them is bounded by the messages.
 */
export function countStored(state: State, entry: Entry): void {
  switch (entry.type) {
    case "messageSent":
      return count(state.account(entry.from), dayOfEntry(entry), messageStoredBytes(entry.content));
    case "tokenIssued":
    case "addressKnown":
    case "passwordChanged":
    case "personBlocked":
    case "personUnblocked":
      return count(state.account(entry.account), dayOfEntry(entry), ENTRY_BYTES);
  }
}

function count(account: Account, day: number, bytes: number): void {
  if (account.deleted === undefined) account.stored.add(day, bytes);
}

/**
 * The day on which an entry was accepted. Its stamp is ahead of the clock if a clock was ahead once, its time if the
 * conversation has a message from the future; an import has the time of long ago.
 */
function dayOfEntry({ at, stamp }: Place & { readonly at?: number }): number {
  return dayOf(at === undefined ? stamp : Math.min(at, stamp));
}

/** Bytes that an account has stored on the day of the wall clock. */
export function storedToday({ stored }: Account, wallMs: number): number {
  return stored.on(dayOf(wallMicroseconds(wallMs)));
}

/** True if an account has stored so much today that another login, or what is smaller, may pass the limit. */
export function isQuotaSpent(account: Account, wallMs: number, { storedBytes }: Limits): boolean {
  return storedBytes > 0 && storedToday(account, wallMs) + LOGIN_BYTES > storedBytes;
}
