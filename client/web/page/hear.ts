/**
 * News of the core, as the page takes them.
 *
 * @module
 */

import { NAME_PATTERN } from "../../../common/protocol/shapes.ts";
import type { Failure } from "../../core/failures.ts";
import type { Item } from "../../core/items.ts";
import { isMe, sameName } from "../../core/messages.ts";
import type { Notice } from "../../core/notices.ts";
import type { Effect } from "../../core/step.ts";
import { EN } from "../texts/en.ts";
import { changeFieldOf, deletionFieldOf, failed, loginFieldOf, newLoginForm } from "./forms.ts";
import { leaveAccount, leaveFormer, leaveSession } from "./leaving.ts";
import { notOpened, show, takeOpened, toEntry } from "./navigation.ts";
import { FOCUS_BACK, focusOn, type Order } from "./orders.ts";
import { isEntered, type Page } from "./page.ts";
import { isOffline, tell } from "./telling.ts";

/** Effects of the core that the page takes in. */
export type News = Extract<Effect, { readonly kind: "show" | "notice" | "failure" }>;

/**
 * Takes in news of the core.
 *
 * @returns the orders to the shell, in order; `settle` comes after the last news of a step
 */
export function hear(page: Page, news: News): readonly Order[] {
  return [...leaveFormer(page), ...take(page, news)];
}

function take(page: Page, news: News): readonly Order[] {
  switch (news.kind) {
    case "show":
      return hearItem(page, news.item);
    case "notice":
      return hearNotice(page, news.notice);
    case "failure":
      return hearFailure(page, news.failure, news.cause);
  }
}

function hearItem(page: Page, item: Item): readonly Order[] {
  switch (item.kind) {
    case "message":
      if (!isMe(page.model, item.message.sender)) page.shown.push(item.message);
      break;
    case "peer":
      page.peers = [...page.peers, item];
      break;
    case "copies":
      page.status = { ...item, peers: page.peers };
      page.peers = [];
      break;
    default:
      // The model has the rest.
  }
  return [];
}

function hearNotice(page: Page, notice: Notice): readonly Order[] {
  switch (notice.kind) {
    case "loggedIn":
      page.login = newLoginForm("");
      return [toEntry(page), ...show(page)];
    case "loggedOut":
    case "loggedOutHere":
    case "accountDeleted":
      return toldAfter(page, notice, leaveAccount(page, notice.name));
    case "sessionEnded":
      return toldAfter(page, notice, leaveSession(page, notice.name));
    case "chatOpened":
      return takeOpened(page, notice.with);
    case "noOlderMessages":
    case "noMessagesThen":
      if (page.opened !== undefined) page.opened = { ...page.opened, asked: undefined };
      return [];
    case "found":
      takeFound(page, notice);
      return [];
    case "olderFound":
      page.search = { ...page.search, hasMore: true };
      return [];
    case "passwordChanged":
      page.dialog = undefined;
      tell(page, { kind: "notice", notice }, false);
      return [FOCUS_BACK];
    default:
      if (isWorthTelling(page, notice)) tell(page, { kind: "notice", notice }, false);
      return [];
  }
}

function toldAfter(page: Page, notice: Notice, left: readonly Order[]): readonly Order[] {
  tell(page, { kind: "notice", notice }, false);
  return left;
}

/** True for a notice that the page shows nowhere else. */
function isWorthTelling(page: Page, notice: Notice): boolean {
  switch (notice.kind) {
    case "connected":
      return isOffline(page) || notice.missed !== undefined;
    case "userDeleted":
      return page.opened?.chat.deleted === true && sameName(page.opened.chat.name, notice.name);
    case "putBack":
      return notice.leftOut > 0;
    default:
      return EN.notice(notice) !== "";
  }
}

function takeFound(page: Page, { ids, older }: Extract<Notice, { kind: "found" }>): void {
  const { search } = page;
  const found = older ? [...new Set([...search.found, ...ids])] : ids;
  page.search = { ...search, found, isBusy: false, hasMore: false, failure: undefined };
}

function hearFailure(page: Page, failure: Failure, cause: string | undefined): readonly Order[] {
  if (!isEntered(page)) return loginFailed(page, failure);
  if (cause === "changePassword" || cause === "deleteAccount") return formFailed(page, failure, cause);
  if (cause === "search") {
    page.search = { ...page.search, isBusy: false, failure };
  } else if (cause === "opening") {
    openingFailed(page, failure);
  } else if (cause !== "status" && !isShown(page, failure) && !isOfFormer(page, failure)) {
    tell(page, { kind: "failure", failure }, true);
  }
  return [];
}

/** A form was refused: its field with the problem gets the focus. */
function formFailed(page: Page, failure: Failure, cause: string): readonly Order[] {
  const { dialog, nowSeconds } = page;
  if (dialog?.kind === "changePassword" && dialog.kind === cause) {
    const field = changeFieldOf(failure);
    page.dialog = { ...dialog, form: failed(dialog.form, field, failure, nowSeconds) };
    return field === "form" ? [] : [focusOn(`password-${field}`)];
  }
  if (dialog?.kind === "deleteAccount" && dialog.kind === cause) {
    const field = deletionFieldOf(failure);
    page.dialog = { ...dialog, form: failed(dialog.form, field, failure, nowSeconds) };
    return field === "form" ? [] : [focusOn(`deletion-${field}`)];
  }
  tell(page, { kind: "failure", failure }, true);
  return [];
}

/** True for messages of the account before: they are nothing to the one that has just logged in. */
function isOfFormer({ model }: Page, failure: Failure): boolean {
  const isUnsent = failure.kind === "unsent" || failure.kind === "heldUnsent";
  return isUnsent && failure.account !== model.account?.name;
}

/** True for a refused login, which has its banner, and for a message of the open chat that says so itself. */
function isShown({ model, opened, route }: Page, failure: Failure): boolean {
  if ("refusal" in failure && failure.refusal === model.loginRefusal) return true;
  if (failure.kind !== "notSent" && failure.kind !== "held") return false;
  return route.kind === "chat" && opened !== undefined &&
    model.messages.get(failure.id)?.chat === opened.chat;
}

function loginFailed(page: Page, failure: Failure): readonly Order[] {
  const { login, nowSeconds } = page;
  if (failure.kind === "unsent" || failure.kind === "heldUnsent") {
    tell(page, { kind: "failure", failure }, true);
    return [];
  }
  if (failure.kind === "nameUnknown" && !NAME_PATTERN.test(failure.name)) {
    return loginFailed(page, { kind: "nameInvalid", name: failure.name });
  }
  if (failure.kind === "nameUnknown" && login.step === "login") {
    page.login = { ...login, step: "register", isBusy: false, problems: {} };
    return [focusOn("login-repeat")];
  }
  const field = loginFieldOf(failure);
  page.login = failed(login, field, failure, nowSeconds);
  if (field === "invitation") page.login = { invitation: "", ...page.login };
  return field === "form" ? [] : [focusOn(`login-${field}`)];
}

const NOBODY_THERE = ["unknown-user", "name-invalid", "bad-request"];

function openingFailed(page: Page, failure: Failure): void {
  const code = failure.kind === "refused" ? failure.refusal.code : "";
  if (page.opened !== undefined) page.opened = { ...page.opened, asked: undefined };
  page.target = undefined;
  if (NOBODY_THERE.includes(code)) notOpened(page);
  else tell(page, { kind: "failure", failure }, true);
}
