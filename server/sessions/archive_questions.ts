/**
 * Questions of sessions to the archive: their work, and the refusals of those that it cannot answer now.
 *
 * @module
 */

import { type Refusal, refusal } from "../core/decision.ts";
import type { ArchiveQuery } from "../core/messages/archived.ts";
import type { Answer } from "../core/messages/inquiry.ts";
import { workOfBytes } from "../core/slices.ts";
import type { ArchiveOutcome, MessageArchive } from "../ports/archive.ts";

/** Work of a search, units: the archive reads the disk for every term. */
export const SEARCH_WORK = 50_000;

/** Work of a look-up or a page beside its bytes, units: the archive's thread has most of it. */
const LOOK_UP_WORK = 200;

/** Work of a question, units. */
export function workOfQuestion({ type }: ArchiveQuery): number {
  return type === "search" ? SEARCH_WORK : LOOK_UP_WORK;
}

/** Work of taking an answer, units. */
export function workOfAnswer(answer: Answer): number {
  if (!("messages" in answer)) return 0;
  return workOfBytes(answer.messages.reduce((sum, { content }) => sum + content.length, 0));
}

/** A session, as far as it waits. */
interface Asker {
  readonly ports: { readonly archive?: MessageArchive };
  beginWait(): void;
  endWait(): void;
}

/** Asks the archive for a session. No frame of it is taken before the answer; others do not wait. */
export function askArchive(session: Asker, query: ArchiveQuery, then: (answer: Answer) => void): void {
  const { archive } = session.ports;
  if (archive === undefined) return then(NO_ARCHIVE);
  session.beginWait();
  archive.ask(query, (outcome) => {
    then(answerOf(query, outcome));
    session.endWait();
  });
}

function answerOf({ type }: ArchiveQuery, outcome: ArchiveOutcome): Answer {
  if ("messages" in outcome) return outcome;
  const { problem, retryAfterSeconds } = outcome;
  const reason = (type === "search" ? SEARCH_REASONS : LOOK_UP_REASONS)[problem];
  return refusal("busy", `${reason}; try again in ${retryAfterSeconds} s`, retryAfterSeconds);
}

/** Refusal of every question to a node without an archive. */
export const NO_ARCHIVE: Refusal = refusal(
  "unknown-request",
  "this node has no archive, so it cannot search",
);

/** Why there is no answer now, for people. */
const SEARCH_REASONS = {
  busy: "too many searches wait at the moment",
  behind: "the archive that searches need has not come up with the log yet; another node's may have",
  building: "the archive that searches need is being built; another node's may be there",
  unusable: "the archive that searches need cannot be read or written at the moment; another node's may",
};

const OLDER_MESSAGES = "the archive, which has the older messages,";

const LOOK_UP_REASONS = {
  busy: "too many requests for older messages wait at the moment",
  behind: `${OLDER_MESSAGES} has not come up with the log yet; another node's may have`,
  building: `${OLDER_MESSAGES} is being built; another node's may be there`,
  unusable: `${OLDER_MESSAGES} cannot be read or written at the moment; another node's may`,
};
