/**
 * Frames to requests, replies and pushes, and back, by the tables.
 *
 * @module
 */

import { assert, ProtocolError } from "../errors.ts";
import { decodePayload } from "../wire/decode.ts";
import type { ByteWriter } from "../wire/bytes.ts";
import { beginFrame, encodeFrame, endFrame, type Frame } from "../wire/frame.ts";
import { TAG, type ValueBounds } from "../wire/value.ts";
import { type Push, PUSHES } from "./pushes.ts";
import { CONFIRMED_REPLIES, type ConfirmedReply, ORIGINAL_REPLIES, type OriginalReply } from "./replies.ts";
import { type Request, type RequestName, REQUESTS } from "./requests.ts";
import type { Shape } from "./shape.ts";

/** Which of the two protocols a connection speaks. */
export type Dialect = "original" | "confirmed";

/** The highest tag of each dialect. */
export const TAG_MAX = { original: TAG.chatMessage, confirmed: TAG.boolean };

/** What a client allows of what a server sends: a whole page is as large as it is. */
const REPLY_BOUNDS: ValueBounds = { depth: 16, items: Infinity, keys: Infinity, tagMax: TAG.boolean };

const requestNames = new Map<number | bigint, RequestName>(
  (Object.keys(REQUESTS) as RequestName[]).map((name) => [REQUESTS[name].type, name]),
);

/** The name of the request with that frame type in that dialect, if there is one. */
export function requestName(type: number | bigint, dialect: Dialect): RequestName | undefined {
  const name = requestNames.get(type);
  // HELLO is what makes a connection speak the confirmed dialect: it is the one request known to both.
  if (name === undefined || name === "hello" || dialect === "confirmed") return name;
  return REQUESTS[name].original ? name : undefined;
}

/**
 * What a frame of a known request asks for.
 *
 * @throws {ProtocolError} if the payload cannot be decoded
 * @throws {ShapeError} naming the field, if it is not what this request looks like
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

/** One whole frame. */
export function encodeRequest(request: Request, dialect: Dialect): Uint8Array<ArrayBuffer> {
  const row = REQUESTS[request.name];
  const shape: Shape<unknown> | undefined = dialect === "original" ? row.original : row.confirmed;
  assert(
    shape !== undefined || request.name === "hello",
    `${request.name} is no request of the original dialect`,
  );
  return encodeFrame(row.type, (writer) => (shape ?? row.confirmed).write(writer, request.payload));
}

/** Appends one whole frame of the original dialect. */
export function appendOriginalReply(writer: ByteWriter, reply: OriginalReply): void {
  appendRow(writer, ORIGINAL_REPLIES[reply.name], reply.payload);
}

/** Appends one whole frame of the confirmed dialect. */
export function appendReply(writer: ByteWriter, reply: ConfirmedReply): void {
  appendRow(writer, CONFIRMED_REPLIES[reply.name], reply.payload);
}

/** Appends one whole frame. */
export function appendPush(writer: ByteWriter, push: Push): void {
  appendRow(writer, PUSHES[push.name], push.payload);
}

/** One whole frame of the original dialect. */
export function encodeOriginalReply(reply: OriginalReply): Uint8Array<ArrayBuffer> {
  return encodeRow(ORIGINAL_REPLIES[reply.name], reply.payload);
}

/** One whole frame of the confirmed dialect. */
export function encodeReply(reply: ConfirmedReply): Uint8Array<ArrayBuffer> {
  return encodeRow(CONFIRMED_REPLIES[reply.name], reply.payload);
}

function encodeRow(row: Row, payload: unknown): Uint8Array<ArrayBuffer> {
  return encodeFrame(row.type, (writer) => row.shape.write(writer, payload));
}

function appendRow(writer: ByteWriter, row: Row, payload: unknown): void {
  const start = beginFrame(writer, row.type);
  row.shape.write(writer, payload);
  endFrame(writer, start);
}

/**
 * A frame that a server sent in the confirmed dialect: a reply, or, from type 200 on, a push.
 *
 * @throws {ProtocolError} if it is neither
 * @throws {ShapeError} if its payload does not look like one
 */
export function decodeFromServer(
  frame: Frame,
): { readonly reply: ConfirmedReply } | { readonly push: Push } {
  return frame.type >= 200
    ? { push: decodeRow(PUSHES, frame) as Push }
    : { reply: decodeRow(CONFIRMED_REPLIES, frame) as ConfirmedReply };
}

/** A row of a table of what a server sends. */
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
      return { name, payload: row.shape.read(decodePayload(frame.payload, REPLY_BOUNDS), "payload") };
    }
  }
  throw new ProtocolError(`the server sent a frame of the unknown type ${frame.type}`);
}
