/**
 * Handlers for logging in and out: LOGIN_1, LOGIN_2, RESUME, LOGOUT (client protocol, sections 3 and 4).
 *
 * @module
 */

import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { Account, Password, Token } from "../core/accounts/account.ts";
import { dummyHash } from "../core/accounts/bcrypt_hash.ts";
import { accountIsDisabled } from "../core/accounts/endings.ts";
import { bearersOf, isTaken, nameProblem } from "../core/accounts/register.ts";
import { decideLogout, findToken, issueToken } from "../core/accounts/tokens.ts";
import { allNames } from "../core/accounts/users.ts";
import { isLoopback } from "../core/address.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import { deliveredEvents } from "../core/messages/marks.ts";
import { whenCaughtUp } from "./caught_up.ts";
import type { Guess } from "./guess.ts";
import { renewHash } from "./hash_renewal.ts";
import { checkPassword } from "./password_check.ts";
import { register } from "./registration.ts";
import { canIssue } from "./room.ts";
import type { Session } from "./session.ts";
import { addressEvents, loginGuess } from "./standing.ts";

/** LOGIN_1: answers if a user exists. Gives no right and takes none. */
export function startLogin(session: Session, payload: RequestPayload<"startLogin">): void {
  const { name } = payload;
  const { state, settings, ports } = session.node;
  const account = state.directory.find(name);
  const problem = account ? undefined : nameProblem(name);
  if (problem) return session.refuse("startLogin", problem);
  const existing = account !== undefined || isTaken(state, name);
  if (!existing && ports.replication.isBehind) {
    return whenCaughtUp(session, "startLogin", () => startLogin(session, payload));
  }
  session.pendingLogin = { name: account?.name ?? name, existing };
  if (!session.loggedIn) session.deadlineMs = ports.clock.monotonicMs() + settings.limits.loginMs;
  const reply = { name: existing ? "userExisting" : "userNotExisting", payload: null } as const;
  if (session.dialect === "confirmed") session.answer("startLogin", reply);
  else session.answerOriginal(reply);
}

/** LOGIN_2: makes the account if LOGIN_1 found none, else compares the password. */
export function finishLogin(session: Session, { password, invitation }: RequestPayload<"finishLogin">): void {
  const pending = session.pendingLogin;
  if (pending === undefined) {
    return session.refuse(
      "finishLogin",
      refusal("bad-request", "LOGIN_2 follows LOGIN_1, which names the user"),
    );
  }
  const { name } = pending;
  if (pending.existing) return verify(session, name, password);
  register(session, { name, password, invitation }, (account) => {
    session.pendingLogin = { name, existing: true };
    logIn(session, account, true);
  });
}

/** Logs in to the account that the password fits, of those that may be meant by the name. */
function verify(session: Session, name: string, password: string): void {
  const bearers = bearersOf(session.node.state, name).flatMap((account): LoginCandidate[] => {
    const { password: present, passwordHash: hash } = account;
    return hash === undefined ? [] : [{ guess: loginGuess(session, account), hash, account, present }];
  });
  const candidates = bearers.length > 0 ? bearers : [nobody(session, name)];
  checkPassword(session, { request: "finishLogin", name, candidates, password }, (fitting) => {
    const { account, present } = fitting ?? {};
    // The hash may have been renewed meanwhile: the password is the same.
    if (!account?.alive || account.password !== present) {
      session.ports.logger.info("loginFailed", { user: name, address: session.address });
      return fail(session);
    }
    // Whoever has shown that the account is theirs; nobody else learns that it is disabled.
    if (account.isDisabled) return session.refuse("finishLogin", accountIsDisabled());
    logIn(session, account);
    renewHash(session, account, password);
  });
}

/** An account that a login may mean, with its password at this moment. */
interface LoginCandidate {
  readonly guess: Guess;
  readonly hash: string;
  readonly account?: Account;
  readonly present?: Password | undefined;
}

/** The candidate under a name that no account has: a login to it costs as much, and counts as much. */
function nobody({ address, node }: Session, name: string): LoginCandidate {
  const guess: Guess = { account: `name ${name.toLowerCase()}`, address, standing: "stranger" };
  return { guess, hash: dummyHash(node.settings.hashCost) };
}

