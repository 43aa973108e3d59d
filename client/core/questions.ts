/**
 * Questions to the person, and their answers.
 *
 * @module
 */

import { NAME_PATTERN } from "../../common/protocol/shapes.ts";
import { finishLogin, startLogin } from "./login.ts";
import { sameName } from "./messages.ts";
import type { Question } from "./model.ts";
import { passwordFailure } from "./passwords.ts";
import { quit } from "./sending.ts";
import type { Step } from "./step.ts";

/** The questions whose answers may be seen. */
const OPEN: ReadonlySet<Question["kind"]> = new Set(["name", "invitation", "accountName", "quitAnyway"]);

/** True if the answer must not be seen. */
export function isSecret(question: Question | undefined): boolean {
  return question !== undefined && !OPEN.has(question.kind);
}

/** Acts upon the answer to the question that is open. */
export function takeAnswer(step: Step, text: string): void {
  const { model } = step;
  const { question } = model;
  model.question = undefined;
  switch (question?.kind) {
    case "name":
      return takeName(step, text.trim());
    case "password":
      return finishLogin(step, text);
    case "newPassword":
      return takeNewPassword(step, question, text, {
        kind: "repeatPassword",
        name: question.name,
        first: text,
      });
    case "repeatPassword":
      if (text === question.first) return finishLogin(step, text);
      return askAgain(step, { kind: "newPassword", name: question.name });
    case "invitation":
      if (model.login !== undefined) model.login.invitation = text;
      return finishLogin(step, question.password);
    case "oldPassword":
      model.question = { kind: "nextPassword", old: text };
      return;
    case "nextPassword":
      return takeNewPassword(step, question, text, {
        kind: "repeatNextPassword",
        old: question.old,
        first: text,
      });
    case "repeatNextPassword":
      if (text !== question.first) return askAgain(step, { kind: "nextPassword", old: question.old });
      return step.ask({ name: "changePassword", payload: { old: question.old, new: text } }, {
        kind: "changePassword",
      });
    case "accountName":
      if (sameName(text.trim(), model.account?.name)) model.question = { kind: "accountPassword" };
      else step.notice({ kind: "accountKept" });
      return;
    case "accountPassword":
      return step.ask({ name: "deleteAccount", payload: { password: text } }, { kind: "deleteAccount" });
    case "quitAnyway":
      if (/^y(es)?$/i.test(text.trim())) quit(step, true);
      else step.notice({ kind: "notQuit" });
      return;
    case undefined:
      return;
  }
}

function takeName(step: Step, name: string): void {
  if (NAME_PATTERN.test(name)) return startLogin(step, name, "start");
  if (name !== "") step.fail({ kind: "nameInvalid", name });
  step.model.question = { kind: "name" };
}

function takeNewPassword(step: Step, question: Question, text: string, next: Question): void {
  const failure = passwordFailure(text);
  if (failure === undefined) {
    step.model.question = next;
    return;
  }
  step.fail(failure);
  if (step.model.options.script) step.leave({ kind: "failed", failure });
  else step.model.question = question;
}

function askAgain(step: Step, question: Question): void {
  step.fail({ kind: "passwordsDiffer" });
  step.model.question = question;
}

/** Asks for the present password, then for the new one. */
export function askToChangePassword({ model }: Step): void {
  model.question = { kind: "oldPassword" };
}

/** Asks for the password of an account to delete, before that for its name unless that is given. */
export function askToDeleteAccount({ model }: Step, name: string | undefined): void {
  model.question = { kind: sameName(name, model.account?.name) ? "accountPassword" : "accountName" };
}

/** The person refuses to answer: at the start of the program that ends it. */
export function cancelQuestion(step: Step): void {
  const { model } = step;
  const { login, account, question } = model;
  model.question = undefined;
  if (question?.kind === "quitAnyway") return step.notice({ kind: "notQuit" });
  model.login = undefined;
  const again = login?.intent === "again";
  if (again) model.account = undefined;
  if (account === undefined && (login === undefined || login.intent === "start")) {
    return step.leave({ kind: "notLoggedIn" });
  }
  step.notice({ kind: "questionCancelled", loggedOut: again });
}
