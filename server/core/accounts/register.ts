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
import type { Invitation } from "./invitation.ts";

/** Refusal if a name cannot be registered. */
export function nameProblem(name: string): Refusal | undefined {
  if (NAME_PATTERN.test(name)) return undefined;
  const shown = JSON.stringify(name.slice(0, 64));
  return refusal(
    "name-invalid",
    `${shown} is no name: a name has 1 to 32 of A-Z, a-z, 0-9, dot, underscore and hyphen, and begins with a letter or digit`,
  );
}

/**
 * Refusal if a password holds a NUL character, which ends it for bcrypt. One that is too long is compared as bcrypt
 * does it, by its first 72 bytes: it may be that of an imported account.
 */
export function passwordReadProblem(password: string): Refusal | undefined {
  if (!password.includes("\0")) return undefined;
  return refusal("password-invalid", "a password holds no NUL character; leave it out");
}

/** Refusal if a password cannot be chosen: it is too short or too long, or `passwordReadProblem` refuses it. */
export function passwordChoiceProblem(password: string, limits: Limits): Refusal | undefined {
  const bytes = utf8Bytes(password);
  if (bytes < limits.passwordBytesMin) {
    return refusal(
      "password-invalid",
      `the password has ${bytes} bytes and the least is ${limits.passwordBytesMin}; choose a longer one`,
    );
  }
  if (bytes <= limits.passwordBytesMax) return passwordReadProblem(password);
  return refusal(
    "password-invalid",
    `the password has ${bytes} bytes and the limit is ${limits.passwordBytesMax}; choose a shorter one`,
  );
}

/** Refusal of a name that belongs to another account. */
export function nameTaken(name: string): Refusal {
  return refusal("name-taken", `the name ${name} belongs to somebody else; choose another`);
}

/** Maximum number of passwords that one login is compared with: each comparison costs a bcrypt. */
const BEARERS_MAX = 4;

/**
 * Living accounts that a login under this name may mean, at most four: the holder of the name, then its
 * namesakes, which were registered under it and renamed.
 */
export function bearersOf(state: State, name: string): Account[] {
  const holder = state.directory.find(name);
  const renamed = state.directory.namesakes(name).filter((account) => account.alive && account !== holder);
  return [...(holder ? [holder] : []), ...renamed].slice(0, BEARERS_MAX);
}

/** True if nobody can register under a name: the new account would be renamed at once. */
export function isTaken(state: State, name: string): boolean {
  return bearersOf(state, name).length > 0;
}

/**
 * Creates an account; refuses a name that is invalid or has been taken by now.
 *
 * @param hash bcrypt hash of the password
 * @param id of the new account
 * @param invitation the one that is used; `undefined` if none is needed
 */
export function decideRegister(
  state: State,
  name: string,
  hash: string,
  id: string,
  invitation?: Invitation,
): AccountCreated | Refusal {
  const problem = nameProblem(name);
  if (problem) return problem;
  if (isTaken(state, name)) return nameTaken(name);
  const account: AccountCreated = { type: "accountCreated", account: id, name, hash };
  const created = invitation === undefined ? account : { ...account, invitation: invitation.hash };
  return state.latestDeletion === 0 ? created : { ...created, knewDeletionsTo: state.latestDeletion };
}

/** The event as it is logged: nearly always, its stamp is later than all deletions, and says that itself. */
export function knowingDeletions(event: AccountCreated, stamp: number): AccountCreated {
  const { knewDeletionsTo, ...created } = event;
  return knewDeletionsTo === undefined || knewDeletionsTo < stamp ? created : event;
}
