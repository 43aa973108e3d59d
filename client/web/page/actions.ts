/**
 * Everything that can happen on the page, and everything that the shell around it does for it.
 *
 * @module
 */

import type { Failure } from "../../core/failures.ts";
import type { Input } from "../../core/inputs.ts";
import type { Item } from "../../core/items.ts";
import type { TriedPlace } from "../../core/node_list.ts";
import type { Notice } from "../../core/notices.ts";

/** An action of the person, or of the browser. */
export type Action =
  /** The part of the address behind `#`, with it, has changed; empty if there is none. */
  | { readonly kind: "routed"; readonly hash: string }
  /** These messages were in view for half a second in a focused, visible window. */
  | { readonly kind: "seen"; readonly ids: readonly string[] }
  /** Less than 1.5 screens of history are left above or below. */
  | { readonly kind: "nearEnd"; readonly end: "top" | "bottom" }
  /** The newest line of the history came into view, or left it. */
  | { readonly kind: "atBottom"; readonly atBottom: boolean }
  /** The window has got the focus and is visible, or not any more. */
  | { readonly kind: "attention"; readonly attentive: boolean }
  /** A key that means something wherever the focus is (section 6 of the specification). */
  | { readonly kind: "shortcut"; readonly shortcut: Shortcut }
  /** The time goes on: once a second while something on the screen depends on it. */
  | { readonly kind: "tick"; readonly nowSeconds: number };

/** A key that means something anywhere on the page. */
type Shortcut =
  | "find"
  | "previousChat"
  | "nextChat"
  | "previousUnread"
  | "nextUnread"
  | "escape"
  | "keys";

/** An event that the page hears of: from the core, or from the link to the nodes. */
export type News =
  | { readonly kind: "show"; readonly item: Item }
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "ring" }
  /** No node was found so far; `allTried` once these are all that are known. */
  | { readonly kind: "searching"; readonly tried: readonly TriedPlace[]; readonly allTried: boolean }
  /** Nodes at these addresses were not tried: this page may not, until it is loaded again. */
  | { readonly kind: "unreachable"; readonly places: readonly string[] };

/** Something that the shell must do. */
export type Order =
  | { readonly kind: "dispatch"; readonly input: Input }
  /** Changes the part of the address behind `#`; a `replace` is no step to go back to. */
  | { readonly kind: "go"; readonly hash: string; readonly replace?: boolean }
  | { readonly kind: "copy"; readonly text: string }
  /** Gives the focus to the element of that id once it is drawn. */
  | { readonly kind: "focus"; readonly id: string }
  /** Scrolls the history: to a message, or to its end. */
  | { readonly kind: "scroll"; readonly to: { readonly message: string } | "bottom" }
  | { readonly kind: "keepSettings" }
  /** Asks the person for the permission to notify. */
  | { readonly kind: "askToNotify" }
  /** Looks for a node at once. */
  | { readonly kind: "connectNow" }
  | { readonly kind: "reload" };
