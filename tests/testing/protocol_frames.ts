/**
 * The halves of the codec that no program uses: servers append pushes to an outbox, and no client speaks the
 * original dialect.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { TAG_MAX } from "../../common/protocol/codec.ts";
import { ORIGINAL_REPLIES, type OriginalReply } from "../../common/protocol/original_replies.ts";
import { decodePayload } from "../../common/wire/decode.ts";
import type { Frame } from "../../common/wire/frame.ts";

/**
 * A frame that a server sent in the original dialect.
 *
 * @throws {ProtocolError} if it is no such reply
 * @throws {ShapeError} if its payload does not look like one
 */
export function decodeOriginalReply({ type, payload }: Frame): OriginalReply {
  const bounds = { depth: 16, items: Infinity, keys: Infinity, tagMax: TAG_MAX.original };
  for (const [name, row] of Object.entries(ORIGINAL_REPLIES)) {
    if (row.type !== type) continue;
    return { name, payload: row.shape.read(decodePayload(payload, bounds), "payload") } as OriginalReply;
  }
  throw new ProtocolError(`the server sent a frame of the unknown type ${type}`);
}
