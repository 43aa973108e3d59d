/**
 * The words of the console for questions.
 *
 * @module
 */

import { counted } from "../../../common/counted.ts";
import type { Question } from "../../core/model.ts";

/** A question in words, as it stands in place of the prompt. */
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
    case "invitation":
      return `code of the invitation for ${question.name}: `;
    case "oldPassword":
    case "accountPassword":
      return "your password: ";
    case "nextPassword":
      return "new password: ";
    case "accountName":
      return "type the name of the account to delete it: ";
    case "quitAnyway":
      return `${counted(question.unsent, "message")} would be lost; quit all the same? (yes or no) `;
  }
}

/** Questions whose answers a person has to be able to type again. */
const NEW_PASSWORDS: ReadonlySet<Question["kind"]> = new Set(["newPassword", "nextPassword"]);

/** The problem of a new password that nobody can type, as pasted text may be; `undefined` for any other answer. */
export function untypableText({ kind }: Question, answer: string): string | undefined {
  if (!NEW_PASSWORDS.has(kind) || !/\p{Cc}/u.test(answer)) return undefined;
  return "a line break, a tab or another control character is in that password, and no key types it; choose another";
}

/** The problem that nobody can be asked this question, and the way out. */
export function cannotAskText(question: Question): string {
  const text = questionText(question).replace(/: $/, "");
  return question.kind === "name"
    ? "nobody can be asked for a name here; --user NAME says it"
    : `nobody can be asked here (${text}); --password-file FILE gives a password`;
}
