/**
 * Handlers for the people whom an account blocks (client protocol, BLOCK and LIST_BLOCKED).
 *
 * @module
 */

import type { RequestPayload } from "../../common/protocol/requests.ts";
import { decideBlock, decideListBlocked } from "../core/accounts/blocking.ts";
import type { Session } from "./session.ts";

/** BLOCK: the account blocks a person from now on, or no longer. */
export function blockPerson(session: Session, payload: RequestPayload<"blockPerson">): void {
  const { account, node: { state, settings, ports } } = session;
  if (account === undefined) return;
  const command = { account, wallMs: ports.clock.wallMs(), ...payload };
  session.carryOut("blockPerson", decideBlock(state, command, settings.limits));
}

/** LIST_BLOCKED: a page of the people whom the account blocks. */
export function listBlocked(session: Session, page: RequestPayload<"listBlocked">): void {
  const { account, node: { state, settings } } = session;
  if (account === undefined) return;
  session.lists.begin(
    account,
    decideListBlocked(state, account, page, settings.limits),
    (outcome) => session.carryOut("listBlocked", outcome),
  );
}
