/**
 * Invariant 14: passes leave no trace of deleted messages and accounts that is not needed, and fingerprints are gone,
 * and recognised no more, after 30 days.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { MessageSent } from "../../../server/core/events.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import type { State } from "../../../server/core/state.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { FinalReader } from "../final_reader.ts";
import { DELETION, idleEvents } from "../idle_events.ts";
import type { KnownMessage } from "../people.ts";
import { passwordOf } from "../simulated_hasher.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";
import { isRecognisable, isTimely } from "./fingerprints.ts";
import { wholeState } from "./residency.ts";

/** Share of the compacting worlds that are watched for longer; all with archives are, as they are few. */
const SHARE = 0.3;

/** Time for two passes, ms, and the events that fill a segment. */
const PASSES_MS = 25_000;
const SEGMENT_EVENTS = 400;

/** Time after which no fingerprint is kept, ms: 30 days, and as much as a clock may be wrong. */
const LATER_MS = 33 * 86_400_000;

/** Deleted messages that are sent again. */
const REPEATED_MAX = 5;

/** Lets passes reach everything and looks for traces, at once and after 33 days. */
export function checkErasure(world: World): void {
  const { isCompacting, hasSearches } = world.settings;
  if (!isCompacting || !hasSearches && !world.chanceOf("erasure").is(SHARE)) return;
  const { chance, machines } = world;
  const process = chance.pick(machines.filter(({ isArchive }) => !isArchive)).process as ServerProcess;
  // Chosen before the clocks jump: after that, none of them is right.
  const deleted = recognisable(world, process);
  checkRepetitions(world, process, deleted, false);
  runPasses(world);
  checkTraces(world, false);
  for (const { clock } of world.machines) clock.jump(LATER_MS);
  runPasses(world);
  checkRepetitions(world, process, deleted, true);
  checkTraces(world, true);
}

/** Runs two passes: the first one reaches sealed segments, and the second one the segment that was written. */
function runPasses(world: World): void {
  for (let i = 0; i < 2; i++) {
    const [first] = world.machines;
    const events = [DELETION, ...idleEvents(SEGMENT_EVENTS)];
    first?.process?.run(() => first.process?.node.apply(events));
    world.runUntil(world.nowMs + PASSES_MS / 2);
  }
}

function checkTraces({ machines, checks }: World, isLate: boolean): void {
  for (const { process, disk, name } of machines) {
    if (process === undefined) continue;
    const whole = wholeState(process);
    showLog(disk.files, ({ record }) => {
      if (!isEntry(record)) return;
      const trace = traceIn(whole, record, isLate);
      const message = (): string => `${name} keeps ${trace} of ${record.origin}/${record.seq}`;
      checks.check(14, trace === undefined, message);
    });
  }
}

/** The trace in an entry that should be erased; `undefined` if there is none. */
function traceIn(state: State, entry: Entry, isLate: boolean): string | undefined {
  const isGone = (...ids: string[]): boolean =>
    ids.some((id) => state.accounts.get(id)?.deleted !== undefined);
  switch (entry.type) {
    case "messageSent":
      if (entry.digest !== undefined && entry.digest !== 0) return "the digest";
      return entry.content !== "" && (isGone(entry.from, entry.to) || isDeleted(state, entry))
        ? "the content"
        : undefined;
    case "messagesDeleted":
      if (entry.fingerprints === undefined) return undefined;
      if (isGone(entry.sender, entry.recipient)) return "the fingerprints";
      return isLate && isTimely(entry) ? "the old fingerprints" : undefined;
    case "addressKnown":
      return entry.address !== "" && isGone(entry.account) ? "the address" : undefined;
    case "addressKeyMade":
    case "fingerprintKeyMade":
      return entry.key !== "" && isGone(entry.account) ? "the key" : undefined;
    case "personBlocked":
    case "personUnblocked":
      return entry.person !== "" && isGone(entry.account, entry.person) ? "the blocked person" : undefined;
    case "accountCreated":
      return entry.hash !== "" && isGone(entry.account) ? "the password" : undefined;
    default:
      return undefined;
  }
}

function isDeleted({ accounts, messages }: State, { from, to, id }: MessageSent): boolean {
  const [sender, recipient] = [accounts.get(from), accounts.get(to)];
  return sender !== undefined && recipient !== undefined &&
    messages.find(sender, recipient, id)?.deleted === true;
}

/** Some deleted messages of living people, whose senders can log in, that a server can recognise. */
function recognisable({ knowledge }: World, process: ServerProcess): KnownMessage[] {
  const messages = knowledge.messages.values().filter((message) => {
    const found = deletedMessage(process, message);
    return found?.sender.alive === true && !found.sender.isDisabled && found.recipient.alive &&
      isRecognisable(process, message);
  });
  return [...messages.take(REPEATED_MAX)];
}

function deletedMessage({ state }: ServerProcess, { id, sender }: KnownMessage): Message | undefined {
  return state.messages.withId(id).find((each) => each.sender.id === sender && each.deleted);
}

/** Sends deleted messages again: they are recognised, or after 30 days taken for other ones. */
function checkRepetitions(
  world: World,
  process: ServerProcess,
  messages: readonly KnownMessage[],
  isLate: boolean,
): void {
  for (const message of messages) {
    const { id, content } = message;
    const found = deletedMessage(process, message);
    if (found === undefined) continue;
    const reader = new FinalReader(world, process);
    reader.logIn(found.sender.name, passwordOf(found.sender.passwordHash ?? ""));
    const answer = reader.say(found.recipient.name, id, content);
    reader.close();
    world.checks.check(
      6,
      answer === (isLate ? "id-conflict" : "sent"),
      () =>
        `${process.origin} answers ${answer} to the deleted message ${id}, sent again${
          isLate ? " late" : ""
        }`,
    );
  }
}
