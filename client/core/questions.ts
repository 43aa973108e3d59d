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
import { EXIT, type Turn } from "./step.ts";

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
export function takeAnswer(turn: Turn, text: string): void {
  const { model } = turn;
  const { question } = model;
  model.question = undefined;
  switch (question?.kind) {
    case "name":
      return takeName(turn, text.trim());
    case "password":
      return finishLogin(turn, text);
    case "newPassword":
      return takeNewPassword(turn, question, text, {
        kind: "repeatPassword",
        name: question.name,
        first: text,
      });
    case "repeatPassword":
      if (text === question.first) return finishLogin(turn, text);
      return askAgain(turn, { kind: "newPassword", name: question.name });
    case "oldPassword":
      model.question = { kind: "nextPassword", old: text };
      return;
    case "nextPassword":
      return takeNewPassword(turn, question, text, {
        kind: "repeatNextPassword",
        old: question.old,
        first: text,
      });
    case "repeatNextPassword":
      if (text !== question.first) return askAgain(turn, { kind: "nextPassword", old: question.old });
      return turn.ask({ name: "changePassword", payload: { old: question.old, new: text } }, {
        kind: "changePassword",
      });
    case "accountName":
      if (sameName(text.trim(), model.account?.name)) model.question = { kind: "accountPassword" };
      else turn.notice("that is not the name of the account; nothing was deleted");
      return;
    case "accountPassword":
      return turn.ask({ name: "deleteAccount", payload: { password: text } }, { kind: "deleteAccount" });
    case undefined:
      return;
  }
}

function takeName(turn: Turn, name: string): void {
  if (NAME_PATTERN.test(name)) return startLogin(turn, name, "start");
  if (name !== "") turn.error(nameProblem(name));
  turn.model.question = { kind: "name" };
}

function takeNewPassword(turn: Turn, question: Question, text: string, next: Question): void {
  const { passwordBytesMin: min, passwordBytesMax: max } = DEFAULT_LIMITS;
  const bytes = utf8Bytes(text);
  if (bytes >= min && bytes <= max && !text.includes("\0")) {
    turn.model.question = next;
    return;
  }
  turn.error(
    `a password takes ${min} to ${max} bytes, and this one has ${bytes}; choose another`,
    EXIT.login,
  );
  if (turn.model.options.script) turn.leave(EXIT.login);
  else turn.model.question = question;
}

function askAgain(turn: Turn, question: Question): void {
  turn.error("the two passwords differ; choose one again", EXIT.login);
  turn.model.question = question;
}

/** The person does not want to answer: at the start of the program that ends it. */
export function cancelQuestion(turn: Turn): void {
  const { model } = turn;
  const { login, account } = model;
  model.question = undefined;
  model.login = undefined;
  const again = login?.intent === "again";
  if (again) model.account = undefined;
  if (account === undefined && (login === undefined || login.intent === "start")) {
    return turn.leave(EXIT.login);
  }
  turn.notice(again ? "not logged in any more; /login NAME logs in again" : "nothing was changed");
}
