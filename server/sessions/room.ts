/**
 * The room for what a request would write: on the disk for everything, in memory for what grows.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { isQuotaSpent } from "../core/accounts/stored_entries.ts";
import { diskFull, memoryFull, type Refusal } from "../core/decision.ts";
import type { Event } from "../core/events.ts";
import type { Node } from "../node/node.ts";
import type { NodePorts } from "../node/node_settings.ts";

type Room = Pick<NodePorts, "log" | "memory">;

/** Events that make the state larger for as long as nothing is deleted. The others mark, replace or delete. */
const GROWING: ReadonlySet<Event["type"]> = new Set([
  "accountCreated",
  "messageSent",
  "personBlocked",
  "tokenIssued",
]);

/** The reason why events cannot be applied now, if there is one. */
export function roomProblem(
  { log, memory }: Room,
  events: readonly Pick<Event, "type">[],
): Refusal | undefined {
  if (events.length === 0) return undefined;
  if (log.readOnly) return diskFull();
  return memory.isShort && events.some(({ type }) => GROWING.has(type)) ? memoryFull() : undefined;
}

/** True if there is room for another token of an account, which has not spent its quota of the day. */
export function canIssue({ ports, settings }: Pick<Node, "ports" | "settings">, account: Account): boolean {
  const { log, memory, clock } = ports;
  return !log.readOnly && !memory.isShort && !isQuotaSpent(account, clock.wallMs(), settings.limits);
}
