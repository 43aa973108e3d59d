/**
 * A password that is known before it is asked for.
 *
 * @module
 */

import type { Question } from "../core/model.ts";

/** Answers the questions of one login; after a wrong password the person is asked. */
export class PasswordAnswer {
  #password: string | undefined;

  /** @param password the answer; `undefined` answers nothing */
  constructor(password: string | undefined) {
    this.#password = password;
  }

  /** The answer to a question; `undefined` if the person is to give it. */
  to(question: Question | undefined): string | undefined {
    const password = this.#password;
    switch (question?.kind) {
      case "newPassword":
        return password;
      case "password":
      case "repeatPassword":
        this.#password = undefined;
        return password;
      default:
        return undefined;
    }
  }
}
