/**
 * Events: everything that can change the state, which is the fold of them all. Events of different origins
 * may arrive in any order. An event names an account by its account id, and a message by its sender, its
 * recipient and its message id.
 *
 * @module
 */

/** Who acted, where it was not the person. */
interface Act {
  /** `operator` for an act of the operator of a node; absent if the person did it. */
  readonly by?: string;
}

/** An account was registered. */
export interface AccountCreated extends Act {
  readonly type: "accountCreated";
  /**
   * Account id: `accountId`, 20 hexadecimal digits. Versions before made it of the name in lower case, a dot and
   * twelve digits.
   */
  readonly account: string;
  /** Empty once erased, which happens only after the name is forgotten (`NameForgotten`). */
  readonly name: string;
  /** bcrypt hash of the password; empty once erased, as in every entry of a deleted account. */
  readonly hash: string;
  /**
   * Stamp of the latest deletion of an account that the node knew of, if it is not earlier than that of this entry:
   * the clock of another node was ahead. Nobody deleted up to then keeps the name from this account.
   */
  readonly knewDeletionsTo?: number;
  /** The invitation that was used: SHA-256 of its code (`InvitationMade`). */
  readonly invitation?: string;
}

/** The password was changed. Tokens of earlier passwords are void, except the one that it keeps. */
export interface PasswordChanged extends Act {
  readonly type: "passwordChanged";
  readonly account: string;
  readonly hash: string;
  /** Number of the password, from 0 in each account. The highest one holds; of equal ones, the latest. */
  readonly generation: number;
  /** SHA-256 of the token of the session that made the change. */
  readonly keeps?: string;
}

/** A password was hashed again at another cost. */
export interface PasswordRehashed {
  readonly type: "passwordRehashed";
  readonly account: string;
  /** Key of the entry that set the password (`entryKey`). */
  readonly password: string;
  readonly hash: string;
}

/** An account was deleted for good, with its tokens and its messages in both directions. */
export interface AccountDeleted extends Act {
  readonly type: "accountDeleted";
  readonly account: string;
}

/** The operator lets nobody log in to the account, or lets people log in again. */
interface AccessChanged {
  readonly account: string;
  /**
   * Number of the change, from 1 on in each account; an account that was never disabled has 0. The highest one holds;
   * of equal ones, that which disables.
   */
  readonly generation: number;
  /** Time of the change, in the form of `MessagesDeleted`. */
  readonly at?: number;
}

/** The operator disabled an account: nobody logs in to it. */
export interface AccountDisabled extends AccessChanged {
  readonly type: "accountDisabled";
}

/** The operator enabled an account that was disabled. */
export interface AccountEnabled extends AccessChanged {
  readonly type: "accountEnabled";
}

/** A person decided about another one. */
interface BlockChanged {
  /** Account id of the person who decided. */
  readonly account: string;
  /** Account id of the other one; empty once erased, as in every entry of and about a deleted account. */
  readonly person: string;
  /**
   * Number of the decision, from 1 on for each pair of accounts. The highest one holds; of equal ones, that which
   * blocks.
   */
  readonly generation: number;
}

/** The account accepts no messages of the person, and shows them neither presence nor marks. */
export interface PersonBlocked extends BlockChanged {
  readonly type: "personBlocked";
}

/** The account accepts the person again. */
export interface PersonUnblocked extends BlockChanged {
  readonly type: "personUnblocked";
}

/**
 * The registered name of a deleted account was forgotten: it decides on no displayed name any more, whatever arrives
 * later. Compaction erases it.
 */
export interface NameForgotten {
  readonly type: "nameForgotten";
  readonly account: string;
}

/** A login issued a token. */
export interface TokenIssued {
  readonly type: "tokenIssued";
  readonly account: string;
  /** SHA-256 of the token, hexadecimal. */
  readonly token: string;
  /**
   * Key of the entry that set the password it was issued for. It is void once another password holds, unless
   * that one keeps it.
   */
  readonly password: string;
}

/** A token was revoked: by a logout, to make room for a newer one, or by the operator. */
export interface TokenRevoked extends Act {
  readonly type: "tokenRevoked";
  readonly account: string;
  readonly token: string;
  /** Key of the entry that issued it. */
  readonly issued: string;
}

/** Tokens were used since the last event of this type. Each is logged at most once a day. */
export interface TokensUsed {
  readonly type: "tokensUsed";
  readonly account: string;
  readonly tokens: readonly string[];
}

