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
import type { Order } from "./orders.ts";
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
  seen: (_page, { ids }) => [{ kind: "dispatch", input: { kind: "seen", ids } }],
  toBottom: history.toBottom,
  chooseMessage: history.chooseMessage,
  stepMessage: history.stepMessage,
  firstMessage: history.firstMessage,
  lastMessage: history.lastMessage,

  copy: (page, action) => [...closeMenu(page), ...history.copy(page, action)],
  details: (page, { id }) => openDialog(page, { kind: "details", id }),
  askToDelete: (page, action) => askToDelete(page, action),
  retry: (page, { id }) => [...closeMenu(page), { kind: "dispatch", input: { kind: "retry", id } }],
  edit: (page, action) => [...closeMenu(page), ...history.edit(page, action)],
  discard: (page, { id }) => [...closeMenu(page), { kind: "dispatch", input: { kind: "discard", id } }],
  sendAnyway: (page, { id }) => [...closeMenu(page), { kind: "sendAnyway", id }],

  typed: history.typed,
  send: (page) => history.send(page),
  scrollBy: (_page, { screens }) => [{ kind: "scrollBy", screens }],

  loginTyped: forms.loginTyped,
  stayChosen: (page, { stays }) => void (page.stays = stays),
  loginSubmitted: (page) => forms.loginSubmitted(page),
  loginAgain: (page) => forms.loginAgain(page),
  passwordTyped: forms.passwordTyped,
  passwordSubmitted: (page) => forms.passwordSubmitted(page),
  deletionTyped: forms.deletionTyped,
  deletionSubmitted: (page) => forms.deletionSubmitted(page),

  findTyped: lists.findTyped,
  peopleTyped: lists.peopleTyped,
  moreChats: (page) => void (page.chatsShown *= 2),
  morePeople: (page) => lists.morePeople(page),
  firstPeople: (page) => lists.firstPeople(page),
  markRead: lists.markRead,
  block: lists.block,
  wordsTyped: lists.wordsTyped,
  searchSubmitted: (page) => lists.searchSubmitted(page),
  searchOn: (page) => lists.searchOn(page),
  openAt: lists.openAt,
  openFirst: (page) => lists.openFirst(page),
  stepChat: lists.stepChat,

  find: (page) => find(page),
  escape: (page) => escape(page),
  showKeys: (page) => openDialog(page, { kind: "keys" }),
  openMenu,
  stepMenu,
  chooseItem: (page) => chooseItem(page),
  closeMenu: (page) => closeMenu(page),
  closeDialog: (page) => closeDialog(page),
  confirm: (page) => confirm(page),
  askForPassword: (page) => forms.askForPassword(page),
  askToDeleteAccount: (page) => forms.askToDeleteAccount(page),
  logOut: (page) => forms.logOut(page),
  set: (page, { settings }) => set(page, settings),
  refreshStatus: () => [{ kind: "dispatch", input: { kind: "nodeStatus" }, cause: "status" }],
  moveTo: (_page, { node }) => [{ kind: "dispatch", input: { kind: "moveTo", node } }],
  tryNow: () => [{ kind: "tryNow" }],
  resume: () => [{ kind: "dispatch", input: { kind: "resume" } }],
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
  const focus = { kind: "focus", target: { kind: "element", id: "find" } } as const;
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
