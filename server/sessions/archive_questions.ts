/**
 * Requests about messages that are not in memory: the session waits for the archive, nobody else does.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { RequestName } from "../../common/protocol/requests.ts";
import { type Decision, type Refusal, refusal } from "../core/decision.ts";
import { type Asking, isAsking } from "../core/messages/archived.ts";
import { workOfBytes } from "../core/slices.ts";
import type { ArchiveOutcome } from "../ports/archive.ts";
import type { Session } from "./session.ts";

/** Work of a question, units: the archive's thread and the disk have it, and others wait for them. */
const QUESTION_WORK = 2_000;

/** Carries out what a request has come to, once the archive has answered its questions. */
export function carryOutAsking(
  session: Session,
  name: RequestName,
  outcome: Decision | Refusal | Asking<Decision | Refusal>,
): void {
  if (!isAsking(outcome)) return void session.carryOut(name, outcome);
  const { account, ports: { archive } } = session;
  assert(
    account !== undefined && archive !== undefined,
    "messages are out of memory, and there is no archive",
  );
  session.beginWait();
  session.lists.charge(account, QUESTION_WORK);
  archive.ask(outcome.asks, (answer) => {
    if (session.account === account) take(session, name, outcome, answer);
    session.endWait();
  });
}

function take(
  session: Session,
  name: RequestName,
  { answered }: Asking<Decision | Refusal>,
  answer: ArchiveOutcome,
): void {
  if ("problem" in answer) return session.refuse(name, problemOf(answer));
  const bytes = answer.messages.reduce((sum, { content }) => sum + content.length, 0);
  if (session.account !== undefined) session.lists.charge(session.account, workOfBytes(bytes));
  carryOutAsking(session, name, answered(answer));
}

function problemOf(
  { problem, retryAfterSeconds }: Extract<ArchiveOutcome, { readonly problem: string }>,
): Refusal {
  const wait = `try again in ${retryAfterSeconds} s`;
  const message = problem === "busy"
    ? `too many requests for older messages wait at the moment; ${wait}`
    : `the archive, which has the older messages, is being built; ${wait}, or another node`;
  return refusal("busy", message, retryAfterSeconds);
}
