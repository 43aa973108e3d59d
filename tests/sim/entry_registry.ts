/**
 * Every entry that was ever on a disk of the world, kept for ever: the subject of invariant 8, and an index
 * for all others.
 *
 * @module
 */

import type { Access } from "../../server/core/accounts/account.ts";
import type { Entry } from "../../server/core/entry.ts";
import { blockKey, type BlockPlace } from "./blocks.ts";
import type { Checks } from "./checks.ts";

/** Identity of an entry: origin and sequence number. */
export interface EntryPlace {
  readonly origin: string;
  readonly seq: number;
}

/** Place of a mark of a message, and the mark's rank: 1 delivered, 2 read. */
export interface MarkPlace extends EntryPlace {
  readonly rank: number;
}

interface KnownEntry {
  readonly identity: string;
  readonly entry: Entry;
}

/** Place, stamp and type of an entry in a log line: the part that erasure does not change. */
const IDENTITY = /^\{"origin":"([^"]+)","seq":(\d+),"stamp":\d+,"type":"\w+"/;

/** Place and identity of the entry in a log line. */
export interface LineHead extends EntryPlace {
  readonly identity: string;
}

/** The head of a line; `undefined` if the line holds no entry. */
export function headOf(line: string): LineHead | undefined {
  const match = IDENTITY.exec(line);
  return match === null
    ? undefined
    : { identity: match[0], origin: match[1] as string, seq: Number(match[2]) };
}

/** All entries by place, and their places by message, account, token and password hash. */
export class EntryRegistry {
  /** Places of messages, of their deletions, of their hidings and of their marks, by message id. */
  readonly sent = new Map<string, EntryPlace[]>();
  readonly deleted = new Map<string, EntryPlace[]>();
  readonly hidden = new Map<string, EntryPlace[]>();
  readonly marked = new Map<string, MarkPlace[]>();
  /** Places of the creation and the deletion of accounts, by account id; of the creation also by name. */
  readonly created = new Map<string, EntryPlace[]>();
  readonly ended = new Map<string, EntryPlace[]>();
  readonly named = new Map<string, EntryPlace[]>();
  /** Places of decisions that an account is disabled or enabled, by `accessKey`. */
  readonly accesses = new Map<string, EntryPlace[]>();
  /** Decisions of accounts about others, by `blockKey`. */
  readonly blocks = new Map<string, BlockPlace[]>();
  /** Places of acts about invitations, by `invitationKey`. */
  readonly invitations = new Map<string, EntryPlace[]>();
  /** Places of tokens, by digest, and of passwords, by hash. */
  readonly issued = new Map<string, EntryPlace[]>();
  readonly secured = new Map<string, EntryPlace[]>();
  readonly #origins = new Map<string, KnownEntry[]>();
  readonly #recipients = new Map<string, string>();
  readonly #ambiguous = new Set<string>();
  readonly #checks: Checks;

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  /** Records an entry that is on a disk or was sent to a peer: its place is taken for ever. */
  add(head: LineHead, line: string, where: string): void {
    let entries = this.#origins.get(head.origin);
    if (entries === undefined) this.#origins.set(head.origin, entries = []);
    const known = entries[head.seq - 1];
    const same = known === undefined || known.identity === head.identity;
    this.#checks.check(
      8,
      same,
      () => `${where} has ${head.identity}, but ${known?.identity} was there before`,
    );
    if (known === undefined) {
      const entry = JSON.parse(line) as Entry;
      entries[head.seq - 1] = { identity: head.identity, entry };
      this.#index(entry);
    }
  }

  /** The entry at a place; `undefined` if it was never on a disk. */
  at({ origin, seq }: EntryPlace): Entry | undefined {
    return this.#origins.get(origin)?.[seq - 1]?.entry;
  }

  /**
   * True if one message id stands for messages to two accounts: it was sent again while the recipient's name
   * belonged to another account.
   */
  isAmbiguous(id: string): boolean {
    return this.#ambiguous.has(id);
  }

  #index(entry: Entry): void {
    const place = { origin: entry.origin, seq: entry.seq };
    switch (entry.type) {
      case "messageSent":
        if ((this.#recipients.get(entry.id) ?? entry.to) !== entry.to) this.#ambiguous.add(entry.id);
        this.#recipients.set(entry.id, entry.to);
        return put(this.sent, entry.id, place);
      case "messagesDelivered":
      case "messagesRead": {
        const marked = { ...place, rank: entry.type === "messagesRead" ? 2 : 1 };
        return entry.ids.forEach((id) => put(this.marked, id, marked));
      }
      case "messagesDeleted":
        return entry.ids.forEach((id) => put(this.deleted, id, place));
      case "messagesHidden":
        return entry.ids.forEach((id) => put(this.hidden, id, place));
      case "accountCreated":
        put(this.created, entry.account, place);
        put(this.named, entry.name.toLowerCase(), place);
        return put(this.secured, entry.hash, place);
      case "accountDeleted":
        return put(this.ended, entry.account, place);
      case "accountDisabled":
      case "accountEnabled": {
        const isDisabled = entry.type === "accountDisabled";
        return put(this.accesses, accessKey(entry.account, { ...entry, isDisabled }), place);
      }
      case "personBlocked":
      case "personUnblocked": {
        const made = { isBlocked: entry.type === "personBlocked", generation: entry.generation };
        return put(this.blocks, blockKey(entry.account, entry.person), { ...place, ...made });
      }
      case "invitationMade":
      case "invitationRevoked":
        return put(this.invitations, invitationKey(entry.type, entry.invitation), place);
      case "tokenIssued":
        return put(this.issued, entry.token, place);
      case "passwordChanged":
        return put(this.secured, entry.hash, place);
    }
  }
}

/** The key of `accesses`: what was decided about an account. */
export function accessKey(account: string, { generation, isDisabled }: Omit<Access, "at">): string {
  return `${account} ${generation} ${isDisabled}`;
}

/** The key of `invitations`: the act, and the hash of the code. */
export function invitationKey(type: "invitationMade" | "invitationRevoked", hash: string): string {
  return `${type} ${hash}`;
}

function put<Place extends EntryPlace>(places: Map<string, Place[]>, key: string, place: Place): void {
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}
