/**
 * Handlers for the asker's own account: another password, or its end (client protocol, CHANGE_PASSWORD,
 * DELETE_ACCOUNT).
 *
 * @module
 */

import type { RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import type { Account } from "../core/accounts/account.ts";
import { dummyHash } from "../core/accounts/bcrypt_hash.ts";
import { decideDeleteAccount } from "../core/accounts/deletion.ts";
import { decideChangePassword } from "../core/accounts/passwords.ts";
import { passwordChoiceProblem } from "../core/accounts/register.ts";
import { refusal } from "../core/decision.ts";
import { checkPassword, hashPassword } from "./password_check.ts";
import type { Session } from "./session.ts";
import { sessionGuess } from "./standing.ts";

/** DELETE_ACCOUNT: in the original dialect the login is enough. */
export function deleteAccount(session: Session, { password }: RequestPayload<"deleteAccount">): void {
  const { account } = session;
  if (account === undefined) return;
  if (session.dialect === "original") return remove(session, account);
  confirm(session, "deleteAccount", password, () => remove(session, account));
}

function remove(session: Session, account: Account): void {
  const { name } = account;
  if (!session.carryOut("deleteAccount", decideDeleteAccount(account))) return;
  session.ports.logger.info("accountDeleted", { user: name, address: session.address });
  session.end();
}

/** CHANGE_PASSWORD: every other session and token of the account is void. */
export function changePassword(session: Session, request: RequestPayload<"changePassword">): void {
  const problem = passwordChoiceProblem(request.new, session.node.settings.limits);
  if (problem) return session.refuse("changePassword", problem);
  confirm(session, "changePassword", request.old, (account) => {
    hashPassword(session, "changePassword", account.name, request.new, (hash) => {
      if (!account.alive || session.account !== account) return notYours(session, "changePassword");
      session.carryOut("changePassword", decideChangePassword(account, hash, session.token));
    });
  });
}

/** Goes on if the password is the account's at this moment. */
function confirm(
  session: Session,
  request: RequestName,
  password: string,
  then: (account: Account) => void,
): void {
  const { account, node } = session;
  if (account === undefined) return;
  const { password: present } = account;
  const hash = account.passwordHash ?? dummyHash(node.settings.hashCost);
  const candidates = [{ guess: sessionGuess(session, account), hash }];
  checkPassword(session, { request, name: account.name, candidates, password }, (fitting) => {
    // The hash may have been renewed meanwhile: the password is the same.
    if (fitting === undefined || account.password !== present || session.account !== account) {
      notYours(session, request);
    } else then(account);
  });
}

function notYours(session: Session, request: RequestName): void {
  session.refuse(request, refusal("login-failed", "the password is not the one of this account; try again"));
}
