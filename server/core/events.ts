/**
 * What can change: the events. State is the fold of all of them, in whatever order the events of different
 * origins arrive. Accounts are named by account id; messages by sender, recipient and their own id.
 *
 * @module
 */

/** A person registered. */
export interface AccountCreated {
  readonly type: "accountCreated";
  /** Account id: the name in lower case, a dot, twelve random hexadecimal digits. */
  readonly account: string;
  readonly name: string;
  /** bcrypt hash of the password; empty once erased, as in all other entries of an account that is gone. */
  readonly hash: string;
}

/** The password is another one: the tokens that belong to an older one are void, but for the one it keeps. */
export interface PasswordChanged {
  readonly type: "passwordChanged";
  readonly account: string;
  readonly hash: string;
  /** Counts the passwords of an account from 0 on; of two that were set apart, the higher one holds. */
  readonly generation: number;
  /** SHA-256 of the token that the change was made with. */
  readonly keeps?: string;
}

/** The same password hashed anew at another cost. */
export interface PasswordRehashed {
  readonly type: "passwordRehashed";
  readonly account: string;
  /** Key of the entry that set the password (`entryKey`). */
  readonly password: string;
  readonly hash: string;
}

/** The account, its messages in both directions and its tokens are gone for good. */
export interface AccountDeleted {
  readonly type: "accountDeleted";
  readonly account: string;
}

/** A login made a token. */
export interface TokenIssued {
  readonly type: "tokenIssued";
  readonly account: string;
  /** SHA-256 of the token, hexadecimal. */
  readonly token: string;
  /** Key of the entry that set the password it was issued for: void together with that password. */
  readonly password: string;
}

/** A logout, or a newer token, ended a token. */
export interface TokenRevoked {
  readonly type: "tokenRevoked";
  readonly account: string;
  readonly token: string;
  /** Key of the entry that issued it. */
  readonly issued: string;
}

/** These tokens were used since the last such event: at most once a day for each. */
export interface TokensUsed {
  readonly type: "tokensUsed";
  readonly account: string;
  readonly tokens: readonly string[];
}

/** A message was accepted. */
export interface MessageSent {
  readonly type: "messageSent";
  /** The sender's own id for it, or one that the node made. */
  readonly id: string;
  /** Account ids. */
  readonly from: string;
  readonly to: string;
  /** As it was sent; empty once erased. */
  readonly content: string;
  /** When it was sent, in microseconds since the Unix epoch, if not at the entry's stamp (imported). */
  readonly at?: number;
  /** `contentDigest` of a content that was erased: the message was deleted, for both. */
  readonly digest?: number;
}

/** Messages from one account to another of which the same is said. */
interface MessageMarks {
  readonly sender: string;
  readonly recipient: string;
  readonly ids: readonly string[];
}

/** A client of the recipient has these messages. */
export interface MessagesDelivered extends MessageMarks {
  readonly type: "messagesDelivered";
}

/** The recipient said that they have read these messages. */
export interface MessagesRead extends MessageMarks {
  readonly type: "messagesRead";
}

/** The sender deleted these messages, for both. */
export interface MessagesDeleted extends MessageMarks {
  readonly type: "messagesDeleted";
}

/** The recipient deleted these messages, for themselves. */
export interface MessagesHidden extends MessageMarks {
  readonly type: "messagesHidden";
}

/** Everything that changes anything. */
export type Event =
  | AccountCreated
  | PasswordChanged
  | PasswordRehashed
  | AccountDeleted
  | TokenIssued
  | TokenRevoked
  | TokensUsed
  | MessageSent
  | MessagesDelivered
  | MessagesRead
  | MessagesDeleted
  | MessagesHidden;
