/**
 * The end of a login on the page, and the parts of it that the next account must not see.
 *
 * @module
 */

import { newLoginForm } from "./forms.ts";
import { go } from "./navigation.ts";
import { focusOn, type Order } from "./orders.ts";
import { forgetAccount, type Page, quieten } from "./page.ts";

/** Nobody is logged in any more: nothing of the account stays on the page. */
export function leaveAccount(page: Page, name: string): readonly Order[] {
  forgetAccount(page);
  page.wanted = undefined;
  page.login = newLoginForm(name);
  return [{ kind: "forgetLogin" }, go({ kind: "chats" }, true), ...toLogin(page)];
}

/** The session has ended: whoever sits there now may be somebody else, or the same person who goes on. */
export function leaveSession(page: Page, name: string): readonly Order[] {
  quieten(page);
  page.wanted = undefined;
  page.login = newLoginForm(name);
  return [{ kind: "forgetLogin" }, ...toLogin(page)];
}

/**
 * Before anything of a login is shown: if it is that of another account, nothing of the one before stays. An address
 * that was opened since is for whoever logs in.
 */
export function leaveFormer(page: Page): readonly Order[] {
  const { model: { loggedIn, forgotten }, wanted = { kind: "chats" } } = page;
  if (!loggedIn || page.forgotten === forgotten) return [];
  page.forgotten = forgotten;
  forgetAccount(page);
  page.route = wanted;
  return [go(wanted, true)];
}

function toLogin({ isTouch }: Page): readonly Order[] {
  return isTouch ? [] : [focusOn("login-password")];
}
