/**
 * Requests that wait for entries in transit.
 *
 * @module
 */

import type { RequestName } from "../../common/protocol/requests.ts";
import { refusal } from "../core/decision.ts";
import type { Session } from "./session.ts";

/**
 * Calls `then` once replication has caught up: only then may "unknown" be answered. Refuses the request if that
 * takes too long.
 */
export function whenCaughtUp(session: Session, name: RequestName, then: () => void): void {
  const { replication, clock } = session.node.ports;
  session.beginWait();
  session.node.catchingUp.wait(clock.monotonicMs(), () => {
    if (session.ended) return;
    if (!replication.isBehind) then();
    else {
      const message = "this node has not got everything yet that others have";
      session.refuse(name, refusal("unavailable", `${message}; try again in a second, or another node`, 1));
    }
    session.endWait();
  });
}