/** A message was accepted. */
export interface MessageSent {
  readonly type: "messageSent";
  /** Message id: chosen by the sender's client, or made by the node. */
  readonly id: string;
  /** Account ids. */
  readonly from: string;
  readonly to: string;
  /** The content as sent; empty once erased. */
  readonly content: string;
  /**
   * Time of the message, microseconds since the Unix epoch: that of its acceptance, or of an imported message
   * that of its sending. Without it, the stamp of the entry is the time.
   */
  readonly at?: number;
  /**
   * Marks an erased message, which was deleted for both sides: 0. Another number is an unkeyed digest of the
   * content, which versions before 1.1 left; compaction makes it 0.
   */
  readonly digest?: number;
}

/** Messages from one sender to one recipient that are marked alike. */
interface MessageMarks {
  readonly sender: string;
  readonly recipient: string;
  readonly ids: readonly string[];
}

/** These messages reached a client of the recipient. */
export interface MessagesDelivered extends MessageMarks {
  readonly type: "messagesDelivered";
}

/** The recipient has read these messages. */
export interface MessagesRead extends MessageMarks {
  readonly type: "messagesRead";
}

/** The sender deleted these messages for both sides. */
export interface MessagesDeleted extends MessageMarks {
  readonly type: "messagesDeleted";
  /**
   * Fingerprints of the messages, one for each id, in their order (`core/messages/fingerprint.ts`). They are erased
   * after 30 days; imports and versions before 1.1 make none.
   */
  readonly fingerprints?: readonly string[];
  /**
   * Time of the deletion by the clock of its node, microseconds since the Unix epoch, from which the 30 days count;
   * else the entry's stamp.
   */
  readonly at?: number;
}

/** A key for the fingerprints of the account's deleted messages was made, with the first of them. */
export interface FingerprintKeyMade {
  readonly type: "fingerprintKeyMade";
  readonly account: string;
  /** 32 random bytes, hexadecimal; empty once erased, as in every entry of a deleted account. */
  readonly key: string;
}

/** A key for the known addresses of the account was made, with the first of them. */
export interface AddressKeyMade {
  readonly type: "addressKeyMade";
  readonly account: string;
  /** 32 random bytes, hexadecimal; empty once erased, as in every entry of a deleted account. */
  readonly key: string;
}

/** The account was logged in to from an address. Each address is logged at most once a week. */
export interface AddressKnown {
  readonly type: "addressKnown";
  readonly account: string;
  /**
   * Digest of the address group with a key of the account (`core/accounts/known_addresses.ts`); empty once erased:
   * after 97 days, or when later ones have replaced it.
   */
  readonly address: string;
  /** Time of the login, from which the days count, in the form of `MessagesDeleted`. */
  readonly at?: number;
}

/** The operator made an invitation: whoever has its code can register. */
export interface InvitationMade {
  readonly type: "invitationMade";
  /** SHA-256 of its code, hexadecimal. */
  readonly invitation: string;
  /** Number of accounts that can be made with it. */
  readonly uses: number;
  /** Time from which nobody can use it any more, microseconds since the Unix epoch. */
  readonly until: number;
  /** Time of the act, in the form of `MessagesDeleted`. */
  readonly at?: number;
}

/** The operator revoked an invitation: nobody can use it any more. */
export interface InvitationRevoked {
  readonly type: "invitationRevoked";
  /** SHA-256 of its code, hexadecimal. */
  readonly invitation: string;
  /** Time of the act, in the form of `MessagesDeleted`. */
  readonly at?: number;
}

/** The recipient deleted these messages for their own side. */
export interface MessagesHidden extends MessageMarks {
  readonly type: "messagesHidden";
}

/** Any event. */
export type Event =
  | AccountCreated
  | PasswordChanged
  | PasswordRehashed
  | AccountDeleted
  | AccountDisabled
  | AccountEnabled
  | NameForgotten
  | PersonBlocked
  | PersonUnblocked
  | TokenIssued
  | TokenRevoked
  | TokensUsed
  | MessageSent
  | MessagesDelivered
  | MessagesRead
  | MessagesDeleted
  | MessagesHidden
  | FingerprintKeyMade
  | AddressKeyMade
  | AddressKnown
  | InvitationMade
  | InvitationRevoked;
