/**
 * Shapes that several requests, replies or pushes share (client protocol, sections 2 and 5).
 *
 * @module
 */

import { dictionary, ofFeature } from "./dictionary.ts";
import { chatMessageOf, float, integer, listOf, matching, oneOf, text, type TypeOf } from "./shape.ts";

/** Names that can be registered. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

/** Ids that clients make: any UUID of RFC 9562, in either case. */
export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A message id. */
export const uuid = matching(UUID_PATTERN, "a UUID");

const status = oneOf("unread", "delivered", "read");

/** Progress of a message at its recipient; it only moves forward. */
export type Status = TypeOf<typeof status>;

/** The opaque id of an account, in a field that only sessions with the feature `account-ids` get. */
export const accountId = ofFeature("account-ids", text);

/** A message in the form that clients get; `timestamp` in seconds since the Unix epoch. */
export const chatMessage = chatMessageOf(dictionary({
  id: text,
  timestamp: float,
  sender: text,
  recipient: text,
  content: text,
  status,
  senderAccount: accountId,
  recipientAccount: accountId,
}));

/** Value of `chatMessage`. */
export type ChatMessage = TypeOf<typeof chatMessage>;

/** The addresses at which nodes listen for clients; `web` is that of the node's page, if it serves one. */
export const nodeAddresses = listOf(dictionary({
  name: text,
  host: text,
  port: integer,
  web: ofFeature("web", text),
}));

/** One of `nodeAddresses`. */
export type NodeAddress = TypeOf<typeof nodeAddresses>[number];
