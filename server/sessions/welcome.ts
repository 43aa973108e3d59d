/**
 * The limits in WELCOME.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";

/** Limits that a client can act on. */
export function welcomeLimits(limits: Limits): ReadonlyMap<string, number> {
  const { frameBytes, frameBytesBeforeLogin, contentBytes, passwordBytesMin, passwordBytesMax } = limits;
  const { messagesPage, messagesPageMax, usersPage, usersPageMax, listItems, requestsInFlight } = limits;
  const { messagesPerSecond, messagesBurst, bytesPerSecond, bytesBurst, idleMs } = limits;
  return new Map(Object.entries({
    frameBytes,
    frameBytesBeforeLogin,
    contentBytes,
    passwordBytesMin,
    passwordBytesMax,
    messagesPage,
    messagesPageMax,
    usersPage,
    usersPageMax,
    listItems,
    requestsInFlight,
    messagesPerSecond,
    messagesBurst,
    bytesPerSecond,
    bytesBurst,
    idleMs,
  }));
}
