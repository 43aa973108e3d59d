/**
 * The operator of a node, as its admin service and its commands see them: requests about accounts, sessions and
 * invitations.
 *
 * @module
 */

import type { InvitationState } from "../core/accounts/invitation.ts";
import type { Registration } from "../core/accounts/invite.ts";

/** A request of the operator about invitations. */
export type AboutInvitations =
  | {
    readonly act: "invite";
    /** Number of accounts that can be made with it. */
    readonly uses: number;
    /** Time for which it holds, ms. */
    readonly forMs: number;
  }
  | {
    readonly act: "listInvitations";
    /** The id at the end of the page before; "" for the first page. */
    readonly after: string;
  }
  | { readonly act: "revokeInvitation"; readonly id: string };

/** A request of the operator. Names are displayed names, in either case. */
export type OperatorRequest =
  | {
    readonly act: "listUsers";
    /** A wildcard: `*` for any text, `?` for one character. */
    readonly match: string;
    /** The name at the end of the page before; "" for the first page. */
    readonly after: string;
  }
  | {
    readonly act: "showUser" | "disableUser" | "enableUser" | "deleteUser" | "endLogins";
    readonly name: string;
  }
  | { readonly act: "addUser"; readonly name: string; readonly password: string }
  | { readonly act: "setPassword"; readonly name: string; readonly password: string }
  | {
    readonly act: "listSessions";
    /** The id at the end of the page before; 0 for the first page. */
    readonly after: number;
  }
  | { readonly act: "endSession"; readonly id: number }
  | AboutInvitations;

/** An account, for its operator: nothing that its person wrote. */
export interface UserRow {
  readonly name: string;
  /** Account id. */
  readonly account: string;
  readonly state: "enabled" | "disabled";
  /** Milliseconds since the Unix epoch, here and below. */
  readonly createdMs: number;
  /**
   * Last login that was logged, to a day; to a week for one of the original dialect. `null` if none is known any more.
   */
  readonly lastLoginMs: number | null;
  /** Number of sessions at this node. */
  readonly sessions: number;
  /** Number of unread messages to it, and the bytes of their contents. */
  readonly unread: number;
  readonly unreadBytes: number;
  /** Bytes that it has stored today, as `limits.storedBytes` counts. */
  readonly storedBytes: number;
}

/** More about one account. */
export interface UserDetails extends UserRow {
  /** Time since which it is disabled; `null` if it is not. */
  readonly disabledMs: number | null;
  /** Number of logins that can be resumed, at any node. */
  readonly logins: number;
  /** Number of people with whom it has a conversation. */
  readonly conversations: number;
  /** True if it is logged in at any node, as far as this one knows. */
  readonly online: boolean;
  /**
   * Number of messages from and to it that are not deleted, and bytes of their contents, as far as the archive follows
   * the log; `null` if it cannot be asked now, or does not count them within 5 s.
   */
  readonly messages: number | null;
  readonly messageBytes: number | null;
}

/** A session that is logged in at this node. */
export interface SessionRow {
  /** Number of its login at this process. */
  readonly id: number;
  readonly name: string;
  /** IP address of the client. */
  readonly address: string;
  readonly dialect: "confirmed" | "original";
  readonly sinceMs: number;
}

/** An invitation, for the operator. `null` stands for what has not arrived from another node, and for no revocation. */
export interface InvitationRow {
  /** The first digits of the SHA-256 of its code. */
  readonly id: string;
  readonly state: InvitationState;
  /** Number of accounts that were made with it; over `uses` if nodes that could not talk let people in. */
  readonly used: number;
  readonly uses: number | null;
  /** Milliseconds since the Unix epoch, here and below. */
  readonly madeMs: number | null;
  readonly untilMs: number | null;
  readonly revokedMs: number | null;
}

/** An invitation that was made. Its code is told this once. */
export interface InvitationDone {
  readonly id: string;
  readonly code: string;
  /** Address of the page with the code; `null` where no node has a page. */
  readonly link: string | null;
  readonly uses: number;
  readonly untilMs: number;
  /** Who can register at this node. */
  readonly registration: Registration;
  /** As in `ActDone`. */
  readonly copies: number;
  readonly nodes: number;
}

/** The effect of an act. */
export interface ActDone {
  /** Displayed name of the account, or id of the invitation. */
  readonly name: string;
  /** Number of sessions that it ended at this node. */
  readonly sessions: number;
  /** Number of nodes that have it on their disks, of all that are configured; 0 if nothing had to be written. */
  readonly copies: number;
  readonly nodes: number;
}

/** The answer to a request. */
export type OperatorAnswer =
  | { readonly users: readonly UserRow[]; readonly more: boolean }
  | { readonly user: UserDetails }
  | { readonly sessions: readonly SessionRow[]; readonly more: boolean }
  | { readonly done: ActDone }
  | { readonly made: InvitationDone }
  | { readonly invitations: readonly InvitationRow[]; readonly more: boolean }
  | {
    /** For people: the problem, the value, the limit and the way out. */
    readonly refused: string;
  };

/** Serves the operator. Every call returns at once; the answer comes back as a call. */
export interface OperatorDesk {
  serve(request: OperatorRequest, done: (answer: OperatorAnswer) => void): void;
}
