/**
 * Frames as the load generator sees them: it shares the processors with its subjects, so it takes a frame by
 * type and length and decodes none but the first of each kind.
 *
 * @module
 */

import { assert } from "../common/errors.ts";
import { PUSHES } from "../common/protocol/pushes.ts";
import { CONFIRMED_REPLIES } from "../common/protocol/replies.ts";
import type { LeanConnection } from "./lean_connection.ts";

/** A client, for code that deals in whole frames. */
export interface Connected {
  readonly connection: LeanConnection;
}

/** Frame types that the generator expects. */
export const TYPE = {
  ok: CONFIRMED_REPLIES.ok.type,
  sent: CONFIRMED_REPLIES.sent.type,
  message: PUSHES.message.type,
  status: PUSHES.status.type,
  user: PUSHES.user.type,
};

/** Length of a UUID as text. */
export const ID_BYTES = 36;

/** The first frame of each type that reaches a client from now on; frames of other types are dropped. */
export function firstFrames<Name extends keyof typeof TYPE>(
  client: Connected,
  ...names: readonly Name[]
): Readonly<Record<Name, Promise<Uint8Array>>> {
  const waits = names.map((name) => ({ name, ...Promise.withResolvers<Uint8Array>() }));
  client.connection.onFrame = (bytes, start, end) => {
    const wait = waits.find(({ name }) => TYPE[name] === bytes[start + 7]);
    wait?.resolve(bytes.slice(start, end));
  };
  return Object.fromEntries(waits.map(({ name, promise }) => [name, promise])) as Record<
    Name,
    Promise<Uint8Array>
  >;
}

/** Offset of the first occurrence of an ASCII text in a frame. */
export function placeOf(text: string, frame: Uint8Array): number {
  const place = new TextDecoder("latin1").decode(frame).indexOf(text);
  assert(place >= 0, `a frame of type ${frame[7]} holds ${text}`);
  return place;
}

/** Checks the length of a frame. @throws {Error} if it differs from that of the first frame of its type */
export function checkLength(bytes: Uint8Array, start: number, end: number, length: number): void {
  if (end - start !== length) throw unexpected(bytes, start, end, `one of ${length} bytes`);
}

/** Error for a frame that has no place in the conversation. */
export function unexpected(bytes: Uint8Array, start: number, end: number, instead: string): Error {
  return new Error(
    `a frame of type ${bytes[start + 7]} and ${end - start} bytes came in place of ${instead}`,
  );
}
