/**
 * The rules for names, passwords and new accounts (client protocol, LOGIN_1 and LOGIN_2).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { NAME_PATTERN } from "../../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import { type Refusal, refusal } from "../decision.ts";
import type { AccountCreated } from "../events.ts";
import type { State } from "../state.ts";
import type { Account } from "./account.ts";

/** Why nobody can register under a name, if so. */
export function nameProblem(name: string): Refusal | undefined {
  if (NAME_PATTERN.test(name)) return undefined;
  const shown = JSON.stringify(name.slice(0, 64));
  return refusal(
    "name-invalid",
    `${shown} is no name: a name has 1 to 32 of A-Z, a-z, 0-9, dot, underscore and hyphen, and begins with a letter or digit`,
  );
}

/** Why a password cannot be compared with a hash, if so: bcrypt would look at a part of it only. */
export function passwordReadProblem(password: string, limits: Limits): Refusal | undefined {
  const bytes = utf8Bytes(password);
  if (bytes > limits.passwordBytesMax) {
    return refusal(
      "password-invalid",
      `the password has ${bytes} bytes and the limit is ${limits.passwordBytesMax}; choose a shorter one`,
    );
  }
  if (password.includes("\0")) {
    return refusal("password-invalid", "a password holds no NUL character; leave it out");
  }
  return undefined;
}

/** Why a password cannot be chosen, if so. */
export function passwordChoiceProblem(password: string, limits: Limits): Refusal | undefined {
  const bytes = utf8Bytes(password);
  if (bytes >= limits.passwordBytesMin) return passwordReadProblem(password, limits);
  return refusal(
    "password-invalid",
    `the password has ${bytes} bytes and the least is ${limits.passwordBytesMin}; choose a longer one`,
  );
}

/** The refusal for a name that somebody has. */
export function nameTaken(name: string): Refusal {
  return refusal("name-taken", `the name ${name} belongs to somebody else; choose another`);
}

/** At most how many passwords a login by one name is compared with: each takes as long as a login. */
const BEARERS_MAX = 4;

/**
 * Who may mean themselves by a name, all of them alive: who has it, then those who registered it too and were
 * renamed because another had it.
 */
export function bearersOf(state: State, name: string): Account[] {
  const holder = state.directory.find(name);
  const renamed = state.directory.namesakes(name).filter((account) => account.alive && account !== holder);
  return [...(holder ? [holder] : []), ...renamed].slice(0, BEARERS_MAX);
}

/** Whether nobody can register under a name: who did so would be renamed at once. */
export function isTaken(state: State, name: string): boolean {
  return bearersOf(state, name).length > 0;
}

/** A new account, unless somebody has the name by now. */
export function decideRegister(
  state: State,
  name: string,
  hash: string,
  random: string,
): AccountCreated | Refusal {
  const problem = nameProblem(name);
  if (problem) return problem;
  if (isTaken(state, name)) return nameTaken(name);
  return { type: "accountCreated", account: `${name.toLowerCase()}.${random}`, name, hash };
}
