/**
 * Orders of the page to its shell: everything that must happen outside.
 *
 * @module
 */

import type { Chat } from "../../core/chats.ts";
import type { CommonInput } from "../../core/inputs.ts";
import type { Action, DeletionField, LoginField, PasswordField } from "./actions.ts";

/** An element that gets the focus. */
export type FocusTarget =
  /** The element with that id. */
  | { readonly kind: "element"; readonly id: ElementId }
  /** The message with that id in the history. */
  | { readonly kind: "message"; readonly id: string }
  /** The element that had it when `holdFocus` came last. */
  | { readonly kind: "former" };

/** Ids of the elements that the page moves the focus to; the menu gives it to its chosen item. */
type ElementId =
  | "composer"
  | "find"
  | "menu"
  | "screen-name"
  | `login-${LoginField}`
  | "page-name"
  | "people-filter"
  | "words"
  | `password-${PasswordField}`
  | `deletion-${DeletionField}`;

/** A place in the history to scroll to. */
export type ScrollTarget =
  | { readonly kind: "bottom" }
  /** The line above the first unread message, below the upper edge. */
  | { readonly kind: "unread" }
  /** The message with that id, into the middle. */
  | { readonly kind: "message"; readonly id: string };

/** A notification of the browser. */
export interface Notification {
  /** Id of the first message of its burst: a later notification of the burst takes its place. */
  readonly tag: string;
  readonly title: string;
  /** Empty if the text is not to be shown. */
  readonly body: string;
  /** The address that a click opens, from `#` on. */
  readonly hash: string;
}

/** An order to the shell. */
export type Order =
  /** `cause` is to come back with the effects of the input. */
  | { readonly kind: "dispatch"; readonly input: CommonInput; readonly cause?: Cause | undefined }
  /** Sends a text to a chat, with a fresh id and the present time. */
  | { readonly kind: "send"; readonly chat: Chat; readonly text: string }
  /** Sends the text of a held message to whoever has the name now, with a fresh id and the present time. */
  | { readonly kind: "sendAnyway"; readonly id: string }
  /**
   * Goes to another address, from `#` on: `went` follows. With `replace` there is no way back to the present one, and
   * no `went`, since the page is there already.
   */
  | { readonly kind: "go"; readonly hash: string; readonly replace: boolean }
  | { readonly kind: "copy"; readonly text: string }
  /** Does what the person has chosen, as if an element had been clicked. */
  | { readonly kind: "act"; readonly action: Action }
  /** Remembers which element has the focus. */
  | { readonly kind: "holdFocus" }
  /** After the page is drawn: moves the focus. */
  | { readonly kind: "focus"; readonly target: FocusTarget }
  /** After the page is drawn: scrolls the history. */
  | { readonly kind: "scroll"; readonly target: ScrollTarget }
  /** Scrolls the history by a part of its height: 1 for a screen down, -1 for one up. */
  | { readonly kind: "scrollBy"; readonly screens: number }
  /** `Page.settings` have changed. */
  | { readonly kind: "keepSettings" }
  /** Asks the browser for the permission to notify; `permitted` is the answer. */
  | { readonly kind: "askToNotify" }
  | { readonly kind: "notify"; readonly notification: Notification }
  /** The login is over: its token and everything stored of its account goes, in all tabs. */
  | { readonly kind: "forgetLogin" }
  /** Looks for a node at once. */
  | { readonly kind: "tryNow" }
  | { readonly kind: "reload" };

/** The part of the page that an input comes from; its failures are told there. */
type Cause = "login" | "changePassword" | "deleteAccount" | "search" | "opening" | "status";

/** Gives an input to the core; `cause` comes back with its effects. */
export function dispatch(input: CommonInput, cause?: Cause): Order {
  return { kind: "dispatch", input, cause };
}

/** Moves the focus to an element. */
export function focusOn(id: ElementId): Order {
  return { kind: "focus", target: { kind: "element", id } };
}

/** Moves the focus to a message of the history. */
export function focusOnMessage(id: string): Order {
  return { kind: "focus", target: { kind: "message", id } };
}

/** Moves the focus back to where it was. */
export const FOCUS_BACK: Order = { kind: "focus", target: { kind: "former" } };

/** Scrolls to the newest message. */
export const SCROLL_TO_BOTTOM: Order = { kind: "scroll", target: { kind: "bottom" } };
