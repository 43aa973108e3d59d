/**
 * Frames of HTTP/2 (RFC 9113) for programs with bad intentions.
 *
 * @module
 */

import { concatenated } from "./concatenated.ts";

const TYPES = { headers: 1, reset: 3, settings: 4, ping: 6, continuation: 9 } as const;

/** Flags of a HEADERS or CONTINUATION frame: nothing of the header follows. */
export const END_HEADERS = 0x4;

/** Flag of a HEADERS frame: the stream ends with it. */
export const END_STREAM = 0x1;

/** First bytes of a client, with default settings. */
export const PREFACE = concatenated([
  new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame("settings", 0, 0),
]);

/** One frame. */
export function frame(
  type: keyof typeof TYPES,
  flags: number,
  stream: number,
  payload = new Uint8Array(),
): Uint8Array {
  const head = new DataView(new ArrayBuffer(9));
  head.setUint32(0, payload.length << 8 | TYPES[type]);
  head.setUint8(4, flags);
  head.setUint32(5, stream);
  return concatenated([new Uint8Array(head.buffer), payload]);
}

/** The header of a call, uncompressed (RFC 7541, section 6.2.2): names and values shorter than 127 bytes. */
export function header(fields: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  return concatenated(
    Object.entries(fields).flatMap(([name, value]) => [
      Uint8Array.of(0, name.length),
      encoder.encode(name),
      Uint8Array.of(value.length),
      encoder.encode(value),
    ]),
  );
}

/** The header with which a peer opens a stream. */
export const CALL = header({
  ":method": "POST",
  ":scheme": "http",
  ":path": "/chat.replication.v1.Replication/Replicate",
  ":authority": "127.0.0.1",
  "content-type": "application/grpc",
  "te": "trailers",
});
