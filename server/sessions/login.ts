/**
 * Logging in and out: LOGIN_1 and LOGIN_2, RESUME, LOGOUT (client protocol, sections 3 and 4).
 *
 * @module
 */

import type { ConfirmedReply, OriginalReply } from "../../common/protocol/replies.ts";
import type { RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import type { Account, Token } from "../core/accounts/account.ts";
import { dummyHash } from "../core/accounts/bcrypt_hash.ts";
import {
  bearersOf,
  decideRegister,
  isTaken,
  nameProblem,
  nameTaken,
  passwordChoiceProblem,
} from "../core/accounts/register.ts";
import { findToken, issueToken, revokeToken } from "../core/accounts/tokens.ts";
import { allNames } from "../core/accounts/users.ts";
import { isLoopback } from "../core/address.ts";
import { isRefusal, readOnly, type Refusal, refuse } from "../core/decision.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import { deliveredEvents } from "../core/messages/marks.ts";
import { checkPassword, hashPassword } from "./password_check.ts";
import { renewHash } from "./hash_renewal.ts";
import type { PendingLogin, Session } from "./session.ts";

/** LOGIN_1: whether there is such a user. Gives no right and takes none. */
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
  if (session.dialect === "confirmed") session.reply(reply);
  else session.replyOriginal(reply);
}

/** LOGIN_2: makes the account if LOGIN_1 found none, else compares the password. */
export function finishLogin(session: Session, { password }: RequestPayload<"finishLogin">): void {
  const pending = session.pendingLogin;
  if (pending === undefined) {
    return session.refuse(
      "finishLogin",
      refuse("bad-request", "LOGIN_2 follows LOGIN_1, which names the user"),
    );
  }
  if (pending.existing) verify(session, pending, password);
  else register(session, pending, password);
}

/** Whoever the password fits of those who may mean themselves by the name. */
function verify(session: Session, { name }: PendingLogin, password: string): void {
  const { state, settings, throttle } = session.node;
  const candidates = bearersOf(state, name).flatMap((account) =>
    account.passwordHash === undefined ? [] : [{ account, hash: account.passwordHash }]
  );
  const hashes = candidates.length > 0 ? candidates.map(({ hash }) => hash) : [dummyHash(settings.hashCost)];
  checkPassword(session, { request: "finishLogin", name, hashes, password }, (fitting) => {
    const account = candidates.find(({ hash }) => hash === fitting)?.account;
    if (!account?.alive || account.passwordHash !== fitting) {
      session.node.ports.logger.info("loginFailed", { user: name, address: session.link.address });
      return fail(session);
    }
    // Who has a name must not open the way to those who were renamed from it.
    if (candidates.length === 1) throttle.loginSucceeded(name.toLowerCase());
    logIn(session, account);
    renewHash(session.node, account, password, session.link.address);
  });
}

/** What is not known here may be on its way: nobody is told that it does not exist before it would be here. */
function whenCaughtUp(session: Session, name: RequestName, then: () => void): void {
  const { replication, clock } = session.node.ports;
  session.beginWait();
  session.node.catchingUp.wait(clock.monotonicMs(), () => {
    if (session.ended) return;
    if (!replication.isBehind) then();
    else {
      const message = "this node has not got everything yet that others have";
      session.refuse(name, refuse("unavailable", `${message}; try again in a second, or another node`, 1));
    }
    session.endWait();
  });
}

function fail(session: Session): void {
  const reply = { name: "loginFailed", payload: null } as const;
  if (session.dialect === "confirmed") session.reply(reply);
  else session.replyOriginal(reply);
}

function register(session: Session, { name }: PendingLogin, password: string): void {
  const { settings, ports } = session.node;
  const problem = passwordChoiceProblem(password, settings.limits) ?? registrationProblem(session, name);
  if (problem) return refuseRegistration(session, problem);
  hashPassword(session, "finishLogin", name, password, (hash) => {
    session.beginWait();
    ports.replication.reserveName(name.toLowerCase(), (granted) => {
      if (session.ended) return;
      if (granted) create(session, name, hash);
      else refuseRegistration(session, nameTaken(name));
      session.endWait();
    });
  });
}

/** Makes the account. Much can have happened while the password was hashed and the name was reserved. */
function create(session: Session, name: string, hash: string): void {
  const { node } = session;
  const { state, ports, throttle } = node;
  const created = registrationProblem(session, name) ??
    decideRegister(state, name, hash, hex(ports.random.bytes(RANDOM_BYTES.account)));
  if (isRefusal(created)) return refuseRegistration(session, created);
  throttle.registered(session.link.address, ports.clock.monotonicMs());
  node.apply([created], session);
  ports.logger.info("registered", { user: name, address: session.link.address });
  session.pendingLogin = { name, existing: true };
  logIn(session, state.account(created.account), true);
}

