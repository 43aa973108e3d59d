/**
 * Events that are worth telling the person. They are values: each face of the client has words of its own for them.
 *
 * @module
 */

import type { ClusterState } from "../../common/protocol/pushes.ts";
import type { LossReason } from "./loss.ts";

/** An event that is worth telling. */
export type Notice =
  /** Connected again; `missed` is the node that the person asked for, if it is another one. */
  | { readonly kind: "connected"; readonly node: string; readonly missed: string | undefined }
  | { readonly kind: "connectionLost"; readonly node: string; readonly reason: LossReason }
  /** A node of another cluster answers at that place; nothing is sent there. */
  | { readonly kind: "foreignNode"; readonly place: string; readonly cluster: string }
  | { readonly kind: "loggedIn"; readonly name: string; readonly node: string | undefined }
  | { readonly kind: "loggedOut"; readonly name: string }
  /** Logged out without a node: the next one that can be reached is told. */
  | { readonly kind: "loggedOutHere"; readonly name: string }
  /** A node has been told of it. */
  | { readonly kind: "logoutHeard"; readonly name: string }
  /** The token of that account is no longer valid. */
  | { readonly kind: "sessionEnded"; readonly name: string }
  | { readonly kind: "passwordChanged" }
  /** The own account has another name, because somebody else had its name before. */
  | { readonly kind: "accountRenamed"; readonly from: string; readonly to: string }
  | { readonly kind: "accountDeleted"; readonly name: string }
  /** The name given to confirm the deletion of the account was another one. */
  | { readonly kind: "accountKept" }
  /** The person refused to answer; `loggedOut` if that ended the use of an account. */
  | { readonly kind: "questionCancelled"; readonly loggedOut: boolean }
  /** The program goes on, with the messages that wait to be sent. */
  | { readonly kind: "notQuit" }
  | { readonly kind: "userOnline"; readonly name: string; readonly online: boolean }
  | { readonly kind: "userRegistered"; readonly name: string }
  | { readonly kind: "userRenamed"; readonly from: string; readonly to: string }
  | { readonly kind: "userDeleted"; readonly name: string }
  /** That name belongs to another account than before. */
  | { readonly kind: "namePassedOn"; readonly name: string }
  /** That account lives, though a node called it gone: so many messages held for it are sent now. */
  | { readonly kind: "accountBack"; readonly name: string; readonly count: number }
  /** The meaning of an acknowledgement at that node has changed, and stays so. */
  | { readonly kind: "clusterChanged"; readonly node: string; readonly state: ClusterState }
  | { readonly kind: "noUsers"; readonly onlineOnly: boolean; readonly match: string | undefined }
  /** More users follow the one of the name `after`. */
  | { readonly kind: "moreUsers"; readonly listed: number; readonly after: string }
  | { readonly kind: "noChats"; readonly unreadOnly: boolean }
  | { readonly kind: "moreChats"; readonly listed: number }
  /** Chats with unread messages at a login. */
  | {
    readonly kind: "unreadChats";
    readonly chats: readonly { readonly with: string; readonly unread: number }[];
  }
  | { readonly kind: "chatOpened"; readonly with: string; readonly empty: boolean }
  | { readonly kind: "olderMessages" }
  | { readonly kind: "noOlderMessages"; readonly with: string }
  /** There are no messages with that user in the time that was asked for. */
  | { readonly kind: "noMessagesThen"; readonly with: string }
  | { readonly kind: "chatBegins"; readonly with: string }
  /** A search has found these messages, newest first; `older` if it went on behind others. */
  | {
    readonly kind: "found";
    readonly ids: readonly string[];
    readonly words: string;
    readonly with: string | undefined;
    readonly older: boolean;
  }
  /** The search goes on behind the messages that are shown. */
  | { readonly kind: "olderFound" }
  /** So many saved messages and drafts are there again; `leftOut` others are unreadable, or too long by now. */
  | {
    readonly kind: "putBack";
    readonly messages: number;
    readonly drafts: number;
    readonly leftOut: number;
  }
  | { readonly kind: "blockChanged"; readonly name: string; readonly blocked: boolean }
  | { readonly kind: "markedRead"; readonly with: string; readonly count: number }
  | { readonly kind: "messagesDeleted"; readonly count: number };
