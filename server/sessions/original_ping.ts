/**
 * PING, which the window of the original sends before each click, with the name of its user.
 *
 * @module
 */

import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { Account } from "../core/accounts/account.ts";
import { isTaken } from "../core/accounts/register.ts";
import { isLoopback } from "../core/address.ts";
import { deliveredEvents } from "../core/messages/marks.ts";
import { sessionProblem } from "./login.ts";
import type { Session } from "./session.ts";

/** PING: answered in the confirmed dialect; in the original one, it may stand for a LOGIN_1 without a reply. */
export function ping(session: Session, named: RequestPayload<"ping">): void {
  if (session.dialect === "confirmed") session.answer("ping", { name: "pong", payload: null });
  else if (named !== null && !session.loggedIn) nameUser(session, named.name);
}

/**
 * Keeps the name of an existing account for the next LOGIN_2: after a wrong password the window connects again, and
 * sends no LOGIN_1. It gives no right.
 */
function nameUser(session: Session, name: string): void {
  const { state, settings, ports } = session.node;
  if (!isTaken(state, name)) return;
  const account = state.directory.find(name);
  session.pendingLogin = { name: account?.name ?? name, existing: true };
  session.deadlineMs = ports.clock.monotonicMs() + settings.limits.loginMs;
  if (settings.originalReconnect === true && isLoopback(session.address) && account !== undefined) {
    reconnect(session, account);
  }
}

/** Logs in without a password, as the original does: the hole that `originalReconnect` opens. */
function reconnect(session: Session, account: Account): void {
  if (account.isDisabled || sessionProblem(session, account) !== undefined) return;
  const { node, ports, address } = session;
  if (!node.ports.log.readOnly) node.apply(deliveredEvents(account, node.settings.limits), session);
  session.enter(account, undefined);
  ports.logger.info("loggedInByPing", { user: account.name, address });
}
