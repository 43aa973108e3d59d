/**
 * Text in UTF-8 that comes in pieces, and the bytes in it that are none.
 *
 * @module
 */

import { utf8Bytes } from "../../common/wire/bytes.ts";

/** The first byte of a text that is not UTF-8, and its place, from 0. */
export interface BadByte {
  readonly at: number;
  readonly byte: number;
}

/** Bytes as text, without those that are not UTF-8. */
export interface Decoded {
  readonly text: string;
  /** The first byte that was left out. */
  readonly bad?: BadByte;
}

const REPLACEMENT = "\ufffd";
const REPLACEMENT_BYTES = [0xef, 0xbf, 0xbd] as const;

/** Decodes all of a text; what is not UTF-8 is left out, and never replaced. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return withoutBadBytes(bytes);
  }
}

function withoutBadBytes(bytes: Uint8Array): Decoded {
  let text = "";
  let bad: BadByte | undefined;
  let at = 0;
  // As many replacements come as there are longest beginnings of a character that cannot go on (Encoding Standard).
  for (const character of new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)) {
    const isBad = character === REPLACEMENT && !REPLACEMENT_BYTES.every((byte, i) => bytes[at + i] === byte);
    if (!isBad) {
      text += character;
      at += utf8Bytes(character);
      continue;
    }
    bad ??= { at, byte: bytes[at] ?? 0 };
    at += badLength(bytes, at);
  }
  return bad === undefined ? { text } : { text, bad };
}

/** The length of what one replacement stands for: a first byte, and those after it that could have followed. */
function badLength(bytes: Uint8Array, at: number): number {
  for (let length = Math.min(3, bytes.length - at); length > 1; length--) {
    const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at, at + length));
    if (decoded === REPLACEMENT) return length;
  }
  return 1;
}

/** A text that comes in pieces, which need not end between two characters. */
export class Utf8Stream {
  #rest = new Uint8Array(0);

  /** Takes the next bytes; the places of bad ones count from the beginning of this piece, or of its character. */
  push(chunk: Uint8Array): Decoded {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const end = bytes.length - unfinishedLength(bytes);
    this.#rest = bytes.slice(end);
    return decodeUtf8(bytes.subarray(0, end));
  }
}

/** Number of bytes at the end that are the beginning of a character. */
function unfinishedLength(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte >= 0xc0) return length < lengthOf(byte) ? length : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** The place of a byte that is not UTF-8, in words. */
export function badByteText({ at, byte }: BadByte): string {
  return `byte ${at + 1} (0x${byte.toString(16).padStart(2, "0")}) is not UTF-8`;
}

/** The problem of a line with a key that was not UTF-8, for people; of an answer if they were `asked`. */
export function badKeyText({ byte }: BadByte, asked: boolean): string {
  const what = asked ? "type the answer again" : "look at the line, and press Enter again to send it";
  return `a key sent the byte 0x${byte.toString(16)}, which is not UTF-8: nothing was sent; ${what}`;
}
