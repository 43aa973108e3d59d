/**
 * Events that only fill a log, and the message that a version before 1.1 has erased.
 *
 * @module
 */

import type { MessagesDeleted, MessageSent, TokensUsed } from "../../server/core/events.ts";

/** Events that change nothing. */
export function idleEvents(count: number): TokensUsed[] {
  return Array.from(
    { length: count },
    () => ({ type: "tokensUsed", account: "nobody.000000000000", tokens: [] }),
  );
}

/** A deletion that changes nothing. With it a pass becomes due. */
export const DELETION: MessagesDeleted = {
  type: "messagesDeleted",
  sender: "nobody.000000000000",
  recipient: "somebody.000000000000",
  ids: ["00000000-0000-4000-8000-000000000000"],
};

/** A deleted message with the digest by which versions before 1.1 recognised a repetition. */
export const DIGESTED: MessageSent = {
  type: "messageSent",
  id: "00000000-0000-4000-8000-000000000000",
  from: "nobody.000000000000",
  to: "somebody.000000000000",
  content: "",
  digest: 4_711,
};