/** Replies LOGIN_FAILED, which rests on nothing that was written. */
function fail(session: Session): void {
  session.watch.refused("login-failed");
  const reply = { name: "loginFailed", payload: null } as const;
  if (session.dialect === "confirmed") session.outlet.reply(reply);
  else session.outlet.replyOriginal(reply);
}

/** Logs in after the password was found right, or the account made. */
function logIn(session: Session, account: Account, isNew = false): void {
  const { node, ports } = session;
  const problem = sessionProblem(session, account);
  if (problem) return session.refuse("finishLogin", problem);
  if (session.dialect === "confirmed") {
    const secret = canIssue(node, account) ? hex(ports.random.bytes(RANDOM_BYTES.token)) : "";
    session.enter(account, issue(session, account, secret));
    return session.answer("finishLogin", loginSuccess(account, secret));
  }
  const events = [...addressEvents(session, account), ...deliveredEvents(account, node.settings.limits)];
  if (!node.ports.log.readOnly) node.apply(events, session);
  session.enter(account, undefined);
  session.lists.beginWhole(account, allNames(node.state, node.settings.limits), (payload) => {
    const names: OriginalReply = { name: "loginSuccess", payload };
    session.answerOriginal(names, isNew ? "finishLogin" : undefined);
  });
}

/** The reason why an account cannot have one more session here, if there is one. */
export function sessionProblem(session: Session, account: Account): Refusal | undefined {
  const { audience, settings } = session.node;
  const { sessionsPerAccount, connectionsPerAddress, loopbackExempt } = settings.limits;
  const ofAccount = audience.of(account).filter((other) => other !== session).length;
  if (sessionsPerAccount > 0 && ofAccount >= sessionsPerAccount) {
    const message =
      `${account.name} has ${ofAccount} sessions on this node and the limit is ${sessionsPerAccount}`;
    return refusal("too-many-sessions", `${message}; log out elsewhere first`);
  }
  const { address } = session;
  if (session.loggedIn || connectionsPerAddress === 0 || (loopbackExempt && isLoopback(address))) {
    return undefined;
  }
  const atAddress = audience.atAddress(address);
  if (atAddress < connectionsPerAddress) return undefined;
  const message = `${atAddress} sessions come from your address and the limit is ${connectionsPerAddress}`;
  return refusal("too-many-sessions", `${message}; close one first`);
}

/** Issues the token of a secret, and makes the address known; none where nothing can be written. */
function issue(session: Session, account: Account, secret: string): Token | undefined {
  if (secret === "") return undefined;
  const { node } = session;
  const inUse = new Set(node.audience.of(account).map((other) => other.token));
  const hash = session.ports.digest(secret);
  const issued = issueToken(node.state, account, hash, inUse, node.settings.limits);
  node.apply([...addressEvents(session, account), ...issued], session);
  return node.state.tokens.get(hash);
}

function loginSuccess(account: Account, secret: string): ConfirmedReply {
  const { name, unread, id } = account;
  return { name: "loginSuccess", payload: { name, token: secret, unread, account: id } };
}

/** RESUME: logged in again by a token. Writes nothing, unless it comes from an address that is new to the account. */
export function resume(session: Session, payload: RequestPayload<"resume">): void {
  const { node } = session;
  const { state, settings, ports: { clock, replication } } = node;
  const hash = session.ports.digest(payload.token);
  const token = findToken(state, hash, clock.wallMs(), settings.limits);
  if (token === undefined) {
    if (!replication.isBehind) return fail(session);
    return whenCaughtUp(session, "resume", () => resume(session, payload));
  }
  if (token.account.isDisabled) return session.refuse("resume", accountIsDisabled());
  const problem = sessionProblem(session, token.account);
  if (problem) return session.refuse("resume", problem);
  node.tokenUses.add(token);
  node.apply(addressEvents(session, token.account), session);
  session.enter(token.account, token);
  session.admittance.giveBack();
  session.answer("resume", loginSuccess(token.account, payload.token));
}

/** LOGOUT: the token is void, its sessions end; this connection stays. */
export function logout(session: Session): void {
  if (session.carryOut("logout", decideLogout(session.token))) session.leave();
}
