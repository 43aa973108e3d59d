/**
 * Menus and dialogs: what they offer, and how they open and close.
 *
 * @module
 */

import { hasFeature } from "../../core/addressing.ts";
import { isBlocked } from "../../core/blocking.ts";
import { hasReached, isUnsent, type Message } from "../../core/message.ts";
import { isMe } from "../../core/messages.ts";
import type { Action, MenuOf } from "./actions.ts";
import { keyOf } from "./lists.ts";
import { askBlocked, go } from "./navigation.ts";
import { chosenOf, windowOf } from "./opened.ts";
import { dispatch, FOCUS_BACK, focusOn, focusOnMessage, type Order } from "./orders.ts";
import type { Page } from "./page.ts";
import { hashOf } from "./route.ts";

/** An item of a menu. */
export interface MenuItem {
  readonly label:
    | "copy"
    | "details"
    | "deleteForBoth"
    | "deleteForMe"
    | "retry"
    | "edit"
    | "discard"
    | "sendAnyway"
    | "markRead"
    | "searchHere"
    | "block"
    | "unblock"
    | "settings"
    | "about"
    | "keys"
    | "logOut";
  /** Its address, or what it does. */
  readonly does: Action | { readonly hash: string };
}

/** The items of a menu. */
export function itemsOf(page: Page, of: MenuOf): readonly MenuItem[] {
  switch (of.kind) {
    case "message":
      return messageItems(page, of.id);
    case "row":
      return [{ label: "markRead", does: { kind: "markRead", key: of.key } }];
    case "chat":
      return chatItems(page);
    case "person":
      return [
        { label: "settings", does: { hash: "#/settings" } },
        { label: "about", does: { hash: "#/about" } },
        { label: "keys", does: { kind: "showKeys" } },
        { label: "logOut", does: { kind: "logOut" } },
      ];
  }
}

function messageItems({ model }: Page, id: string): readonly MenuItem[] {
  const message = model.messages.get(id);
  if (message === undefined || message.deleted) return [];
  const common: readonly MenuItem[] = [{ label: "copy", does: { kind: "copy", id } }, {
    label: "details",
    does: { kind: "details", id },
  }];
  if (isUnsent(message)) return [...unsentItems(message), ...common];
  const label = isMe(model, message.sender) ? "deleteForBoth" : "deleteForMe";
  return [...common, { label, does: { kind: "askToDelete", id } }];
}

/** Ways out for a message that was not sent. */
export function unsentItems({ id, status }: Message): readonly MenuItem[] {
  const discard: MenuItem = { label: "discard", does: { kind: "discard", id } };
  const edit: MenuItem = { label: "edit", does: { kind: "edit", id } };
  if (status === "failed") return [{ label: "retry", does: { kind: "retry", id } }, edit, discard];
  if (status === "held") return [{ label: "sendAnyway", does: { kind: "sendAnyway", id } }, edit, discard];
  return [edit, discard];
}

function chatItems({ opened, model }: Page): readonly MenuItem[] {
  if (opened === undefined) return [];
  const { chat } = opened;
  const items: MenuItem[] = [{ label: "markRead", does: { kind: "markRead", key: keyOf(chat) } }];
  if (chat.former) return items;
  if (hasFeature(model, "search")) {
    items.push({ label: "searchHere", does: { hash: hashOf({ kind: "search", with: chat.name }) } });
  }
  if (hasFeature(model, "block") && !isMe(model, chat.name)) {
    const blocked = !isBlocked(model, chat.name);
    items.push({ label: blocked ? "block" : "unblock", does: { kind: "block", blocked } });
  }
  return items;
}

/** Opens a menu; it gets the focus. */
export function openMenu(page: Page, { of }: Extract<Action, { kind: "openMenu" }>): readonly Order[] {
  if (itemsOf(page, of).length === 0) return [];
  page.menu = { of, item: 0 };
  if (of.kind === "message" && page.opened !== undefined) page.opened = { ...page.opened, chosen: of.id };
  return [{ kind: "holdFocus" }, focusOn("menu"), ...(of.kind === "chat" ? askBlocked(page) : [])];
}

/** To the next item of the menu, round and round. */
export function stepMenu(page: Page, { by }: Extract<Action, { kind: "stepMenu" }>): readonly Order[] {
  const { menu } = page;
  if (menu === undefined) return [];
  const { length } = itemsOf(page, menu.of);
  page.menu = { ...menu, item: (menu.item + by + length) % length };
  return [focusOn("menu")];
}

/** Closes the menu, and gives the focus back. */
export function closeMenu(page: Page): readonly Order[] {
  if (page.menu === undefined) return [];
  page.menu = undefined;
  return [FOCUS_BACK];
}

/** Closes the dialog, and gives the focus back. */
export function closeDialog(page: Page): readonly Order[] {
  if (page.dialog === undefined) return [];
  page.dialog = undefined;
  return [FOCUS_BACK];
}

/** Closes what is in front; behind that, goes back to the composer, or to the lists on a narrow screen. */
export function escape(page: Page): readonly Order[] {
  if (page.menu !== undefined) return closeMenu(page);
  if (page.dialog !== undefined) return closeDialog(page);
  if (page.find !== "" && page.list === "chats" && page.route.kind !== "chat") {
    page.find = "";
    return [];
  }
  if (page.isNarrow && isInMain(page)) return [go({ kind: page.list })];
  return page.opened === undefined ? [] : [focusOn("composer")];
}

/** True if the address names something beside the lists. */
export function isInMain({ route: { kind } }: Page): boolean {
  return kind === "chat" || kind === "settings" || kind === "about";
}

/** Asks before a stored message is deleted; one that was not sent is dropped. */
export function askToDelete(page: Page, { id }: { readonly id: string }): readonly Order[] {
  const message = page.model.messages.get(id);
  if (message === undefined || message.deleted) return [];
  if (!hasReached(message, "unread")) return [dispatch({ kind: "discard", id })];
  return openDialog(page, { kind: "deleteMessage", id });
}

/** Opens a dialog; the focus comes back once it is closed. */
export function openDialog(page: Page, dialog: NonNullable<Page["dialog"]>): readonly Order[] {
  const holds = page.menu === undefined && page.dialog === undefined;
  page.menu = undefined;
  page.dialog = dialog;
  return holds ? [{ kind: "holdFocus" }] : [];
}

/** The person agrees to the question of the dialog. */
export function confirm(page: Page): readonly Order[] {
  const { dialog } = page;
  if (dialog?.kind === "logOut") {
    page.dialog = undefined;
    return [dispatch({ kind: "logout" })];
  }
  if (dialog?.kind !== "deleteMessage") return [];
  page.dialog = undefined;
  const focus = neighbourOf(page, dialog.id);
  return [dispatch({ kind: "deleteMessages", ids: [dialog.id] }), focus];
}

/** The message beside one that goes: the focus must not fall out of the history. */
function neighbourOf(page: Page, id: string): Order {
  const { model, opened } = page;
  if (opened === undefined) return FOCUS_BACK;
  const window = windowOf(model, opened);
  const place = window.messages.findIndex((message) => message.id === id);
  const next = window.messages[place + 1] ?? window.messages[place - 1];
  if (place < 0 || next === undefined) return focusOn("composer");
  if (chosenOf(window, opened) === id) page.opened = { ...opened, chosen: next.id };
  return focusOnMessage(next.id);
}
