/**
 * Ids of messages. `crypto.randomUUID` is missing in pages without TLS.
 *
 * @module
 */

/** Bytes of a UUID. */
const BYTES = 16;

/** A UUID of random numbers (RFC 9562, section 5.4). */
export function messageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x40;
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => digits.slice(from, to)).join(
    "-",
  );
}
