/**
 * The keys of the page.
 *
 * @module
 */

import type { Action } from "./actions.ts";
import { textOf } from "./act_history.ts";
import { chosenOf, windowOf } from "./opened.ts";
import type { Page } from "./page.ts";

/** A key that was pressed. */
interface Press {
  /** As `KeyboardEvent.key`. */
  readonly key: string;
  /** True with Ctrl, or with Cmd. */
  readonly isControl: boolean;
  readonly isShift: boolean;
  readonly isAlt: boolean;
  /** True while an input method composes: all keys are its own. */
  readonly isComposing: boolean;
  /** True if some text is selected: it is what Ctrl+C copies. */
  readonly hasSelection: boolean;
}

/** The part of the page that has the focus. */
export type FocusPlace = "composer" | "history" | "find" | "elsewhere";

/** Part of the history that PageUp and PageDown scroll by: a line of the screen before stays. */
const SCREEN = 0.9;

/** The action of a key; undefined if the browser is to do what it always does. */
export function actionOf(page: Page, press: Press, place: FocusPlace): Action | undefined {
  if (press.isComposing) return undefined;
  if (page.menu !== undefined) return inMenu(press);
  if (press.key === "Escape") return { kind: "escape" };
  if (page.dialog !== undefined) return undefined;
  return anywhere(press) ?? inPlace(page, press, place);
}

function inPlace(page: Page, press: Press, place: FocusPlace): Action | undefined {
  switch (place) {
    case "composer":
      return inComposer(page, press);
    case "history":
      return inHistory(page, press);
    case "find":
      return press.key === "Enter" ? { kind: "openFirst" } : undefined;
    case "elsewhere":
      return undefined;
  }
}

function inMenu({ key }: Press): Action | undefined {
  switch (key) {
    case "ArrowDown":
      return { kind: "stepMenu", by: 1 };
    case "ArrowUp":
      return { kind: "stepMenu", by: -1 };
    case "Enter":
    case " ":
      return { kind: "chooseItem" };
    case "Escape":
    case "Tab":
      return { kind: "closeMenu" };
    default:
      return undefined;
  }
}

function anywhere({ key, isControl, isAlt, isShift }: Press): Action | undefined {
  if (isControl && !isAlt && key.toLowerCase() === "k") return { kind: "find" };
  if (isControl && key === "/") return { kind: "showKeys" };
  if (!isAlt || isControl) return undefined;
  if (key === "ArrowUp") return { kind: "stepChat", by: -1, unreadOnly: isShift };
  if (key === "ArrowDown") return { kind: "stepChat", by: 1, unreadOnly: isShift };
  return undefined;
}

function inComposer(page: Page, { key, isControl, isShift }: Press): Action | undefined {
  const { settings, isTouch, opened } = page;
  switch (key) {
    case "Enter":
      if (isControl) return { kind: "send" };
      return settings.enterSends && !isTouch && !isShift ? { kind: "send" } : undefined;
    case "PageUp":
      return { kind: "scrollBy", screens: -SCREEN };
    case "PageDown":
      return { kind: "scrollBy", screens: SCREEN };
    case "ArrowUp":
      return opened !== undefined && textOf(page, opened.chat) === "" ? { kind: "lastMessage" } : undefined;
    default:
      return undefined;
  }
}

function inHistory(page: Page, { key, isControl, isShift, hasSelection }: Press): Action | undefined {
  const { model, opened } = page;
  const id = opened && chosenOf(windowOf(model, opened), opened);
  if (id === undefined) return undefined;
  switch (key) {
    case "ArrowUp":
      return { kind: "stepMessage", by: -1 };
    case "ArrowDown":
      return { kind: "stepMessage", by: 1 };
    case "Home":
      return { kind: "firstMessage" };
    case "End":
      return { kind: "lastMessage" };
    case "Enter":
    case "ContextMenu":
      return { kind: "openMenu", of: { kind: "message", id } };
    case "F10":
      return isShift ? { kind: "openMenu", of: { kind: "message", id } } : undefined;
    case "Delete":
      return { kind: "askToDelete", id };
    case "c":
      return isControl && !hasSelection ? { kind: "copy", id } : undefined;
    default:
      return undefined;
  }
}
