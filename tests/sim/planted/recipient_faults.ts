/**
 * Faults in the choice of a message's recipient.
 *
 * @module
 */

import { decodeRequest, encodeRequest, requestName, TAG_MAX } from "../../../common/protocol/codec.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { type Frame, FrameReader } from "../../../common/wire/frame.ts";
import type { Session } from "../../../server/sessions/session.ts";
import type { PlantedFault } from "../planted_faults.ts";
import type { World } from "../world.ts";
import { forwarding } from "./forwarding.ts";

const BOUNDS = { depth: 8, items: 1_000, keys: 100, tagMax: TAG_MAX.confirmed };

type Send = RequestPayload<"sendMessage">;

/** The session, which gets other SEND_MSG than its client has sent. */
function sending(session: Session, change: (send: Send) => Send): Session {
  return forwarding(session, { received: (frame) => session.received(changed(frame, change)) });
}

function changed(frame: Frame, change: (send: Send) => Send): Frame {
  if (requestName(frame.type, "confirmed") !== "sendMessage") return frame;
  const { payload } = decodeRequest("sendMessage", frame.payload, "confirmed", BOUNDS);
  const reader = new FrameReader(Infinity);
  reader.push(encodeRequest({ name: "sendMessage", payload: change(payload as Send) }, "confirmed"));
  return reader.next() as Frame;
}

function toWhoeverHasTheName({ account: _ignored, ...send }: Send): Send {
  return send;
}

/** Ids of the messages that were sent in a world. */
const SENT = new WeakMap<World, Set<string>>();

/** True if a message with this id was sent in the world before. */
function isRepeated(world: World, id: string): boolean {
  let sent = SENT.get(world);
  if (sent === undefined) SENT.set(world, sent = new Set());
  if (sent.has(id)) return true;
  sent.add(id);
  return false;
}

/** Faults in recipients. */
export const RECIPIENT_FAULTS: readonly PlantedFault[] = [
  {
    name: "a message goes to whoever has the name",
    mutation: { session: (session) => sending(session, toWhoeverHasTheName) },
  },
  {
    name: "the account is ignored for repeated sends",
    mutation: {
      session: (session, { machine: { world } }) =>
        sending(session, (send) => isRepeated(world, send.id ?? "") ? toWhoeverHasTheName(send) : send),
    },
  },
  {
    name: "an account that a node has not heard of counts as gone",
    mutation: {
      replication: (replication) => forwarding(replication, { isBehind: false, status: () => [] }),
    },
  },
];
