/**
 * The commands about accounts, sessions and invitations, parsed. All of them ask the running node.
 *
 * @module
 */

/** The choice of a running node on this machine. */
export interface NodeChoice {
  /** At most one of `node` and `data` is given; without both it is the first node of the configuration. */
  readonly node: string | undefined;
  readonly data: string | undefined;
  /** Configuration file; `undefined` leaves the choice to `loadConfiguration`. */
  readonly config: string | undefined;
}

/** The source of a new password: asked for unseen, made by the program, or the first line of a file. */
export type PasswordSource =
  | { readonly kind: "asked" | "made" }
  | {
    readonly kind: "file";
    /** `-` for standard input. */
    readonly path: string;
  };

/** Lists the accounts. */
export interface UsersCommand extends NodeChoice {
  readonly name: "users";
  /** Wildcard for names. */
  readonly match: string;
  /** True to print one JSON object a line. */
  readonly json: boolean;
}

/** Shows one account. */
export interface ShowUserCommand extends NodeChoice {
  readonly name: "users show";
  readonly user: string;
  /** True to print one JSON object. */
  readonly json: boolean;
}

/** Makes an account. */
export interface AddUserCommand extends NodeChoice {
  readonly name: "users add";
  readonly user: string;
  readonly password: PasswordSource;
}

/** Sets another password. */
export interface UserPasswordCommand extends NodeChoice {
  readonly name: "users password";
  readonly user: string;
  readonly password: PasswordSource;
}

/** Keeps the person of an account out. */
export interface DisableUserCommand extends NodeChoice {
  readonly name: "users disable";
  readonly user: string;
}

/** Lets the person of an account in again. */
export interface EnableUserCommand extends NodeChoice {
  readonly name: "users enable";
  readonly user: string;
}

/** Deletes an account with all its messages. */
export interface DeleteUserCommand extends NodeChoice {
  readonly name: "users delete";
  readonly user: string;
  /** True if nobody is asked. */
  readonly yes: boolean;
}

/** Lists the sessions of the node. */
export interface SessionsCommand extends NodeChoice {
  readonly name: "sessions";
  /** True to print one JSON object a line. */
  readonly json: boolean;
}

/** Ends a session, or every login of an account. */
export interface EndSessionsCommand extends NodeChoice {
  readonly name: "sessions end";
  /** Id of a session, or name of an account. */
  readonly whose: { readonly id: number } | { readonly user: string };
}

/** Makes an invitation. */
export interface InviteCommand extends NodeChoice {
  readonly name: "invite";
  /** Number of accounts that can be made with it. */
  readonly uses: number;
  /** Time for which it holds, ms. */
  readonly forMs: number;
}

/** Lists the invitations. */
export interface InvitesCommand extends NodeChoice {
  readonly name: "invites";
  /** True to print one JSON object a line. */
  readonly json: boolean;
}

/** Ends an invitation. */
export interface RevokeInvitationCommand extends NodeChoice {
  readonly name: "invites revoke";
  readonly id: string;
}

/** Any of the commands about invitations. */
export type InvitationCommand = InviteCommand | InvitesCommand | RevokeInvitationCommand;

/** Any of the commands about accounts and sessions. */
export type PeopleCommand =
  | UsersCommand
  | ShowUserCommand
  | AddUserCommand
  | UserPasswordCommand
  | DisableUserCommand
  | EnableUserCommand
  | DeleteUserCommand
  | SessionsCommand
  | EndSessionsCommand;
