/**
 * The forms of the page: what was typed, and the problem of each field.
 *
 * @module
 */

import type { Failure } from "../../core/failures.ts";
import { sameName } from "../../core/messages.ts";
import type { DeletionField, LoginField, PasswordField } from "./actions.ts";

/** The problem of a field, or of a whole form. */
export type Problem =
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "missing" }
  | { readonly kind: "differs" }
  /** The name of the account is another one. */
  | { readonly kind: "otherName" };

/** Problems by field; `form` for those of no field. */
export type Problems<Field extends string> = Readonly<Partial<Record<Field | "form", Problem>>>;

/** What every form has. */
export interface Form<Field extends string> {
  readonly problems: Problems<Field>;
  /** True until the answer is there. */
  readonly isBusy: boolean;
  /** Time from which on another try makes sense, seconds. */
  readonly retryAt: number | undefined;
}

/** The form to log in, or to make an account once nobody has the name. */
export interface LoginForm extends Form<LoginField> {
  readonly step: "login" | "register";
  readonly name: string;
  readonly password: string;
  readonly repeat: string;
  /** The code of an invitation; `undefined` until one is needed, or came with the address. */
  readonly invitation?: string | undefined;
}

/** The form for another password. */
export interface ChangeForm extends Form<PasswordField> {
  readonly old: string;
  readonly next: string;
  readonly repeat: string;
}

/** The form that deletes the account. */
export interface DeletionForm extends Form<DeletionField> {
  readonly name: string;
  readonly password: string;
}

const FRESH = { problems: {}, isBusy: false, retryAt: undefined };

/** A login form with a name. */
export function newLoginForm(name: string): LoginForm {
  return { ...FRESH, step: "login", name, password: "", repeat: "" };
}

/** An empty form for another password. */
export const NEW_CHANGE_FORM: ChangeForm = { ...FRESH, old: "", next: "", repeat: "" };

/** An empty form that deletes the account. */
export const NEW_DELETION_FORM: DeletionForm = { ...FRESH, name: "", password: "" };

const MISSING: Problem = { kind: "missing" };

/** The problems of a login form before it is sent. */
export function loginProblems({ step, name, password, repeat }: LoginForm): Problems<LoginField> {
  const isRegister = step === "register";
  return {
    ...(name.trim() === "" && { name: MISSING }),
    ...(password === "" && { password: MISSING }),
    ...(isRegister && repeat !== password && { repeat: { kind: "differs" } as const }),
  };
}

/** The problems of another password before it is sent. */
export function changeProblems({ old, next, repeat }: ChangeForm): Problems<PasswordField> {
  return {
    ...(old === "" && { old: MISSING }),
    ...(next === "" && { next: MISSING }),
    ...(repeat !== next && { repeat: { kind: "differs" } as const }),
  };
}

/** The problems of a deletion before it is sent. */
export function deletionProblems(
  { name, password }: DeletionForm,
  account: string | undefined,
): Problems<DeletionField> {
  return {
    ...(!sameName(name.trim(), account) && { name: { kind: "otherName" } as const }),
    ...(password === "" && { password: MISSING }),
  };
}

/** The field of a login form that a failure is about. */
export function loginFieldOf(failure: Failure): LoginField | "form" {
  switch (failure.kind) {
    case "nameInvalid":
    case "nameTaken":
    case "nameUnknown":
    case "accountGone":
      return "name";
    case "passwordWrong":
    case "passwordLength":
      return "password";
    case "refused":
      return fieldOfCode(failure.refusal.code);
    default:
      return "form";
  }
}

function fieldOfCode(code: string): LoginField | "form" {
  if (code === "name-invalid" || code === "name-taken" || code === "unknown-user") return "name";
  if (code.startsWith("invitation-")) return "invitation";
  return code === "password-invalid" || code === "login-failed" ? "password" : "form";
}

/** The field of the form for another password that a failure is about. */
export function changeFieldOf(failure: Failure): PasswordField | "form" {
  if (failure.kind === "passwordLength") return "next";
  if (failure.kind !== "refused") return "form";
  if (failure.refusal.code === "password-invalid") return "next";
  return failure.refusal.code === "login-failed" ? "old" : "form";
}

/** The field of the form that deletes the account that a failure is about. */
export function deletionFieldOf(failure: Failure): DeletionField | "form" {
  return failure.kind === "refused" && failure.refusal.code === "login-failed" ? "password" : "form";
}

/** A form after a failure. */
export function failed<Kind extends Form<Field>, Field extends string>(
  form: Kind,
  field: Field | "form",
  failure: Failure,
  nowSeconds: number,
): Kind {
  const wait = failure.kind === "refused" ? failure.refusal.retryAfter : undefined;
  const problems = { [field]: { kind: "failure", failure } };
  return { ...form, problems, isBusy: false, retryAt: wait === undefined ? undefined : nowSeconds + wait };
}

/** Whole seconds until another try makes sense; 0 if it does now. */
export function waitOf({ retryAt }: Form<string>, nowSeconds: number): number {
  return retryAt === undefined ? 0 : Math.max(0, Math.ceil(retryAt - nowSeconds));
}
