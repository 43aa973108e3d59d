/**
 * What can change: the events. State is the fold of all of them, in whatever order the events of different
 * origins arrive. Accounts are named by account id, messages by their sender's account id and their own id.
 *
 * @module
 */

/** A person registered. */
export interface AccountCreated {
  readonly type: "accountCreated";
  /** Account id: the name in lower case, a dot, twelve random hexadecimal digits. */
  readonly account: string;
  readonly name: string;
  /** bcrypt hash of the password. */
  readonly hash: string;
}

/** The password is another one: every token of an older generation is void, apart from the one it keeps. */
export interface PasswordChanged {
  readonly type: "passwordChanged";
  readonly account: string;
  readonly hash: string;
  /** Counts the passwords of an account from 0 on; of two passwords, the higher generation holds. */
  readonly generation: number;
  /** SHA-256 of the token that the change was made with. */
  readonly keeps?: string;
}

/** The same password hashed anew at another cost. */
export interface PasswordRehashed {
  readonly type: "passwordRehashed";
  readonly account: string;
  readonly hash: string;
  readonly generation: number;
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
  /** Generation of the password that it was issued for. */
  readonly generation: number;
}

/** A logout, or a newer token, ended a token. */
export interface TokenRevoked {
  readonly type: "tokenRevoked";
  readonly account: string;
  readonly token: string;
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
  readonly content: string;
  /** When it was sent, in microseconds since the Unix epoch, if not at the entry's stamp (imported). */
  readonly at?: number;
}

/** A client of the reader has these messages. */
export interface MessagesDelivered {
  readonly type: "messagesDelivered";
  readonly sender: string;
  readonly reader: string;
  readonly ids: readonly string[];
}

/** The reader said that they read these messages. */
export interface MessagesRead {
  readonly type: "messagesRead";
  readonly sender: string;
  readonly reader: string;
  readonly ids: readonly string[];
}

/** The sender deleted these messages, for both. */
export interface MessagesDeleted {
  readonly type: "messagesDeleted";
  readonly sender: string;
  readonly ids: readonly string[];
}

/** The recipient deleted these messages, for themselves. */
export interface MessagesHidden {
  readonly type: "messagesHidden";
  readonly sender: string;
  readonly recipient: string;
  readonly ids: readonly string[];
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
