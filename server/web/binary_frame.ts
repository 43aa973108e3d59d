/**
 * Frames of a WebSocket from a server (RFC 6455, section 5.2).
 *
 * @module
 */

/** Final fragment, opcode of a binary message. */
const BINARY = 0x82;

/** Longest content whose length is one byte, and whose length is two bytes behind the byte 126. */
const SHORT_MAX = 125;
const MEDIUM_MAX = 65_535;
const MEDIUM = 126;
const LONG = 127;

/** A whole binary message, unmasked as a server's are, in one frame. @param content of less than 2^32 bytes */
export function binaryFrame(content: Uint8Array): Uint8Array {
  const { length } = content;
  const head = length <= SHORT_MAX ? 2 : length <= MEDIUM_MAX ? 4 : 10;
  const frame = new Uint8Array(head + length);
  frame[0] = BINARY;
  frame[1] = head === 2 ? length : head === 4 ? MEDIUM : LONG;
  if (head > 2) {
    for (let i = head - 1, rest = length; rest > 0; i--, rest >>>= 8) frame[i] = rest;
  }
  frame.set(content, head);
  return frame;
}
