/**
 * The inputs of the client: from the network, and from the person or program that uses it.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Chat } from "./chats.ts";
import type { HistoryRange } from "./history_walk.ts";
import type { Welcome } from "./model.ts";
import type { SearchRange } from "./search_walk.ts";
import type { Wish } from "./wish.ts";

/** Whoever logs in, or registers. */
interface Credentials {
  readonly name: string;
  readonly password?: string;
  /** The code of an invitation, for an account that is to be made. */
  readonly invitation?: string | undefined;
}

/** Input from the network and from timers. */
type NetworkInput =
  | { readonly kind: "connected"; readonly welcome: Welcome }
  /** `reason` in the words of the transport. */
  | { readonly kind: "disconnected"; readonly reason: string }
  /** A node of another cluster answered at that place; nothing was said to it. */
  | { readonly kind: "foreignNode"; readonly place: string; readonly cluster: string }
  | { readonly kind: "reply"; readonly serial: number; readonly reply: ConfirmedReply }
  | { readonly kind: "push"; readonly push: Push }
  /** The time of a `wakeUpAfter` is over. */
  | { readonly kind: "wakeUp" }
  /** The time of a `tellMarksAfter` is over. */
  | { readonly kind: "tellMarks" }
  /** The time of a `lookAtClusterAfter` is over. */
  | { readonly kind: "lookAtCluster" }
  /** The time of a `lookAfter` is over. */
  | { readonly kind: "look"; readonly turn: number };

/** A text for the present holder of a name, or for a chat if one is given; `id` is a fresh UUID, `timestamp` the present in seconds since the Unix epoch. */
export interface NewMessage {
  readonly to: string;
  readonly chat?: Chat;
  readonly text: string;
  readonly id: string;
  readonly timestamp: number;
}

/** Input from the person or program that uses the client. */
type UserInput =
  /** The program begins; without a user, the person is asked for a name, and with a token for nothing. */
  | {
    readonly kind: "start";
    readonly user: string | undefined;
    readonly token?: string | undefined;
    readonly account?: string | undefined;
  }
  /** Somebody has seen these messages; those of others become read. */
  | { readonly kind: "seen"; readonly ids: readonly string[] }
  | { readonly kind: "send" } & NewMessage
  /** Sends a message that failed once more, with the same id. */
  | { readonly kind: "retry"; readonly id: string }
  /** Takes a message that was not sent back into the draft of its chat. */
  | { readonly kind: "edit"; readonly id: string }
  /** Drops a message that was not sent. */
  | { readonly kind: "discard"; readonly id: string }
  /** The text that the person has begun to write to a chat. A message with the same text ends it. */
  | { readonly kind: "draft"; readonly chat: Chat; readonly text: string }
  /** Puts back what a `save` has told before, as JSON gives it. It comes before any change, or that is lost. */
  | { readonly kind: "restore"; readonly saved: unknown }
  /** Puts back what `keptOf` has given in an earlier run, as JSON gives it; what a node has told stays as it is. */
  | { readonly kind: "recall"; readonly kept: unknown }
  /** Sends the text of a held message, as a new one with the id `newId`, to the present holder of the name. */
  | { readonly kind: "sendAnyway"; readonly id: string; readonly newId: string; readonly timestamp: number }
  /** Makes a chat the focused one, and shows its newest messages. */
  | { readonly kind: "openChat"; readonly with: string }
  /** No chat is the focused one any more. */
  | { readonly kind: "closeChat" }
  /** Shows a part of a conversation. */
  | { readonly kind: "history" } & HistoryRange
  | { readonly kind: "search" } & SearchRange
  /**
   * The people on the screen: a part of the list of all people, which `Model.people` has from now on, and those with
   * these names, whose chats have `online`. Both are kept current. A face gives it again whenever the screen changes,
   * by a rename too, as often as it likes: the same people once more cost nothing, and changes are sent a few times a
   * second at most. Bounds are those of WATCH: `usersPageMax` people, `watchedNames` names. With the account, everybody
   * is forgotten: `inputToLook` says when it is to be given again.
   */
  | { readonly kind: "lookAt" } & Wish
  /** Marks everything from that user as read. */
  | { readonly kind: "markRead"; readonly with: string }
  /**
   * Deletes own messages for both ends, and those of others for oneself: `count` messages, as many as there are ids
   * unless several ids may name the same.
   */
  | { readonly kind: "deleteMessages"; readonly ids: readonly string[]; readonly count?: number }
  /** Without the password, the person is asked. */
  | ({ readonly kind: "login" } & Credentials)
  | ({ readonly kind: "register" } & Credentials)
  /** Tries a login by the token that was refused again, at once or at the next node. */
  | { readonly kind: "resume" }
  | { readonly kind: "logout" }
  /** Blocks a person, or accepts them again. */
  | { readonly kind: "block"; readonly name: string; readonly blocked: boolean }
  | { readonly kind: "listBlocked" }
  | { readonly kind: "changePassword"; readonly passwords: { readonly old: string; readonly new: string } }
  /** Deletes the account, if that is its name. */
  | { readonly kind: "deleteAccount"; readonly name: string; readonly password: string }
  /** Asks the node how far its peers are. */
  | { readonly kind: "nodeStatus" }
  /** Goes on with the node of that name. */
  | { readonly kind: "moveTo"; readonly node: string };

/** Further input of a console client, which asks one question after the other, and prints lists. */
type ConsoleInput =
  /** An answer to the open question, or the refusal to answer it. */
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "cancel" }
  /** Shows `count` messages before the oldest one shown. */
  | { readonly kind: "olderMessages"; readonly with: string; readonly count: number }
  /** Shows the messages before the oldest one that the last search has shown. */
  | { readonly kind: "searchOn" }
  | { readonly kind: "listChats"; readonly unreadOnly: boolean }
  /** `match` as in LIST_USERS: `*` stands for anything, `?` for one character; the users behind the name `after`. */
  | {
    readonly kind: "listUsers";
    readonly onlineOnly: boolean;
    readonly match?: string | undefined;
    readonly after?: string | undefined;
  }
  /** Asks the person for both passwords. */
  | { readonly kind: "askToChangePassword" }
  /** Asks the person for the name of the account, unless it is given, and for its password. */
  | { readonly kind: "askToDeleteAccount"; readonly name?: string | undefined }
  /** Ends the program; unless it is `sure`, a person is asked before if messages would be lost. */
  | { readonly kind: "quit"; readonly sure?: boolean };

/** Anything that can happen to any client. */
export type CommonInput = NetworkInput | UserInput;

/** Anything that can happen to some client. */
export type Input = CommonInput | ConsoleInput;
