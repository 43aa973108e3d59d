/**
 * Leaving an account: logged out, with or without a node that hears of it.
 *
 * @module
 */

import { tellMarks } from "./marks.ts";
import { tellUnsent } from "./messages.ts";
import type { Step } from "./step.ts";
import { lookAway } from "./watching.ts";

/**
 * Logs out. Without a node that could hear of it, a person is logged out here at once: queued, it would end the login
 * when nobody expects it. A program waits for the answer to each of its lines.
 */
export function logOut(step: Step): void {
  const { options: { script }, account, node, loggedIn, pending } = step.model;
  tellMarks(step);
  const isHeard = node !== undefined && (loggedIn || pending.isUnderWay("resume"));
  if (isHeard || script) step.ask({ name: "logout", payload: null }, { kind: "logout" });
  else if (account !== undefined) leaveAccount(step, "loggedOutHere");
}

/** The account is not used here any more. */
export function leaveAccount(step: Step, kind: "loggedOut" | "loggedOutHere" | "accountDeleted"): void {
  const { account } = step.model;
  if (account !== undefined) step.notice({ kind, name: account.name });
  if (kind === "loggedOutHere" && account?.token) {
    step.effects.push({ kind: "endLogin", name: account.name, token: account.token });
  }
  forgetAccount(step);
}

/** Nobody is logged in any more: nothing of the account stays. */
export function forgetAccount(step: Step): void {
  const { model } = step;
  if (model.account !== undefined) model.forgotten++;
  tellUnsent(step, model.account?.name);
  model.pending.clear();
  model.account = undefined;
  model.loggedIn = false;
  model.loginRefusal = undefined;
  model.focus = undefined;
  model.lastSender = undefined;
  model.olderFound = undefined;
  model.chats.clear();
  model.messages.clear();
  model.marks.delivered.clear();
  model.marks.read.clear();
  model.deleted.clear();
  model.unconfirmed.clear();
  model.isRestored = false;
  model.listed = [];
  model.blocked = [];
  lookAway(model);
}
