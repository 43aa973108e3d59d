/**
 * Everything that can happen to the page besides the news of the core: by the person, and by the browser.
 *
 * @module
 */

import type { TriedPlace } from "../../core/node_list.ts";
import type { Settings } from "./settings.ts";

/** Actions that the shell tells of. */
type ShellAction =
  /** Time passes; `nextTickMs` says when this is to come. Seconds since the Unix epoch. */
  | { readonly kind: "tick"; readonly nowSeconds: number }
  /** The address is this one now, from `#` on. Once at the start, too. */
  | { readonly kind: "went"; readonly hash: string }
  /** The window has the focus and is visible, or not any more. */
  | { readonly kind: "looked"; readonly isLooking: boolean }
  /** The window is too narrow for lists and chat beside each other, or not any more. */
  | { readonly kind: "narrowed"; readonly isNarrow: boolean }
  /** No node was found so far. */
  | { readonly kind: "searching"; readonly tried: readonly TriedPlace[] }
  /** The permission to notify, as the browser says. */
  | { readonly kind: "permitted"; readonly isPermitted: boolean }
  /** The policy of this page does not allow connections to these nodes: they were added later. */
  | { readonly kind: "nodesAdded"; readonly names: readonly string[] }
  /** A newer version of the page is there. */
  | { readonly kind: "versionFound" }
  /** The browser does not store: what waits to be sent is lost with the tab. */
  | { readonly kind: "storeFailed"; readonly reason: string }
  /** Copying has worked or not. */
  | { readonly kind: "copied"; readonly isCopied: boolean };

/** Actions within the history of the open chat. */
type HistoryAction =
  /** Less than 1.5 screens of messages are left above, or below. */
  | { readonly kind: "nearTop" }
  | { readonly kind: "nearEnd" }
  /** The person is at the bottom of the document, or has left it. */
  | { readonly kind: "atBottom"; readonly isAtBottom: boolean }
  /** These messages were in view for 500 ms, in a focused and visible window. */
  | { readonly kind: "seen"; readonly ids: readonly string[] }
  /** To the newest message. */
  | { readonly kind: "toBottom" }
  /** The message that Tab leads to, and that has the focus if `moves`. */
  | { readonly kind: "chooseMessage"; readonly id: string; readonly moves: boolean }
  | { readonly kind: "stepMessage"; readonly by: -1 | 1 }
  | { readonly kind: "firstMessage" }
  | { readonly kind: "lastMessage" };

/** Actions on one message, by its id. */
type MessageAction = {
  readonly kind: "copy" | "details" | "askToDelete" | "retry" | "edit" | "discard" | "sendAnyway";
  readonly id: string;
};

/** Actions of the composer. */
type ComposerAction =
  | { readonly kind: "typed"; readonly text: string }
  | { readonly kind: "send" }
  | { readonly kind: "scrollBy"; readonly screens: number };

/** Menus, each with the thing that it belongs to. */
export type MenuOf =
  | { readonly kind: "message"; readonly id: string }
  | { readonly kind: "row"; readonly key: string }
  | { readonly kind: "chat" }
  | { readonly kind: "person" };

/** Fields of the forms. */
export type LoginField = "name" | "password" | "repeat" | "invitation";
/** Fields of the form for another password. */
export type PasswordField = "old" | "next" | "repeat";
/** Fields of the form that deletes the account. */
export type DeletionField = "name" | "password";

/** Actions of forms. */
type FormAction =
  | { readonly kind: "loginTyped"; readonly field: LoginField; readonly text: string }
  | { readonly kind: "stayChosen"; readonly stays: boolean }
  | { readonly kind: "loginSubmitted" }
  /** Back from making an account to the login. */
  | { readonly kind: "loginAgain" }
  | { readonly kind: "passwordTyped"; readonly field: PasswordField; readonly text: string }
  | { readonly kind: "passwordSubmitted" }
  | { readonly kind: "deletionTyped"; readonly field: DeletionField; readonly text: string }
  | { readonly kind: "deletionSubmitted" };

/** Actions of lists: chats, people, found messages. */
type ListAction =
  | { readonly kind: "findTyped"; readonly text: string }
  | { readonly kind: "peopleTyped"; readonly text: string }
  | { readonly kind: "moreChats" }
  | { readonly kind: "morePeople" }
  /** Back to the first page of people. */
  | { readonly kind: "firstPeople" }
  | { readonly kind: "markRead"; readonly key: string }
  /** The person of the open chat is blocked, or not any more. */
  | { readonly kind: "block"; readonly blocked: boolean }
  | { readonly kind: "wordsTyped"; readonly text: string }
  | { readonly kind: "searchSubmitted" }
  | { readonly kind: "searchOn" }
  /** Opens the chat of a message, at that message. */
  | { readonly kind: "openAt"; readonly id: string }
  /** The first chat that is found is opened. */
  | { readonly kind: "openFirst" }
  | { readonly kind: "stepChat"; readonly by: -1 | 1; readonly unreadOnly: boolean };

/** Everything else. */
type CommonAction =
  | { readonly kind: "find" }
  | { readonly kind: "escape" }
  | { readonly kind: "showKeys" }
  | { readonly kind: "openMenu"; readonly of: MenuOf }
  | { readonly kind: "stepMenu"; readonly by: -1 | 1 }
  /** The chosen item of the menu. */
  | { readonly kind: "chooseItem" }
  | { readonly kind: "closeMenu" }
  | { readonly kind: "closeDialog" }
  | { readonly kind: "confirm" }
  | { readonly kind: "askForPassword" }
  | { readonly kind: "askToDeleteAccount" }
  | { readonly kind: "logOut" }
  | { readonly kind: "set"; readonly settings: Partial<Settings> }
  | { readonly kind: "refreshStatus" }
  | { readonly kind: "moveTo"; readonly node: string }
  | { readonly kind: "tryNow" }
  /** Tries the login again at once, after it was refused. */
  | { readonly kind: "resume" }
  | { readonly kind: "reload" }
  | { readonly kind: "dismiss"; readonly number: number };

/** Anything that can happen to the page. */
export type Action =
  | ShellAction
  | HistoryAction
  | MessageAction
  | ComposerAction
  | FormAction
  | ListAction
  | CommonAction;

/** Tells the page what has happened. */
export type Act = (action: Action) => void;
