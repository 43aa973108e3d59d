/**
 * WATCH: the people whose changes a session is told of.
 *
 * @module
 */

import { WATCH } from "../../common/protocol/feature_sets.ts";
import { includesFeatures } from "../../common/protocol/features.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import { isRefusal, OK, refusal } from "../core/decision.ts";
import { wishOf } from "../core/watching/wish.ts";
import type { Session } from "./session.ts";

/** WATCH: the session watches these people from now on, in place of those before. */
export function watchPeople(session: Session, wanted: RequestPayload<"watchPeople">): void {
  const { node, outlet, account } = session;
  if (!includesFeatures(outlet.features, WATCH)) return session.refuse("watchPeople", NOT_IN_USE);
  if (wanted === null || account === undefined) {
    node.people.leave(outlet);
    return session.answer("watchPeople", OK());
  }
  const wish = wishOf(wanted, node.settings.limits);
  if (isRefusal(wish)) return session.refuse("watchPeople", wish);
  session.lists.begin(account, node.people.watch(account, outlet, wish), (problem) => {
    if (problem) session.refuse("watchPeople", problem);
    else session.answer("watchPeople", OK());
  });
}

const NOT_IN_USE = refusal(
  "unknown-request",
  "WATCH belongs to the feature watch, which this session does not use; send FEATURES with watch first",
);
