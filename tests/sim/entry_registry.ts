/**
 * Every entry that ever was on any disk of the world, for ever: what invariant 8 is about, and what all others
 * look things up in.
 *
 * @module
 */

import type { Entry } from "../../server/core/entry.ts";
import type { Checks } from "./checks.ts";

/** Where an entry is: origin and sequence number. */
export interface EntryPlace {
  readonly origin: string;
  readonly seq: number;
}

/** A place at which something was said of a message, and how far it moved it: 1 delivered, 2 read. */
export interface MarkPlace extends EntryPlace {
  readonly rank: number;
}

interface KnownEntry {
  readonly identity: string;
  readonly entry: Entry;
}

/** Place, stamp and type of an entry as a log line has them: erasing content does not change these. */
const IDENTITY = /^\{"origin":"([^"]+)","seq":(\d+),"stamp":\d+,"type":"\w+"/;

/** A log line's entry: its place and what identifies it. */
export interface LineHead extends EntryPlace {
  readonly identity: string;
}

/** The beginning of a line; undefined if it is no entry's. */
export function headOf(line: string): LineHead | undefined {
  const match = IDENTITY.exec(line);
  return match === null
    ? undefined
    : { identity: match[0], origin: match[1] as string, seq: Number(match[2]) };
}

/** See the module. */
export class EntryRegistry {
  /** Places of messages, of their deletions and hidings, and of their marks, by message id. */
  readonly sent = new Map<string, EntryPlace[]>();
  readonly deleted = new Map<string, EntryPlace[]>();
  readonly hidden = new Map<string, EntryPlace[]>();
  readonly marked = new Map<string, MarkPlace[]>();
  /** Places at which accounts were made and deleted, by account id; those who were made, by name. */
  readonly created = new Map<string, EntryPlace[]>();
  readonly ended = new Map<string, EntryPlace[]>();
  readonly named = new Map<string, EntryPlace[]>();
  /** Places at which tokens were issued and passwords set, by the token's digest and by the hash. */
  readonly issued = new Map<string, EntryPlace[]>();
  readonly secured = new Map<string, EntryPlace[]>();
  readonly #origins = new Map<string, KnownEntry[]>();
  readonly #recipients = new Map<string, string>();
  readonly #ambiguous = new Set<string>();
  readonly #checks: Checks;

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  /** An entry is on a disk, or was sent to a peer: that place is taken for ever. */
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

  /** The entry at a place, if it ever was on a disk. */
  at({ origin, seq }: EntryPlace): Entry | undefined {
    return this.#origins.get(origin)?.[seq - 1]?.entry;
  }

  /**
   * Whether a message id stands for messages to two accounts: it was sent again where the name of the recipient
   * belonged to somebody else.
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
      case "tokenIssued":
        return put(this.issued, entry.token, place);
      case "passwordChanged":
        return put(this.secured, entry.hash, place);
    }
  }
}

function put<Place extends EntryPlace>(places: Map<string, Place[]>, key: string, place: Place): void {
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}
