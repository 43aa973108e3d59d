/**
 * Password checks of sessions: bcrypt away from the event loop, refused after too many wrong passwords.
 *
 * @module
 */

import type { RequestName } from "../../common/protocol/requests.ts";
import { passwordReadProblem } from "../core/accounts/register.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import type { Guess } from "./guess.ts";
import type { Session } from "./session.ts";

/** An account that the password may be of. */
interface Candidate {
  readonly guess: Guess;
  /** bcrypt hash. */
  readonly hash: string;
}

/** One check. */
interface PasswordCheck<Any extends Candidate> {
  readonly request: RequestName;
  /** Name of the account, whatever the case. */
  readonly name: string;
  /** At least one; the password should fit the hash of one of them. */
  readonly candidates: readonly Any[];
  readonly password: string;
}

/**
 * Compares a password; no frame of the session is taken meanwhile.
 *
 * @param then gets the first candidate that the password fits, or `undefined`; not called if the session has ended, or
 * was refused because it must wait
 */
export function checkPassword<Any extends Candidate>(
  session: Session,
  check: PasswordCheck<Any>,
  then: (fitting: Any | undefined) => void,
): void {
  const { throttle, node: { ports } } = session;
  const unreadable = passwordReadProblem(check.password);
  if (unreadable) return session.refuse(check.request, unreadable);
  const sinceMs = ports.clock.monotonicMs();
  const problemOf = ({ guess }: Any): Refusal | undefined =>
    throttle.problem(guess, ports.clock.monotonicMs());
  const problems = new Map(check.candidates.map((candidate) => [candidate, problemOf(candidate)]));
  const open = check.candidates.filter((candidate) => problems.get(candidate) === undefined);
  session.beginWait();
  tryHashes(session, { ...check, candidates: open }, 0, (outcome) => {
    if (outcome === "busy") {
      if (!session.ended) refuseBusy(session, check.request);
      return session.endWait();
    }
    const { fitting } = outcome;
    // A guess that waited in the queue learns nothing once those before it were too many.
    if (fitting !== undefined && problemOf(fitting) === undefined) {
      throttle.succeeded(fitting.guess);
      if (!session.ended) then(fitting);
      return session.endWait();
    }
    const wrong = fitting === undefined ? open.filter((each) => problemOf(each) === undefined) : [];
    const problem = [...problems.values()].find((each) => each !== undefined);
    answerWrong(session, check, { sinceMs, problem }, then);
    for (const { guess } of wrong) throttle.failed(guess, ports.clock.monotonicMs());
  });
}

/** A check that is to be answered. */
interface Open {
  /** Time of the request, ms, monotonic. */
  readonly sinceMs: number;
  /** The reason why the password was not compared with all candidates, if it was not. */
  readonly problem: Refusal | undefined;
}

/**
 * Answers to a password that fits none of the candidates, or that was not compared with all of them. While strangers
 * have to wait, the answer is theirs, and leaves when theirs does: it tells neither that an address is known nor
 * that the password was right.
 */
function answerWrong<Any extends Candidate>(
  session: Session,
  { request, candidates }: PasswordCheck<Any>,
  { sinceMs, problem }: Open,
  then: (fitting: undefined) => void,
): void {
  const { throttle, node: { ports: { clock } } } = session;
  const nowMs = clock.monotonicMs();
  const first = (of: (guess: Guess) => Refusal | undefined): Refusal | undefined =>
    candidates.map(({ guess }) => of(guess)).find((each) => each !== undefined);
  const late = first((guess) => throttle.strangerProblem(guess, nowMs));
  const own = first((guess) => throttle.ownProblem(guess, nowMs));
  const answer = (refused: Refusal | undefined): void => {
    if (!session.ended) {
      if (refused) session.refuse(request, refused);
      else then(undefined);
    }
    session.endWait();
  };
  if (late) throttle.lateAnswers.add(sinceMs, () => answer(late));
  else answer(own ?? problem);
}

/** Compares with the hash of one candidate after the other until one fits. */
function tryHashes<Any extends Candidate>(
  session: Session,
  check: PasswordCheck<Any>,
  index: number,
  done: (outcome: { readonly fitting: Any | undefined } | "busy") => void,
): void {
  const candidate = check.candidates[index];
  if (candidate === undefined) return done({ fitting: undefined });
  const { guess: { address, standing }, hash } = candidate;
  const job = {
    password: check.password,
    hash,
    account: check.name.toLowerCase(),
    address,
    isTrusted: standing !== "stranger",
  };
  session.ports.hasher.verify(job, (outcome) => {
    if (outcome === "busy") done("busy");
    else if (outcome.fits) done({ fitting: candidate });
    else tryHashes(session, check, index + 1, done);
  });
}

/**
 * Hashes a new password; `then` gets the hash, unless the session has ended or the queue is full.
 *
 * @param name name of the account, whatever the case
 */
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
    isTrusted: request === "changePassword",
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
