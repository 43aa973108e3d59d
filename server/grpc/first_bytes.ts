/**
 * The first bytes of a connection to the port for peers. They cost nothing to look at, and tell most strangers from
 * nodes before TLS or HTTP/2 begins.
 *
 * @module
 */

/** Client connection preface (RFC 9113, section 3.4). */
const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Record of the type handshake, of a version 3.x (RFC 8446, section 5.1). */
const HANDSHAKE = Uint8Array.of(0x16, 0x03);

/** Verdict on the bytes that have come so far. */
type Verdict = "fits" | "too few" | "unfit";

/**
 * Judges the beginning of a connection.
 *
 * @param isSecure true if the port speaks TLS
 */
export function judge(bytes: Uint8Array, isSecure: boolean): Verdict {
  const expected = isSecure ? HANDSHAKE : PREFACE;
  const length = Math.min(bytes.length, expected.length);
  for (let i = 0; i < length; i++) if (bytes[i] !== expected[i]) return "unfit";
  return length === expected.length ? "fits" : "too few";
}
