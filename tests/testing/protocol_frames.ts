/**
 * The halves of the codec that no program uses: servers append pushes to an outbox, and no client speaks the
 * original dialect.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { appendPush, TAG_MAX } from "../../common/protocol/codec.ts";
import { NO_FEATURES } from "../../common/protocol/features.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import { ORIGINAL_REPLIES, type OriginalReply } from "../../common/protocol/replies.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { decodePayload } from "../../common/wire/decode.ts";
import type { Frame } from "../../common/wire/frame.ts";

/** One whole frame; without features unless they are given. */
export function encodePush(push: Push, features = NO_FEATURES): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  appendPush(writer, push, features);
  return writer.copy();
}

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
