/**
 * The state of a node: the fold of all entries. Only `evolve` changes it.
 *
 * @module
 */

import { Directory } from "./accounts/directory.ts";
import { Account, type Token } from "./accounts/account.ts";
import { Invitation } from "./accounts/invitation.ts";
import { Revocations } from "./accounts/revocations.ts";
import { KnownIds } from "./messages/known_ids.ts";
import { MessageIndex } from "./messages/message_index.ts";
import type { Message } from "./messages/message.ts";
import type { EarlyMark } from "./messages/early_mark.ts";
import type { Reached } from "./version.ts";

/** Hears from the fold of what may let messages leave memory. */
interface SettlingListener {
  /** A message has changed. */
  changed(message: Message): void;
  /** An early mark was made or raised whose message may have left memory. */
  marked(key: string, isDeletion: boolean): void;
}

/** The fold of all entries. */
export class State {
  /** Version vector: the last folded entry of each origin. */
  readonly version = new Map<string, Reached>();
  /** Latest stamp of all entries, microseconds since the Unix epoch. */
  stamp = 0;
  /** Latest stamp of all deletions of accounts; 0 if there is none. */
  latestDeletion = 0;
  /** Every account by account id, including deleted ones and those known only from their messages. */
  readonly accounts = new Map<string, Account>();
  /** Deleted accounts whose names decide on no displayed name, and are not forgotten yet. */
  readonly forgettable = new Set<Account>();
  /** Living accounts by name. */
  readonly directory = new Directory();
  /** Login tokens that are not revoked, by SHA-256. */
  readonly tokens = new Map<string, Token>();
  /** Login tokens that are revoked. */
  readonly revoked = new Revocations();
  /** Stamps of the last logged uses of tokens, by the SHA-256 of the token. */
  readonly tokenUses = new Map<string, number>();
  /** Every invitation by the SHA-256 of its code, including those known only from their uses. */
  readonly invitations = new Map<string, Invitation>();
  /** Every message in memory, by its identity. */
  readonly messages = new MessageIndex();
  /** Marks on messages that have not arrived yet, or that have left memory, by `earlyMarkKey`. */
  readonly earlyMarks = new Map<string, EarlyMark>();

  /**
   * Number of messages that are not deleted, in memory or not. Of those that have left memory, the deletion of an account
   * takes none away, and a mark may take one away too many: the archive's own number replaces it when both are level.
   */
  storedMessages = 0;
  /** Number of entries folded so far: the place in the log behind the last one. */
  position = 0;
  /** Ids of the messages that have left memory. */
  readonly evicted = new KnownIds();
  /** Lets settled messages leave memory; `undefined` where everything stays. */
  residency: SettlingListener | undefined;

  /** The account with this id; creates an empty one if no entry about it has arrived. */
  account(id: string): Account {
    const known = this.accounts.get(id);
    if (known) return known;
    const account = new Account(id);
    this.accounts.set(id, account);
    return account;
  }

  /** The invitation with this hash; creates an empty one if no entry about it has arrived. */
  invitation(hash: string): Invitation {
    const known = this.invitations.get(hash);
    if (known) return known;
    const invitation = new Invitation(hash);
    this.invitations.set(hash, invitation);
    return invitation;
  }
}
