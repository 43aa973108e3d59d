/**
 * The read buffer of a connection, which grows while the other end fills it.
 *
 * @module
 */

/** Initial size; every connection has a buffer of its own. */
export const READ_BYTES_MIN = 1_024;

/** Limit of its growth. */
const READ_BYTES_MAX = 64 * 1_024;

/** The buffer in place of one that a read has filled. */
export function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return buffer.length < READ_BYTES_MAX ? new Uint8Array(buffer.length * 4) : buffer;
}
