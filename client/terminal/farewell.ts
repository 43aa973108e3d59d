/**
 * The end of the program: what waits to be sent is sent if that is possible, and the login does not outlive it.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import type { RunningClient } from "../link/running_client.ts";

const LOOK_MS = 50;

/** The number of messages that no node has confirmed, for people; "" if there is none. */
export function waitingText({ model }: RunningClient): string {
  const { length } = model.pending.messageIds;
  return length === 0 ? "" : `${counted(length, "message")} not confirmed yet`;
}

/** Waits until every message is stored or refused, at most for that many milliseconds. */
export async function untilSent({ model }: RunningClient, ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (model.pending.messageIds.length > 0 && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
