/**
 * The one place where the person, or the browser, changes the page.
 *
 * @module
 */

import type { Action } from "./actions.ts";
import * as forms from "./act_forms.ts";
import * as history from "./act_history.ts";
import * as lists from "./act_lists.ts";
import {
  askToDelete,
  closeDialog,
  closeMenu,
  confirm,
  escape,
  isInMain,
  itemsOf,
  openDialog,
  openMenu,
  stepMenu,
} from "./menus.ts";
import { go, went } from "./navigation.ts";
import { endBurst } from "./notifying.ts";
import { dispatch, focusOn, type Order } from "./orders.ts";
import type { Page } from "./page.ts";
import { tell, tick } from "./telling.ts";

type Handlers = {
  readonly [Kind in Action["kind"]]: (
    page: Page,
    action: Extract<Action, { readonly kind: Kind }>,
  ) => readonly Order[] | void;
};

/** THE table: one row per action. */
const HANDLERS: Handlers = {
  tick: (page, { nowSeconds }) => tick(page, nowSeconds),
  went: (page, { hash }) => went(page, hash),
  looked: (page, { isLooking }) => looked(page, isLooking),
  narrowed: (page, { isNarrow }) => void (page.isNarrow = isNarrow),
  searching: (page, { tried }) => void (page.connection = { ...page.connection, tried }),
  permitted: (page, { isPermitted }) => permitted(page, isPermitted),
  nodesAdded: (page, { names }) => void (page.connection = { ...page.connection, added: names }),
  versionFound: (page) => void (page.hasNewVersion = true),
  storeFailed: (page, { reason }) => tell(page, { kind: "storeFailed", reason }, true),
  copied: (page, { isCopied }) => tell(page, { kind: "copied", isCopied }, !isCopied),

  nearTop: history.nearTop,
  nearEnd: history.nearEnd,
  atBottom: history.atBottom,
  seen: (_page, { ids }) => [dispatch({ kind: "seen", ids })],
  toBottom: history.toBottom,
  chooseMessage: history.chooseMessage,
  stepMessage: history.stepMessage,
  firstMessage: history.firstMessage,
  lastMessage: history.lastMessage,

  copy: (page, action) => [...closeMenu(page), ...history.copy(page, action)],
  details: (page, { id }) => openDialog(page, { kind: "details", id }),
  askToDelete,
  retry: (page, { id }) => [...closeMenu(page), dispatch({ kind: "retry", id })],
  edit: (page, action) => [...closeMenu(page), ...history.edit(page, action)],
  discard: (page, { id }) => [...closeMenu(page), dispatch({ kind: "discard", id })],
  sendAnyway: (page, { id }) => [...closeMenu(page), { kind: "sendAnyway", id }],

  typed: history.typed,
  send: history.send,
  scrollBy: (_page, { screens }) => [{ kind: "scrollBy", screens }],

  loginTyped: forms.loginTyped,
  stayChosen: (page, { stays }) => void (page.stays = stays),
  loginSubmitted: forms.loginSubmitted,
  loginAgain: forms.loginAgain,
  passwordTyped: forms.passwordTyped,
  passwordSubmitted: forms.passwordSubmitted,
  deletionTyped: forms.deletionTyped,
  deletionSubmitted: forms.deletionSubmitted,

  findTyped: lists.findTyped,
  peopleTyped: lists.peopleTyped,
  moreChats: (page) => void (page.chatsShown *= 2),
  morePeople: lists.morePeople,
  firstPeople: lists.firstPeople,
  markRead: lists.markRead,
  block: lists.block,
  wordsTyped: lists.wordsTyped,
  searchSubmitted: lists.searchSubmitted,
  searchOn: lists.searchOn,
  openAt: lists.openAt,
  openFirst: lists.openFirst,
  stepChat: lists.stepChat,

  find,
  escape,
  showKeys: (page) => openDialog(page, { kind: "keys" }),
  openMenu,
  stepMenu,
  chooseItem,
  closeMenu,
  closeDialog,
  confirm,
  askForPassword: forms.askForPassword,
  askToDeleteAccount: forms.askToDeleteAccount,
  logOut: forms.logOut,
  set: (page, { settings }) => set(page, settings),
  refreshStatus: () => [dispatch({ kind: "nodeStatus" }, "status")],
  moveTo: (_page, { node }) => [dispatch({ kind: "moveTo", node })],
  tryNow: () => [{ kind: "tryNow" }],
  resume: () => [dispatch({ kind: "resume" })],
  reload: () => [{ kind: "reload" }],
  dismiss: (page, { number }) => void (page.told = page.told.filter((each) => each.number !== number)),
};

/**
 * Changes the page.
 *
 * @returns the orders to the shell, in order; `settle` comes after them
 */
export function act(page: Page, action: Action): readonly Order[] {
  // The row of an action takes that action, which the type of the table says and a look-up forgets.
  const handle: (page: Page, action: never) => readonly Order[] | void = HANDLERS[action.kind];
  return handle(page, action as never) ?? [];
}

function looked(page: Page, isLooking: boolean): readonly Order[] {
  page.isLooking = isLooking;
  if (isLooking) endBurst(page);
  return [];
}

/** Does what the chosen item of the menu does; it may not have the focus yet, where keys come quicker than frames. */
function chooseItem(page: Page): readonly Order[] {
  const { menu } = page;
  const does = menu && itemsOf(page, menu.of)[menu.item]?.does;
  if (does === undefined) return closeMenu(page);
  if (!("hash" in does)) return [{ kind: "act", action: does }];
  return [...closeMenu(page), { kind: "go", hash: does.hash, replace: false }];
}

/** To the field that finds chats, wherever the person is. */
function find(page: Page): readonly Order[] {
  page.menu = undefined;
  const focus = focusOn("find");
  const isThere = page.list === "chats" && !(page.isNarrow && isInMain(page));
  return isThere ? [focus] : [go({ kind: "chats" }), focus];
}

function set(page: Page, settings: Partial<Page["settings"]>): readonly Order[] {
  page.settings = { ...page.settings, ...settings };
  const asks = page.settings.notifications !== "off" && !page.isPermitted;
  return [{ kind: "keepSettings" }, ...(asks ? [{ kind: "askToNotify" } as const] : [])];
}

/** Without the permission there are no notifications, and the settings must not say otherwise. */
function permitted(page: Page, isPermitted: boolean): readonly Order[] {
  page.isPermitted = isPermitted;
  if (isPermitted || page.settings.notifications === "off") return [];
  page.settings = { ...page.settings, notifications: "off" };
  page.wasForbidden = true;
  return [{ kind: "keepSettings" }];
}
