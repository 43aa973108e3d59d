/**
 * Log records as text for people, without password hashes and tokens.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { invitationId } from "../core/accounts/invitation.ts";
import { OPERATOR } from "../core/accounts/operator_acts.ts";
import { type Entry, entryKey } from "../core/entry.ts";
import type { AccountCreated } from "../core/events.ts";
import { stampMs } from "../core/stamp.ts";
import { isEntry, type LogRecord, type Mark } from "../log/log_record.ts";
import { visibleText } from "../../common/visible_text.ts";

const TIME_COLUMNS = 24;
const TYPE_COLUMNS = 17;

/** The ids of the accounts that an entry concerns. */
function accountsOf(entry: Entry): readonly string[] {
  if (entry.type === "messageSent") return [entry.from, entry.to];
  if ("person" in entry) return [entry.account, entry.person];
  if ("sender" in entry) return [entry.sender, entry.recipient];
  return "account" in entry ? [entry.account] : [];
}

/** Finds the entries about the accounts of one name. */
export class NameFilter {
  readonly #name: string;
  readonly #accounts: Set<string>;

  /** @param name registered name, in either case, or an account id */
  constructor(name: string) {
    this.#name = name.toLowerCase();
    this.#accounts = new Set([this.#name]);
  }

  /** Learns from a record. To be called with every record before `concerns`. */
  learn(record: LogRecord): void {
    if (!isEntry(record) || record.type !== "accountCreated") return;
    if (record.name.toLowerCase() === this.#name) this.#accounts.add(record.account);
  }

  /** True if an entry is about one of the accounts. */
  concerns(entry: Entry): boolean {
    return accountsOf(entry).some((account) => this.#accounts.has(account));
  }
}

/** Describes records in the order of the log, and learns the names of accounts from them. */
export class RecordNarrator {
  /** Shown names by account id. */
  readonly #names = new Map<string, string>();
  readonly #namesInUse = new Set<string>();

  /** Learns from a record. To be called with every record, shown or not. */
  learn(record: LogRecord): void {
    if (!isEntry(record) || record.type !== "accountCreated" || this.#names.has(record.account)) return;
    if (record.name === "") return;
    const key = record.name.toLowerCase();
    const isNamesake = this.#namesInUse.has(key);
    this.#namesInUse.add(key);
    this.#names.set(record.account, isNamesake ? `${record.name} (${record.account})` : record.name);
  }

  /** A record as one line: time in UTC, origin, type, content. */
  line(record: LogRecord): string {
    const [timeMs, place, text] = isEntry(record)
      ? [stampMs(record.stamp), entryKey(record), this.#entryText(record)]
      : ["timeMs" in record ? record.timeMs : undefined, "-", markText(record)];
    const time = timeMs === undefined ? "-" : isoTime(timeMs);
    const line = `${time.padEnd(TIME_COLUMNS)} ${place} ${record.type.padEnd(TYPE_COLUMNS)} ${text}`;
    return visibleText(line.trimEnd());
  }

  #entryText(entry: Entry): string {
    switch (entry.type) {
      case "accountCreated":
        return `${this.#name(entry.account)}${actorText(entry.by)}${invitedText(entry)}`;
      case "accountDeleted":
      case "passwordChanged":
      case "tokenRevoked":
        return `${this.#name(entry.account)}${actorText(entry.by)}`;
      case "accountDisabled":
      case "accountEnabled":
        return `${this.#name(entry.account)}${actorText(OPERATOR)}${timeText(entry)}`;
      case "invitationMade": {
        const terms = `${counted(entry.uses, "use")} until ${isoTime(stampMs(entry.until))}`;
        return `${invitationText(entry)}${actorText(OPERATOR)}, ${terms}${timeText(entry)}`;
      }
      case "invitationRevoked":
        return `${invitationText(entry)}${actorText(OPERATOR)}${timeText(entry)}`;
      case "nameForgotten":
      case "passwordRehashed":
      case "fingerprintKeyMade":
      case "addressKeyMade":
      case "addressKnown":
      case "tokenIssued":
        return this.#name(entry.account);
      case "personBlocked":
      case "personUnblocked":
        return `${this.#name(entry.account)}: ${this.#name(entry.person)}`;
      case "tokensUsed":
        return `${this.#name(entry.account)}, tokens: ${entry.tokens.length}`;
      case "messageSent": {
        const sent = entry.at === undefined ? "" : `, sent ${isoTime(stampMs(entry.at))}`;
        return `${this.#pair(entry.from, entry.to)}, ${entry.id}${sent}: ${entry.content}`;
      }
      case "messagesDelivered":
      case "messagesRead":
      case "messagesDeleted":
      case "messagesHidden":
        return `${this.#pair(entry.sender, entry.recipient)}, ${entry.ids.join(" ")}`;
      default:
        return unknownText(entry);
    }
  }

  #pair(from: string, to: string): string {
    return `${this.#name(from)} to ${this.#name(to)}`;
  }

  /** The shown name, or the id of an account that is created later in the log, or whose name is erased. */
  #name(account: string): string {
    return this.#names.get(account) ?? account;
  }
}

function invitationText({ invitation: hash }: { readonly invitation: string }): string {
  return `invitation ${invitationId({ hash })}`;
}

function invitedText({ invitation }: AccountCreated): string {
  return invitation === undefined ? "" : `, with ${invitationText({ invitation })}`;
}

/** The time of an act that the stamp of its entry does not say. */
function timeText({ at }: { readonly at?: number }): string {
  return at === undefined ? "" : `, at ${isoTime(stampMs(at))}`;
}

/** A later version may name others than the operator. */
function actorText(by: string | undefined): string {
  if (by === undefined) return "";
  return by === OPERATOR ? ", by the operator" : `, by ${by}`;
}

function markText(mark: Mark): string {
  switch (mark.type) {
    case "segmentOpened":
      return `segment ${mark.segment} of ${mark.node}, format ${mark.format}`;
    case "nodeStarted":
      return `origin ${mark.origin}, version ${mark.version}`;
    case "idle":
    case "nodeStopped":
      return "";
    case "repaired":
      return mark.backupMs === undefined ? "" : `restored from the backup of ${isoTime(mark.backupMs)}`;
    default:
      return unknownText(mark);
  }
}

function unknownText(_record: never): string {
  return "(not known to this version of the program; --json shows it)";
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
