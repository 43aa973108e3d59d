/**
 * All that the client knows: who it is, what it has seen, what it still owes and is owed. `update` changes
 * it and nothing else does.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { PendingRequests } from "./pending_requests.ts";
import type { LoginIntent } from "./requests.ts";

/** What has become of a message: what the server says of it, or, of an own one, what only the client knows. */
export type MessageStatus = "queued" | "failed" | "unread" | "delivered" | "read";

/** A message that this client has seen or made. `timestamp` in seconds since the Unix epoch. */
export interface Message {
  readonly id: string;
  /** Position in the order in which this client met its messages, from 0; never given twice. */
  readonly number: number;
  timestamp: number;
  sender: string;
  recipient: string;
  content: string;
  status: MessageStatus;
  deleted: boolean;
  /** Whether its line was shown. */
  shown: boolean;
}

/** A conversation with one user. */
export interface Chat {
  name: string;
  /** Messages from that user that are not read. */
  unread: number;
  /** Id of the oldest message shown, where `/more` goes on. */
  oldestShown?: string;
}

/** What the node said of itself and of its cluster. */
export type Welcome = Extract<ConfirmedReply, { name: "welcome" }>["payload"];

/** The node at the other end, while there is one. */
interface ConnectedNode {
  readonly name: string;
  readonly welcome: Welcome;
}

/** A session that is logged in, or will be again by its token. */
interface Account {
  name: string;
  token: string | undefined;
}

/** A login under way. */
interface Login {
  readonly name: string;
  readonly intent: LoginIntent;
  /** Which connection knows the name: a password makes sense only there. */
  connection: number;
  /** Passwords that were wrong. */
  failures: number;
}

/** What the person is asked instead of the next line; all but names are typed unseen. */
export type Question =
  | { readonly kind: "name" }
  | { readonly kind: "password"; readonly name: string }
  | { readonly kind: "newPassword"; readonly name: string }
  | { readonly kind: "repeatPassword"; readonly name: string; readonly first: string }
  | { readonly kind: "oldPassword" }
  | { readonly kind: "nextPassword"; readonly old: string }
  | { readonly kind: "repeatNextPassword"; readonly old: string; readonly first: string }
  | { readonly kind: "accountName" }
  | { readonly kind: "accountPassword" };

/** How this client behaves as a whole. */
export interface Options {
  /** Whether a program is at the other side rather than a person: nothing is asked twice. */
  readonly script: boolean;
  /** Whether messages of others are wanted: shown, and confirmed as delivered. */
  readonly receives: boolean;
  /** Whether a name nobody has makes a new account at the start. */
  readonly creates: boolean;
  /** The one user that a client with a single errand has to do with: what is said of them needs no name. */
  readonly peer?: string | undefined;
}

/** See the module. */
export interface Model {
  readonly options: Options;
  node: ConnectedNode | undefined;
  /** The node that the person asked for, until some node is connected. */
  wantedNode: string | undefined;
  /** Counts connections. */
  connection: number;
  account: Account | undefined;
  loggedIn: boolean;
  login: Login | undefined;
  question: Question | undefined;
  /** By name in lower case, the one that was active last at the end. */
  readonly chats: Map<string, Chat>;
  readonly messages: Map<string, Message>;
  /** Ids that were deleted: they never come back. */
  readonly deleted: Set<string>;
  /** Count of the messages that this client ever met. */
  messagesMet: number;
  /** The chat that a plain line goes to. */
  focus: string | undefined;
  /** Whether somebody is looking, as far as the terminal tells. */
  attended: boolean;
  /** What the focused chat has shown while nobody was looking. */
  readonly unlooked: Message[];
  /** Who wrote last: where `/reply` goes. */
  lastSender: string | undefined;
  readonly pending: PendingRequests;
  /** Names seen, for completion; by name in lower case. */
  readonly names: Map<string, string>;
}

/** A client that was just started. */
export function newModel(options: Options): Model {
  return {
    options,
    node: undefined,
    wantedNode: undefined,
    connection: 0,
    account: undefined,
    loggedIn: false,
    login: undefined,
    question: undefined,
    chats: new Map(),
    messages: new Map(),
    deleted: new Set(),
    messagesMet: 0,
    focus: undefined,
    attended: true,
    unlooked: [],
    lastSender: undefined,
    pending: new PendingRequests(),
    names: new Map(),
  };
}
