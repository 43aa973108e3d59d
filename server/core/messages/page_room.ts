/**
 * Pages of messages, and the room on them.
 *
 * @module
 */

import type { FeatureSet } from "../../../common/protocol/features.ts";
import { type Message, messageBytes } from "./message.ts";

/** Room on a page. */
export interface Room {
  readonly messages: number;
  readonly bytes: number;
  /** Features of the session: they add to the bytes of a message. */
  readonly features: FeatureSet;
  /** Share of the work on a message's bytes that choosing it is. */
  readonly choosing: number;
}

/** Messages of a list, and true if there are others behind them. */
export interface Page {
  readonly messages: readonly Message[];
  readonly more: boolean;
}

/** Number of the first messages that fit; at least one, however large. */
export function fittingCount(messages: readonly Message[], room: Room): number {
  let bytes = 0;
  const overfull = messages.findIndex((message, i) => {
    bytes += messageBytes(message, room.features);
    return i === room.messages || i > 0 && bytes > room.bytes;
  });
  return overfull < 0 ? messages.length : overfull;
}
