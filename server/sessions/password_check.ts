/**
 * Password checks of sessions: bcrypt away from the event loop, delayed after wrong passwords.
 *
 * @module
 */

import type { RequestName } from "../../common/protocol/requests.ts";
import { passwordReadProblem } from "../core/accounts/register.ts";
import { refusal } from "../core/decision.ts";
import type { Session } from "./session.ts";

/** One check. */
interface PasswordCheck {
  readonly request: RequestName;
  /** Name of the account, whatever the case. */
  readonly name: string;
  /** bcrypt hashes, at least one; the password should fit one of them. */
  readonly hashes: readonly string[];
  readonly password: string;
}

/**
 * Compares a password; no frame of the session is taken meanwhile.
 *
 * @param then gets the first hash that the password fits, or `undefined`; not called if the session has ended, or
 * was refused because it must wait
 */
export function checkPassword(
  session: Session,
  check: PasswordCheck,
  then: (fitting: string | undefined) => void,
): void {
  const { throttle, node: { ports, settings } } = session;
  const account = check.name.toLowerCase();
  const { address } = session;
  const mustWait = () => throttle.loginProblem(account, address, ports.clock.monotonicMs());
  const problem = passwordReadProblem(check.password, settings.limits) ?? mustWait();
  if (problem) return session.refuse(check.request, problem);
  session.beginWait();
  tryHashes(session, check, 0, (outcome) => {
    // A guess that waited in the queue learns nothing once those before it were too many.
    const late = mustWait();
    if (late === undefined && outcome !== "busy" && outcome.fitting === undefined) {
      throttle.loginFailed(account, address, ports.clock.monotonicMs());
    }
    if (session.ended) return;
    if (outcome === "busy") refuseBusy(session, check.request);
    else if (late) session.refuse(check.request, late);
    else then(outcome.fitting);
    session.endWait();
  });
}

/** Compares with one hash after the other until one fits. */
function tryHashes(
  session: Session,
  check: PasswordCheck,
  index: number,
  done: (outcome: { readonly fitting: string | undefined } | "busy") => void,
): void {
  const hash = check.hashes[index];
  if (hash === undefined) return done({ fitting: undefined });
  const job = {
    password: check.password,
    hash,
    account: check.name.toLowerCase(),
    address: session.address,
  };
  session.ports.hasher.verify(job, (outcome) => {
    if (outcome === "busy") done("busy");
    else if (outcome.fits) done({ fitting: hash });
    else tryHashes(session, check, index + 1, done);
  });
}

/** Hashes a new password; `then` gets the hash, unless the session has ended or the queue is full. */
export function hashPassword(
  session: Session,
  request: RequestName,
  name: string,
  password: string,
  then: (hash: string) => void,
): void {
  session.beginWait();
  const job = {
    password,
    cost: session.node.settings.hashCost,
    account: name.toLowerCase(),
    address: session.address,
  };
  session.ports.hasher.hash(job, (outcome) => {
    if (session.ended) return;
    if (outcome === "busy") refuseBusy(session, request);
    else then(outcome.hash);
    session.endWait();
  });
}

function refuseBusy(session: Session, request: RequestName): void {
  session.refuse(
    request,
    refusal("busy", "too many logins are being checked at the moment; try again in 1 s", 1),
  );
}
