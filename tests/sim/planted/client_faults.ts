/**
 * Faults between a node and its clients.
 *
 * @module
 */

import { decodeFromServer } from "../../../common/protocol/client_codec.ts";
import { encodeReply } from "../../../common/protocol/codec.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FrameReader } from "../../../common/wire/frame.ts";
import type { ClientLink } from "../../../server/ports/clients.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** Offset of the low byte of a frame's type, and the first type of a push. */
const TYPE_AT = 7;
const PUSHES_FROM = 200;

const FRAME_BYTES_MAX = 1_048_576;

/** Changes every list of messages. */
function listing(link: ClientLink, change: (messages: readonly ChatMessage[]) => ChatMessage[]): ClientLink {
  return forwarding(link, {
    send: (frame, unbounded) => {
      const reader = new FrameReader(FRAME_BYTES_MAX);
      reader.push(frame);
      const whole = reader.next();
      const said = whole && decodeFromServer(whole);
      if (said === undefined || !("reply" in said) || said.reply.name !== "messages") {
        return link.send(frame, unbounded);
      }
      const { messages, more } = said.reply.payload;
      link.send(encodeReply({ name: "messages", payload: { messages: change(messages), more } }));
    },
  });
}

/** Faults in the frames that a client gets. */
export const CLIENT_FAULTS: readonly PlantedFault[] = [
  {
    name: "a push is sent twice",
    mutation: {
      clientLink: (link) =>
        forwarding(link, {
          send: (frame, unbounded) => {
            link.send(frame, unbounded);
            if ((frame[TYPE_AT] ?? 0) >= PUSHES_FROM) link.send(frame, unbounded);
          },
        }),
    },
  },
  {
    name: "lists show everything as unread",
    mutation: {
      clientLink: (link) =>
        listing(link, (messages) => messages.map((message) => ({ ...message, status: "unread" }))),
    },
  },
  {
    name: "lists still have what they had before",
    mutation: {
      clientLink: (link) => {
        const before = new Map<string, ChatMessage>();
        return listing(link, (messages) => {
          for (const message of messages) before.set(message.id, message);
          return [...before.values()];
        });
      },
    },
  },
  {
    name: "lists end with their first message again",
    mutation: { clientLink: (link) => listing(link, (messages) => [...messages, ...messages.slice(0, 1)]) },
  },
];
