/**
 * A cache of decoded dictionary keys: there are few of them, and they recur in every payload.
 *
 * @module
 */

/** Longest cached key, bytes. */
const KEY_BYTES_MAX = 16;

/** Number of slots; a power of two. */
const SLOTS = 256;

interface Slot {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** The latest keys. Each key has one slot, which its bytes determine. */
export class KeyCache {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS });

  /** The cached key in the `length` bytes from `start` on; `undefined` if it is not cached. */
  find(bytes: Uint8Array, start: number, length: number): string | undefined {
    if (length > KEY_BYTES_MAX) return undefined;
    const slot = this.#slots[slotOf(bytes, start, length)];
    if (slot === undefined || slot.bytes.length !== length) return undefined;
    for (let i = 0; i < length; i++) {
      if (slot.bytes[i] !== bytes[start + i]) return undefined;
    }
    return slot.text;
  }

  /** Caches a decoded key in place of the one in its slot. */
  remember(bytes: Uint8Array, start: number, length: number, text: string): void {
    if (length > KEY_BYTES_MAX) return;
    this.#slots[slotOf(bytes, start, length)] = { bytes: bytes.slice(start, start + length), text };
  }
}

/** Slot of a key. No two keys of the protocol share one. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[start + length - 1] ?? 0;
  return (length + first * 5 + middle * 9 + last * 13) & (SLOTS - 1);
}
