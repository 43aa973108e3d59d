/**
 * Requests about the account that come with everything they need, as from a form: nothing is asked, and a failure
 * is the answer.
 *
 * @module
 */

import { startLogin } from "./login.ts";
import { sameName } from "./messages.ts";
import { passwordFailure } from "./passwords.ts";
import type { Step } from "./step.ts";

/** Logs in, or makes an account and logs in; an open question is not asked any more. */
export function enter(
  step: Step,
  intent: "login" | "register",
  name: string,
  { password, invitation }: { readonly password: string; readonly invitation?: string | undefined },
): void {
  step.model.question = undefined;
  const failure = intent === "register" ? passwordFailure(password) : undefined;
  if (failure !== undefined) return step.fail(failure);
  startLogin(step, name, intent, { form: password, invitation });
}

/** Changes the password. */
export function changePassword(step: Step, { old, new: next }: { old: string; new: string }): void {
  const failure = passwordFailure(next);
  if (failure !== undefined) return step.fail(failure);
  step.ask({ name: "changePassword", payload: { old, new: next } }, { kind: "changePassword" });
}

/** Deletes the account of that name, if it is the own one. */
export function deleteAccount(step: Step, name: string, password: string): void {
  if (!sameName(name, step.model.account?.name)) return step.notice({ kind: "accountKept" });
  step.ask({ name: "deleteAccount", payload: { password } }, { kind: "deleteAccount" });
}
