/**
 * The frames of a server, in both dialects: encodes and decodes requests, replies and pushes by their tables.
 *
 * @module
 */

import { assert } from "../errors.ts";
import { decodePayload } from "../wire/decode.ts";
import type { ByteWriter } from "../wire/bytes.ts";
import { beginFrame, encodeFrame, endFrame } from "../wire/frame.ts";
import { TAG, type ValueBounds } from "../wire/value.ts";
import { type FeatureSet, NO_FEATURES } from "./features.ts";
import { ORIGINAL_REPLIES, type OriginalReply } from "./original_replies.ts";
import { ORIGINAL_REQUESTS } from "./original_requests.ts";
import { type Push, PUSHES } from "./pushes.ts";
import { CONFIRMED_REPLIES, type ConfirmedReply } from "./replies.ts";
import { checkedShapeOf } from "./request_checks.ts";
import { type Request, type RequestName, REQUESTS } from "./requests.ts";
import type { Shape } from "./shape.ts";

/** The dialect of the client protocol that a connection speaks. */
export type Dialect = "original" | "confirmed";

/** Highest tag of each dialect. */
export const TAG_MAX = { original: TAG.chatMessage, confirmed: TAG.boolean };

const requestNames = new Map<number | bigint, RequestName>(
  (Object.keys(REQUESTS) as RequestName[]).map((name) => [REQUESTS[name].type, name]),
);

/** The request with this frame type in a dialect; `undefined` if there is none. */
export function requestName(type: number | bigint, dialect: Dialect): RequestName | undefined {
  const name = requestNames.get(type);
  return name && shapeOf(name, dialect) && name;
}

/** True if a request has a reply in a dialect: in the confirmed one, every request has. */
export function hasReply(name: RequestName, dialect: Dialect): boolean {
  return dialect === "confirmed" || name === "hello" || ORIGINAL_REQUESTS[name]?.isAnswered === true;
}

/** The shape of a request in a dialect; `undefined` if the dialect lacks it. */
function shapeOf(name: RequestName, dialect: Dialect): Shape<unknown> | undefined {
  // HELLO switches a connection to the confirmed dialect, so that both dialects know it.
  const isConfirmed = dialect === "confirmed" || name === "hello";
  return isConfirmed ? checkedShapeOf(name) : ORIGINAL_REQUESTS[name]?.shape;
}

/**
 * Decodes the payload of a request that the dialect has.
 *
 * @throws {ProtocolError} if the payload cannot be decoded
 * @throws {ShapeError} naming the field that does not fit the request
 * @throws {AssertionError} if the original dialect lacks the request
 */
export function decodeRequest(
  name: RequestName,
  payload: Uint8Array,
  dialect: Dialect,
  bounds: ValueBounds,
): Request {
  const shape = knownShapeOf(name, dialect);
  return { name, payload: shape.read(decodePayload(payload, bounds), "payload") } as Request;
}

/**
 * Encodes a request as one whole frame.
 *
 * @throws {AssertionError} if the original dialect lacks the request
 */
export function encodeRequest({ name, payload }: Request, dialect: Dialect): Uint8Array<ArrayBuffer> {
  const { type } = REQUESTS[name];
  return encodeRow({ type, shape: knownShapeOf(name, dialect) }, payload, NO_FEATURES);
}

function knownShapeOf(name: RequestName, dialect: Dialect): Shape<unknown> {
  const shape = shapeOf(name, dialect);
  assert(shape !== undefined, `${name} is no request of the original dialect`);
  return shape;
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

/** A row in a table of frames. */
interface Row {
  readonly type: number;
  readonly shape: Shape<unknown>;
}
