/**
 * Actions of forms: login, another password, deletion of the account.
 *
 * @module
 */

import { heldCount } from "../../core/messages.ts";
import type { Action } from "./actions.ts";
import {
  type ChangeForm,
  changeProblems,
  type DeletionForm,
  deletionProblems,
  loginProblems,
  NEW_CHANGE_FORM,
  NEW_DELETION_FORM,
  newLoginForm,
  type Problems,
  waitOf,
} from "./forms.ts";
import { dispatch, focusOn, type Order } from "./orders.ts";
import type { Page } from "./page.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

/** A field of the login was typed into; its problem is not told any more. */
export function loginTyped(page: Page, { field, text }: Of<"loginTyped">): readonly Order[] {
  page.login = typedInto(page.login, field, text);
  return [];
}

function typedInto<Form extends { readonly problems: Problems<Field> }, Field extends string>(
  form: Form,
  field: Field,
  text: string,
): Form {
  const { [field]: _, ...problems } = form.problems as Record<string, unknown>;
  return { ...form, [field]: text, problems };
}

/** The first field with a problem, in the order of the form. */
function firstOf<Field extends string>(problems: Problems<Field>): Field | undefined {
  return Object.keys(problems).find((field): field is Field => field !== "form");
}

/** Sends the login, or the account to make. */
export function loginSubmitted(page: Page): readonly Order[] {
  const { login, nowSeconds } = page;
  if (login.isBusy || waitOf(login, nowSeconds) > 0) return [];
  const problems = loginProblems(login);
  const first = firstOf(problems);
  page.login = { ...login, problems, isBusy: first === undefined };
  if (first !== undefined) return [focusOn(`login-${first}`)];
  const { step: kind, name, password, invitation } = login;
  return [dispatch({ kind, name: name.trim(), password, invitation }, "login")];
}

/** Back from making an account to the login. */
export function loginAgain(page: Page): readonly Order[] {
  const { name, password, invitation } = page.login;
  page.login = { ...newLoginForm(name), password, invitation };
  return [focusOn("login-name")];
}

/** Opens the form for another password. */
export function askForPassword(page: Page): readonly Order[] {
  page.dialog = { kind: "changePassword", form: NEW_CHANGE_FORM };
  return [{ kind: "holdFocus" }];
}

/** A field of the form for another password was typed into. */
export function passwordTyped(page: Page, { field, text }: Of<"passwordTyped">): readonly Order[] {
  const { dialog } = page;
  if (dialog?.kind === "changePassword") setChange(page, typedInto(dialog.form, field, text));
  return [];
}

/** Sends another password. */
export function passwordSubmitted(page: Page): readonly Order[] {
  const { dialog, nowSeconds } = page;
  if (dialog?.kind !== "changePassword") return [];
  const { form } = dialog;
  if (form.isBusy || waitOf(form, nowSeconds) > 0) return [];
  const problems = changeProblems(form);
  const first = firstOf(problems);
  setChange(page, { ...form, problems, isBusy: first === undefined });
  if (first !== undefined) return [focusOn(`password-${first}`)];
  const passwords = { old: form.old, new: form.next };
  return [dispatch({ kind: "changePassword", passwords }, "changePassword")];
}

function setChange(page: Page, form: ChangeForm): void {
  page.dialog = { kind: "changePassword", form };
}

/** Opens the form that deletes the account. */
export function askToDeleteAccount(page: Page): readonly Order[] {
  page.dialog = { kind: "deleteAccount", form: NEW_DELETION_FORM };
  return [{ kind: "holdFocus" }];
}

/** A field of the form that deletes the account was typed into. */
export function deletionTyped(page: Page, { field, text }: Of<"deletionTyped">): readonly Order[] {
  const { dialog } = page;
  if (dialog?.kind === "deleteAccount") setDeletion(page, typedInto(dialog.form, field, text));
  return [];
}

/** Deletes the account, if name and password are there. */
export function deletionSubmitted(page: Page): readonly Order[] {
  const { dialog, nowSeconds, model } = page;
  if (dialog?.kind !== "deleteAccount") return [];
  const { form } = dialog;
  if (form.isBusy || waitOf(form, nowSeconds) > 0) return [];
  const problems = deletionProblems(form, model.account?.name);
  const first = firstOf(problems);
  setDeletion(page, { ...form, problems, isBusy: first === undefined });
  if (first !== undefined) return [focusOn(`deletion-${first}`)];
  const input = { kind: "deleteAccount", name: form.name.trim(), password: form.password } as const;
  return [dispatch(input, "deleteAccount")];
}

function setDeletion(page: Page, form: DeletionForm): void {
  page.dialog = { kind: "deleteAccount", form };
}

/** Logs out; asks before if messages would be lost. */
export function logOut(page: Page): readonly Order[] {
  const { model, waitingElsewhere } = page;
  page.menu = undefined;
  const unsent = model.pending.messageIds.length + heldCount(model) + waitingElsewhere;
  if (unsent === 0) return [dispatch({ kind: "logout" })];
  page.dialog = { kind: "logOut", unsent };
  return [{ kind: "holdFocus" }];
}
