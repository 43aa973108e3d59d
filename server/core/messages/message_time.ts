/**
 * Times of messages. A message has the time of its acceptance, by the clock of the node that accepts it, but
 * a later one than every message that its sender can have been shown there: however wrong the clocks are,
 * an answer stands behind its question.
 *
 * @module
 */

import type {
  AccountDisabled,
  AccountEnabled,
  AddressKnown,
  InvitationMade,
  InvitationRevoked,
  MessagesDeleted,
  MessageSent,
} from "../events.ts";
import { wallMicroseconds } from "../stamp.ts";
import type { Conversation } from "./conversation.ts";

/**
 * Time of a new message in a conversation, microseconds since the Unix epoch. Messages that the sender has
 * hidden count too: the other side still sees them.
 */
export function messageTime(conversation: Conversation | undefined, wallMs: number): number {
  const newest = conversation?.newestTime ?? 0;
  // A later time could not be read from the log.
  return Math.min(Math.max(wallMicroseconds(wallMs), newest + 1), Number.MAX_SAFE_INTEGER);
}

/** An event with a time of its own. */
type TimedEvent =
  | AccountDisabled
  | AccountEnabled
  | AddressKnown
  | InvitationMade
  | InvitationRevoked
  | MessagesDeleted
  | MessageSent;

/** Greatest distance at which the stamp of the entry serves as its time, microseconds. */
const STAMP_AHEAD_MAX = 100_000;

/**
 * The event as it is logged. Nearly always, the stamp is at or shortly after the time of the event, and stands for
 * it: that saves the member `at`, and keeps messages of one millisecond apart.
 */
export function timedByStamp<Timed extends TimedEvent>(
  event: Timed,
  stamp: number,
): Timed {
  const { at, ...timeless } = event;
  return at !== undefined && at <= stamp && stamp - at < STAMP_AHEAD_MAX ? timeless as Timed : event;
}
