/**
 * What the person is asked, and what becomes of the answers.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../common/limits.ts";
import { NAME_PATTERN } from "../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../common/wire/bytes.ts";
import { finishLogin, nameProblem, startLogin } from "./login.ts";
import { sameName } from "./messages.ts";
import type { Question } from "./model.ts";
import { EXIT, type Step } from "./step.ts";

/** What is shown in place of the prompt. */
export function questionText(question: Question): string {
  switch (question.kind) {
    case "name":
      return "name: ";
    case "password":
      return `password for ${question.name}: `;
    case "newPassword":
      return `new account ${question.name}: choose a password: `;
    case "repeatPassword":
    case "repeatNextPassword":
      return "the same password again: ";
    case "oldPassword":
    case "accountPassword":
      return "your password: ";
    case "nextPassword":
      return "new password: ";
    case "accountName":
      return "type the name of the account to delete it: ";
  }
}

/** Whether the answer must not be seen. */
export function isSecret(question: Question | undefined): boolean {
  return question !== undefined && question.kind !== "name" && question.kind !== "accountName";
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
      else step.notice("that is not the name of the account; nothing was deleted");
      return;
    case "accountPassword":
      return step.ask({ name: "deleteAccount", payload: { password: text } }, { kind: "deleteAccount" });
    case undefined:
      return;
  }
}

function takeName(step: Step, name: string): void {
  if (NAME_PATTERN.test(name)) return startLogin(step, name, "start");
  if (name !== "") step.error(nameProblem(name));
  step.model.question = { kind: "name" };
}

function takeNewPassword(step: Step, question: Question, text: string, next: Question): void {
  const { passwordBytesMin: min, passwordBytesMax: max } = DEFAULT_LIMITS;
  const bytes = utf8Bytes(text);
  if (bytes >= min && bytes <= max && !text.includes("\0")) {
    step.model.question = next;
    return;
  }
  step.error(
    `a password takes ${min} to ${max} bytes, and this one has ${bytes}; choose another`,
    EXIT.login,
  );
  if (step.model.options.script) step.leave(EXIT.login);
  else step.model.question = question;
}

function askAgain(step: Step, question: Question): void {
  step.error("the two passwords differ; choose one again", EXIT.login);
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

/** The person does not want to answer: at the start of the program that ends it. */
export function cancelQuestion(step: Step): void {
  const { model } = step;
  const { login, account } = model;
  model.question = undefined;
  model.login = undefined;
  const again = login?.intent === "again";
  if (again) model.account = undefined;
  if (account === undefined && (login === undefined || login.intent === "start")) {
    return step.leave(EXIT.login);
  }
  step.notice(again ? "not logged in any more; /login NAME logs in again" : "nothing was changed");
}
