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

/** The problem that nobody can be asked this question, and the way out. */
export function cannotAskText(question: Question): string {
  const text = questionText(question).replace(/: $/, "");
  return question.kind === "name"
    ? "nobody can be asked for a name here; --user NAME says it"
    : `nobody can be asked here (${text}); --password-file FILE gives a password`;
}
