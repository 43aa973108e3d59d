/**
 * Invariant 10: windows do not exceed their bounds.
 *
 * @module
 */

import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import { WINDOW_BYTES, WINDOW_ENTRIES } from "../../../server/replication/replication_limits.ts";
import type { Machine } from "../machine.ts";
import type { StreamWindow } from "../stream_window.ts";
import type { World } from "../world.ts";

/** Compares the entries in flight on a stream with the bounds, without the last batch. */
export function checkWindow(
  { checks }: World,
  machine: Machine,
  message: PeerMessage,
  window: StreamWindow,
): void {
  if (message.type !== "entries") return;
  window.sent(message.number, message.count, message.lines.length);
  const isBound = window.entries <= WINDOW_ENTRIES && window.bytes <= WINDOW_BYTES;
  checks.check(10, isBound, () => `${machine.name} has ${window.entries} entries in flight on one stream`);
}
