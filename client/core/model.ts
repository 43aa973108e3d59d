/**
 * The state of the client: its account, the messages and chats it knows, its open requests. Only `update`
 * changes it.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { ClusterState } from "../../common/protocol/pushes.ts";
import { type Chat, Chats } from "./chats.ts";
import { type Looking, newLooking } from "./looking.ts";
import type { LossReason } from "./loss.ts";
import type { Message } from "./message.ts";
import { MessageStore } from "./message_store.ts";
import { PendingRequests } from "./pending_requests.ts";
import { PeopleList } from "./people_list.ts";
import { Presence, type SeenName } from "./presence.ts";
import type { Refusal } from "./refusal.ts";
import type { LoginIntent } from "./requests.ts";
import { Revisions } from "./revisions.ts";
import type { SearchRange } from "./search_walk.ts";

/** The node's description of itself and of its cluster. */
export type Welcome = Extract<ConfirmedReply, { name: "welcome" }>["payload"];

/** The node at the other end, while there is one. */
interface ConnectedNode {
  readonly name: string;
  readonly welcome: Welcome;
}

/** The account that is logged in, or will be again by its token. */
interface Account {
  name: string;
  /** Its id, once a node has told it. */
  readonly id: string | undefined;
  token: string | undefined;
  /** Name of its cluster, once a node has told it. */
  readonly cluster: string | undefined;
}

/** A login under way. */
interface Login {
  readonly name: string;
  readonly intent: LoginIntent;
  /** Number of the connection that knows the name: a password makes sense only there. */
  connection: number;
  /** Passwords that were wrong. */
  failures: number;
  /** The password, if it came with the name: nothing is asked. */
  readonly form: string | undefined;
  /** The code of an invitation, for an account that is to be made. */
  invitation: string | undefined;
}

/** A question that the person must answer first; answers that are passwords are secret. */
export type Question =
  | { readonly kind: "name" }
  | { readonly kind: "password"; readonly name: string }
  | { readonly kind: "newPassword"; readonly name: string }
  | { readonly kind: "repeatPassword"; readonly name: string; readonly first: string }
  /** The node makes no account without; the password was chosen already. */
  | { readonly kind: "invitation"; readonly name: string; readonly password: string }
  | { readonly kind: "oldPassword" }
  | { readonly kind: "nextPassword"; readonly old: string }
  | { readonly kind: "repeatNextPassword"; readonly old: string; readonly first: string }
  | { readonly kind: "accountName" }
  /** So many messages would be lost if the program ended now. */
  | { readonly kind: "quitAnyway"; readonly unsent: number }
  | { readonly kind: "accountPassword" };

/** The behaviour of a client as a whole. */
export interface Options {
  /** True for a program rather than a person: nothing is asked twice. */
  readonly script: boolean;
  /** True to show messages of others, and to confirm them as delivered. */
  readonly receives: boolean;
  /** True to make a new account of an unknown name at the start. */
  readonly creates: boolean;
  /** The code of an invitation, for an account that is to be made. */
  readonly invitation?: string | undefined;
  /** True to tell of every change of the messages that no server has, and of drafts, so that they can be saved. */
  readonly saves?: boolean;
  /** The only user that a client with a single task deals with: messages need not name them. */
  readonly peer?: string | undefined;
  readonly intake?: Intake | undefined;
}

/** The messages that a client takes of those that come by themselves; others stay undelivered. */
export interface Intake {
  /** Name of the only sender. */
  readonly from?: string | undefined;
  /** The most messages. */
  readonly count?: number | undefined;
}

/** The state of the client. */
export interface Model {
  readonly options: Options;
  node: ConnectedNode | undefined;
  /** The places where a node of another cluster answered, with the name of that cluster. */
  readonly foreignNodes: Map<string, string>;
  /** The reason for which the node is being left. */
  leaving: LossReason | undefined;
  /** The node that the person asked for, until some node is connected. */
  wantedNode: string | undefined;
  /** Number of the present connection; 0 before the first. */
  connection: number;
  account: Account | undefined;
  loggedIn: boolean;
  /** The node's refusal of the login by the token, until that is tried again; a final one outlives the connection. */
  loginRefusal: Refusal | undefined;
  /** Count of the accounts that were left for another one or for none: nothing that was known of them is here. */
  forgotten: number;
  login: Login | undefined;
  question: Question | undefined;
  readonly chats: Chats;
  readonly messages: MessageStore;
  /** Marks that no node was told yet: of messages that were shown, and of those that somebody has seen. */
  readonly marks: { readonly delivered: Set<Message>; readonly read: Set<Message> };
  /** Ids that were deleted: they never come back. */
  readonly deleted: Set<string>;
  /** Ids of those whose deletion a node has not confirmed: perhaps it did not have them yet. */
  readonly unconfirmed: Set<string>;
  /** True if something saved was put back before a login has shown that it is of the account. */
  isRestored: boolean;
  /** Count of the messages that came by themselves and were taken. */
  taken: number;
  /** The focused chat. */
  focus: Chat | undefined;
  /** The rest of the search that was shown last; undefined if there is none, or if a chat was shown since. */
  olderFound: SearchRange | undefined;
  /** The chat with the user who wrote last. */
  lastSender: Chat | undefined;
  /** True if the present node has told which accounts have the names of the chats. */
  namesTold: boolean;
  /** True if the counts of unread messages may be others than the reply that is under way has. */
  countsDue: boolean;
  /** The meaning of an acknowledgement at the present node, as it said last; undefined if it says nothing. */
  cluster: ClusterState | undefined;
  /** The state of `cluster` that the person sees: one that lasts. */
  clusterShown: ClusterState | undefined;
  /** True while a change of `cluster` waits to be told: it must last first. */
  clusterAwaited: boolean;
  readonly pending: PendingRequests;
  /** Known names, by name in lower case. */
  readonly names: Map<string, string>;
  /** The people of the part of the list that is looked at (input `lookAt`). */
  readonly people: PeopleList;
  readonly presence: Presence;
  readonly looking: Looking;
  /** The last people whom a list has shown to a person, with the presence that it said. */
  listed: readonly SeenName[];
  /** Names of the people whom the account blocks, as far as a node has told. */
  blocked: readonly string[];
}

/** A client that was just started. */
export function newModel(options: Options): Model {
  const revisions = new Revisions();
  return {
    options,
    node: undefined,
    foreignNodes: new Map(),
    leaving: undefined,
    wantedNode: undefined,
    connection: 0,
    account: undefined,
    loggedIn: false,
    loginRefusal: undefined,
    forgotten: 0,
    login: undefined,
    question: undefined,
    chats: new Chats(revisions),
    messages: new MessageStore(revisions),
    marks: { delivered: new Set(), read: new Set() },
    deleted: new Set(),
    unconfirmed: new Set(),
    isRestored: false,
    taken: 0,
    focus: undefined,
    olderFound: undefined,
    lastSender: undefined,
    namesTold: false,
    countsDue: false,
    cluster: undefined,
    clusterShown: undefined,
    clusterAwaited: false,
    pending: new PendingRequests(),
    names: new Map(),
    people: new PeopleList(revisions),
    presence: new Presence(),
    looking: newLooking(),
    listed: [],
    blocked: [],
  };
}
