/**
 * Encodes and decodes requests, replies and pushes by their tables.
 *
 * @module
 */

import { assert, ProtocolError } from "../errors.ts";
import { decodePayload } from "../wire/decode.ts";
import type { ByteWriter } from "../wire/bytes.ts";
import { beginFrame, encodeFrame, endFrame, type Frame } from "../wire/frame.ts";
import { TAG, type ValueBounds } from "../wire/value.ts";
import { type FeatureSet, NO_FEATURES } from "./features.ts";
import { type Push, PUSHES } from "./pushes.ts";
import { CONFIRMED_REPLIES, type ConfirmedReply, ORIGINAL_REPLIES, type OriginalReply } from "./replies.ts";
import { type Request, type RequestName, REQUESTS } from "./requests.ts";
import type { Shape } from "./shape.ts";

/** The dialect of the client protocol that a connection speaks. */
export type Dialect = "original" | "confirmed";

/** Highest tag of each dialect. */
export const TAG_MAX = { original: TAG.chatMessage, confirmed: TAG.boolean };

/** Bounds that a client sets on replies and pushes. Counts are unlimited, as a page fills its frame. */
const REPLY_BOUNDS: ValueBounds = { depth: 16, items: Infinity, keys: Infinity, tagMax: TAG.boolean };

const requestNames = new Map<number | bigint, RequestName>(
  (Object.keys(REQUESTS) as RequestName[]).map((name) => [REQUESTS[name].type, name]),
);

/** The request with this frame type in a dialect; `undefined` if there is none. */
export function requestName(type: number | bigint, dialect: Dialect): RequestName | undefined {
  const name = requestNames.get(type);
  // HELLO switches a connection to the confirmed dialect, so that both dialects know it.
  if (name === undefined || name === "hello" || dialect === "confirmed") return name;
  return REQUESTS[name].original ? name : undefined;
}

/**
 * Decodes the payload of a request.
 *
 * @throws {ProtocolError} if the payload cannot be decoded
 * @throws {ShapeError} naming the field that does not fit the request
 */
export function decodeRequest(
  name: RequestName,
  payload: Uint8Array,
  dialect: Dialect,
  bounds: ValueBounds,
): Request {
  const row = REQUESTS[name];
  const shape: Shape<unknown> = dialect === "original" && row.original ? row.original : row.confirmed;
  return { name, payload: shape.read(decodePayload(payload, bounds), "payload") } as Request;
}

/**
 * Encodes a request as one whole frame.
 *
 * @throws {AssertionError} if the original dialect lacks the request
 */
export function encodeRequest(request: Request, dialect: Dialect): Uint8Array<ArrayBuffer> {
  const row = REQUESTS[request.name];
  const shape: Shape<unknown> | undefined = dialect === "original" ? row.original : row.confirmed;
  assert(
    shape !== undefined || request.name === "hello",
    `${request.name} is no request of the original dialect`,
  );
  return encodeFrame(
    row.type,
    (writer) => (shape ?? row.confirmed).write(writer, request.payload, NO_FEATURES),
  );
}

/** Appends a reply of the original dialect as one whole frame. */
export function appendOriginalReply(writer: ByteWriter, reply: OriginalReply): void {
  appendRow(writer, ORIGINAL_REPLIES[reply.name], reply.payload, NO_FEATURES);
}

/** Appends a reply of the confirmed dialect, for a session with these features, as one whole frame. */
export function appendReply(writer: ByteWriter, reply: ConfirmedReply, features: FeatureSet): void {
  appendRow(writer, CONFIRMED_REPLIES[reply.name], reply.payload, features);
}

/** Appends a push, for sessions with these features, as one whole frame. */
export function appendPush(writer: ByteWriter, push: Push, features: FeatureSet): void {
  appendRow(writer, PUSHES[push.name], push.payload, features);
}

/** Encodes a reply of the original dialect as one whole frame. */
export function encodeOriginalReply(reply: OriginalReply): Uint8Array<ArrayBuffer> {
  return encodeRow(ORIGINAL_REPLIES[reply.name], reply.payload, NO_FEATURES);
}

/** Encodes a reply of the confirmed dialect as one whole frame; without features unless they are given. */
export function encodeReply(reply: ConfirmedReply, features = NO_FEATURES): Uint8Array<ArrayBuffer> {
  return encodeRow(CONFIRMED_REPLIES[reply.name], reply.payload, features);
}

/** Encodes a push as one whole frame; without features unless they are given. */
export function encodePush(push: Push, features = NO_FEATURES): Uint8Array<ArrayBuffer> {
  return encodeRow(PUSHES[push.name], push.payload, features);
}

function encodeRow(row: Row, payload: unknown, features: FeatureSet): Uint8Array<ArrayBuffer> {
  return encodeFrame(row.type, (writer) => row.shape.write(writer, payload, features));
}

function appendRow(writer: ByteWriter, row: Row, payload: unknown, features: FeatureSet): void {
  const start = beginFrame(writer, row.type);
  row.shape.write(writer, payload, features);
  endFrame(writer, start);
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
  return frame.type >= 200
    ? { push: decodeRow(PUSHES, frame) as Push }
    : { reply: decodeRow(CONFIRMED_REPLIES, frame) as ConfirmedReply };
}

/** A row in the table of replies or of pushes. */
interface Row {
  readonly type: number;
  readonly shape: Shape<unknown>;
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