/** Why nobody can make an account of that name here and now, if so. */
function registrationProblem(session: Session, name: string): Refusal | undefined {
  const { state, ports, throttle } = session.node;
  if (isTaken(state, name)) return nameTaken(name);
  if (ports.log.readOnly) return readOnly();
  return throttle.registrationProblem(session.link.address, ports.clock.monotonicMs());
}

/** A client of the original dialect knows a name that went to somebody else as a login that failed. */
function refuseRegistration(session: Session, refusal: Refusal): void {
  if (session.dialect === "original" && refusal.code === "name-taken") fail(session);
  else session.refuse("finishLogin", refusal);
}

/** Logs in on the strength of a password. */
function logIn(session: Session, account: Account, isNew = false): void {
  const { node } = session;
  const problem = sessionProblem(session, account);
  if (problem) return session.refuse("finishLogin", problem);
  if (session.dialect === "confirmed") {
    const secret = node.ports.log.readOnly ? "" : hex(node.ports.random.bytes(RANDOM_BYTES.token));
    session.enter(account, issue(session, account, secret));
    return session.output.replyCopied(loginSuccess(account, secret));
  }
  if (!node.ports.log.readOnly) {
    node.apply(deliveredEvents(account, node.settings.limits), session);
  }
  session.enter(account, undefined);
  const names: OriginalReply = {
    name: "loginSuccess",
    payload: allNames(node.state, node.settings.limits),
  };
  if (isNew) session.output.replyOriginalCopied(names);
  else session.replyOriginal(names);
}

/** Why an account cannot have one more session here, if so. */
function sessionProblem(session: Session, account: Account): Refusal | undefined {
  const { sessions, settings } = session.node;
  const { sessionsPerAccount, connectionsPerAddress, loopbackExempt } = settings.limits;
  const ofAccount = sessions.of(account).filter((other) => other !== session).length;
  if (sessionsPerAccount > 0 && ofAccount >= sessionsPerAccount) {
    const message =
      `${account.name} has ${ofAccount} sessions on this node and the limit is ${sessionsPerAccount}`;
    return refuse("too-many-sessions", `${message}; log out elsewhere first`);
  }
  const { address } = session.link;
  if (session.loggedIn || connectionsPerAddress === 0 || (loopbackExempt && isLoopback(address))) {
    return undefined;
  }
  const atAddress = sessions.atAddress(address);
  if (atAddress < connectionsPerAddress) return undefined;
  const message = `${atAddress} sessions come from your address and the limit is ${connectionsPerAddress}`;
  return refuse("too-many-sessions", `${message}; close one first`);
}

/** The token of a secret; none where nothing can be written. */
function issue(session: Session, account: Account, secret: string): Token | undefined {
  if (secret === "") return undefined;
  const { node } = session;
  const inUse = new Set(node.sessions.of(account).map((other) => other.token));
  const hash = node.ports.digest(secret);
  node.apply(issueToken(node.state, account, hash, inUse, node.settings.limits), session);
  return node.state.tokens.get(hash);
}

function loginSuccess(account: Account, secret: string): ConfirmedReply {
  return { name: "loginSuccess", payload: { name: account.name, token: secret, unread: account.unread } };
}

/** RESUME: logged in again by a token. Writes nothing. */
export function resume(session: Session, payload: RequestPayload<"resume">): void {
  const { node } = session;
  const { state, ports, settings } = node;
  const token = findToken(state, ports.digest(payload.token), ports.clock.wallMs(), settings.limits);
  if (token === undefined) {
    if (!ports.replication.isBehind) return fail(session);
    return whenCaughtUp(session, "resume", () => resume(session, payload));
  }
  const problem = sessionProblem(session, token.account);
  if (problem) return session.refuse("resume", problem);
  node.tokenUses.add(token);
  session.enter(token.account, token);
  session.reply(loginSuccess(token.account, payload.token));
}

/** LOGOUT: the token is void, its sessions end; this connection stays. */
export function logout(session: Session): void {
  const { token } = session;
  session.carryOut("logout", {
    events: token ? [revokeToken(token)] : [],
    reply: () => {
      session.leave();
      return { name: "ok", payload: null };
    },
  });
}
