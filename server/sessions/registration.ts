/**
 * Registration: LOGIN_2 makes an account if LOGIN_1 found none (client protocol, LOGIN_2).
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { codeDigits, type Invitation } from "../core/accounts/invitation.ts";
import { invitationProblem, invitationTaken, registrationRefusal, useOf } from "../core/accounts/invite.ts";
import { decideRegister, isTaken, nameTaken, passwordChoiceProblem } from "../core/accounts/register.ts";
import { isRefusal, type Refusal, refusal } from "../core/decision.ts";
import { accountId, RANDOM_BYTES } from "../core/identity.ts";
import { wallMicroseconds } from "../core/stamp.ts";
import { whenCaughtUp } from "./caught_up.ts";
import { hashPassword } from "./password_check.ts";
import { roomProblem } from "./room.ts";
import type { Session } from "./session.ts";

/** Most uses of an invitation that others may have reserved at one moment. */
const USES_ASKED_MAX = 100;

/** The account that is wanted. */
interface Wanted {
  readonly name: string;
  readonly password: string;
  /** The code of an invitation, as its holder typed it. */
  readonly invitation: string | undefined;
}

/** The account that is wanted, once its invitation is found. */
interface Admitted extends Omit<Wanted, "invitation"> {
  /** `undefined` where none is needed. */
  readonly invitation: Invitation | undefined;
}

/**
 * Makes an account, or refuses.
 *
 * @param then gets the account; not called if it was refused or the session has ended
 */
export function register(session: Session, wanted: Wanted, then: (account: Account) => void): void {
  const { settings, ports: { clock, replication } } = session.node;
  const { name, password } = wanted;
  const closed = registrationRefusal(settings.registration, wanted.invitation !== undefined) ??
    codeProblem(session);
  if (closed) return session.refuse("finishLogin", closed);
  const invitation = invitationOf(session, wanted);
  if (invitation === undefined && settings.registration === "invite") {
    if (replication.isBehind) {
      return whenCaughtUp(session, "finishLogin", () => register(session, wanted, then));
    }
    session.throttle.invitationFailed(session.address, clock.monotonicMs());
  }
  const admitted: Admitted = { name, password, invitation };
  const problem = registrationProblem(session, admitted) ?? passwordChoiceProblem(password, settings.limits);
  if (problem) return session.refuse("finishLogin", problem);
  hashPassword(session, "finishLogin", name, password, (hash) => {
    session.beginWait();
    reserve(session, admitted, (refused) => {
      if (session.ended) return;
      if (refused) session.refuse("finishLogin", refused);
      else create(session, admitted, hash, then);
      session.endWait();
    });
  });
}

/** The reason why a code is not looked up now, if there is one. */
function codeProblem({ throttle, address, node }: Session): Refusal | undefined {
  if (node.settings.registration !== "invite") return undefined;
  return throttle.invitationProblem(address, node.ports.clock.monotonicMs());
}

/** The invitation that is used; `undefined` where none is needed, or if there is none with that code. */
function invitationOf({ node, ports }: Session, { invitation: code = "" }: Wanted): Invitation | undefined {
  if (node.settings.registration !== "invite") return undefined;
  return node.state.invitations.get(ports.digest(codeDigits(code)));
}

/**
 * Reserves the name at all peers in sync, then a use of the invitation: as soon as that is granted the account is made,
 * so no two requests take the same use.
 */
function reserve(session: Session, wanted: Admitted, done: (refused: Refusal | undefined) => void): void {
  const { replication } = session.node.ports;
  replication.reserve(wanted.name.toLowerCase(), (granted) => {
    if (!granted) done(nameTaken(wanted.name));
    else if (wanted.invitation === undefined) done(undefined);
    else reserveUse(session, wanted.invitation, 0, done);
  });
}

/** @param from number of the first use that others may not have reserved */
function reserveUse(
  session: Session,
  invitation: Invitation,
  from: number,
  done: (refused: Refusal | undefined) => void,
): void {
  const number = Math.max(from, invitation.used);
  if (number >= (invitation.made?.uses ?? 0)) return done(invitationTaken());
  if (number - invitation.used >= USES_ASKED_MAX) return done(manyUse());
  session.node.ports.replication.reserve(useOf(invitation, number), (granted) => {
    if (granted) done(undefined);
    else reserveUse(session, invitation, number + 1, done);
  });
}

function manyUse(): Refusal {
  return refusal(
    "busy",
    `more than ${USES_ASKED_MAX} people use this invitation at this moment; try again in 1 s`,
    1,
  );
}

/** Makes the account. The rules are asked again: the state may have changed during the hash and the reservation. */
function create(session: Session, wanted: Admitted, hash: string, then: (account: Account) => void): void {
  const { node, ports, throttle, address } = session;
  const { name, invitation } = wanted;
  const { state } = node;
  const id = accountId(name, ports.digest, ports.random.bytes(RANDOM_BYTES.account));
  const created = registrationProblem(session, wanted) ?? decideRegister(state, name, hash, id, invitation);
  if (isRefusal(created)) return session.refuse("finishLogin", created);
  throttle.registered(address, node.ports.clock.monotonicMs());
  node.apply([created], session);
  ports.logger.info("registered", { user: name, address });
  then(state.account(created.account));
}

/** The reason why nobody can make that account here and now, if there is one. */
function registrationProblem(session: Session, { name, invitation }: Admitted): Refusal | undefined {
  const { state, ports, settings: { registration } } = session.node;
  if (isTaken(state, name)) return nameTaken(name);
  const uninvited = registration === "invite"
    ? invitationProblem(invitation, wallMicroseconds(ports.clock.wallMs()))
    : undefined;
  if (uninvited) return uninvited;
  const full = roomProblem(ports, [{ type: "accountCreated" }]);
  return full ?? session.throttle.registrationProblem(session.address, ports.clock.monotonicMs());
}
