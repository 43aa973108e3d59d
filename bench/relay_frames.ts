/**
 * Frames of the relays: type, fields and length are those of the server's frames. Only the order of the fields
 * differs. A head, the same for all messages between two people, comes first; the bytes copied from the request
 * follow it. So `id` must be the last field of SEND_MSG.
 *
 * @module
 */

import { encodeReply } from "../common/protocol/codec.ts";
import { PUSHES } from "../common/protocol/pushes.ts";
import { CONFIRMED_REPLIES } from "../common/protocol/replies.ts";
import { encodeFrame, HEADER_BYTES } from "../common/wire/frame.ts";
import { encodeValue, Float, TAG, type Value } from "../common/wire/value.ts";

/** Bytes in front of the first key of a payload: tag and number of keys of the dictionary. */
const DICTIONARY_BYTES = 5;

/** From the start of a SEND_MSG to the recipient's length: key `to` and the tag of its value come before. */
export const RECIPIENT_AT = HEADER_BYTES + DICTIONARY_BYTES + 7 + 1;

/** From the start of a DELIVERED to its only field, `ids`. */
export const IDS_AT = HEADER_BYTES + DICTIONARY_BYTES;

/** Length of the field `id` with a UUID: key, tag, length and value. */
export const ID_FIELD_BYTES = 7 + 5 + 36;

/** SENT up to the field `id`, on one disk of one node. */
export const SENT_HEAD = headOf(
  CONFIRMED_REPLIES.sent.type,
  { timestamp: now(), copies: 1, nodes: 1 },
  ["id"],
  ID_FIELD_BYTES,
);

/** Reply to a DELIVERED with one id. */
export const OK_FRAME = encodeReply({ name: "ok", payload: { count: 1 } });

/** MESSAGE up to its content and id, which have `copiedBytes` together. */
export function messageHead(sender: string, recipient: string, copiedBytes: number): Uint8Array {
  const fields = { timestamp: now(), sender, recipient, status: "unread" };
  return headOf(PUSHES.message.type, fields, ["content", "id"], copiedBytes, [TAG.chatMessage]);
}

/** STATUS up to the field `ids`, which has `copiedBytes`. */
export function statusHead(by: string, copiedBytes: number): Uint8Array {
  return headOf(PUSHES.status.type, { status: "delivered", by }, ["ids"], copiedBytes);
}

function now(): Float {
  return new Float(Date.now() / 1_000);
}

/** A frame with a dictionary as its payload, up to the fields that are copied behind it. */
function headOf(
  type: number,
  fields: Readonly<Record<string, Value>>,
  copied: readonly string[],
  copiedBytes: number,
  tags: readonly number[] = [],
): Uint8Array {
  const head = encodeFrame(type, (writer) => {
    for (const tag of [...tags, TAG.dictionary]) writer.uint8(tag);
    writer.uint32(Object.keys(fields).length + copied.length);
    for (const [key, value] of Object.entries(fields)) {
      encodeValue(writer, key);
      encodeValue(writer, value);
    }
  });
  new DataView(head.buffer).setUint32(HEADER_BYTES - 4, head.length - HEADER_BYTES + copiedBytes);
  return head;
}
