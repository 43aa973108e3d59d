/**
 * The frames of a client: its requests, and the replies and pushes that it gets. It speaks the confirmed dialect.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { decodePayload } from "../wire/decode.ts";
import { encodeFrame, type Frame } from "../wire/frame.ts";
import { TAG, type ValueBounds } from "../wire/value.ts";
import { NO_FEATURES } from "./features.ts";
import { type Push, PUSHES } from "./pushes.ts";
import { CONFIRMED_REPLIES, type ConfirmedReply } from "./replies.ts";
import { type Request, REQUESTS } from "./requests.ts";
import type { Shape } from "./shape.ts";

/** A row in a table of frames. */
interface Row {
  readonly type: number;
  readonly shape: Shape<unknown>;
}

/** Bounds that a client sets on replies and pushes. Counts are unlimited, as a page fills its frame. */
const REPLY_BOUNDS: ValueBounds = { depth: 16, items: Infinity, keys: Infinity, tagMax: TAG.boolean };

/** Type from which on frames of a server are pushes. */
const PUSH_TYPE_MIN = 200;

/** Encodes a request as one whole frame. */
export function encodeForServer({ name, payload }: Request): Uint8Array<ArrayBuffer> {
  const { type, shape }: Row = REQUESTS[name];
  return encodeFrame(type, (writer) => shape.write(writer, payload, NO_FEATURES));
}

/** True for a push of a later version, which a client ignores (client protocol, section 7). */
export function isStrangePush({ type }: Frame): boolean {
  return type >= PUSH_TYPE_MIN && !Object.values(PUSHES).some((row) => row.type === type);
}

/**
 * Decodes a frame that a server sent in the confirmed dialect: a reply, or, from type 200 on, a push. Fields that
 * are not in the table are ignored.
 *
 * @throws {ProtocolError} if the type is unknown or the payload cannot be decoded
 * @throws {ShapeError} naming the field that does not fit
 */
export function decodeFromServer(
  frame: Frame,
): { readonly reply: ConfirmedReply } | { readonly push: Push } {
  return frame.type >= PUSH_TYPE_MIN
    ? { push: decodeRow(PUSHES, frame) as Push }
    : { reply: decodeRow(CONFIRMED_REPLIES, frame) as ConfirmedReply };
}

function decodeRow(
  table: Readonly<Record<string, Row>>,
  frame: Frame,
): { name: string; payload: unknown } {
  for (const [name, row] of Object.entries(table)) {
    if (row.type === frame.type) {
      return {
        name,
        payload: row.shape.read(decodePayload(frame.payload, REPLY_BOUNDS), "payload", "ignored"),
      };
    }
  }
  throw new ProtocolError(`the server sent a frame of the unknown type ${frame.type}`);
}
