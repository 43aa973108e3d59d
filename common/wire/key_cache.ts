/**
 * The keys of dictionaries are few and come again and again: they are not decoded anew each time.
 *
 * @module
 */

/** Longest key that is remembered, bytes. */
const KEY_BYTES_MAX = 16;

/** How many keys are remembered; a power of two. */
const SLOTS = 256;

interface Slot {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Remembers the last keys, each in the one place that its bytes lead to. */
export class KeyCache {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS });

  /** The text of the key that is `bytes` from `start` on; undefined if it is not remembered. */
  find(bytes: Uint8Array, start: number, length: number): string | undefined {
    if (length > KEY_BYTES_MAX) return undefined;
    const slot = this.#slots[slotOf(bytes, start, length)];
    if (slot === undefined || slot.bytes.length !== length) return undefined;
    for (let i = 0; i < length; i++) {
      if (slot.bytes[i] !== bytes[start + i]) return undefined;
    }
    return slot.text;
  }

  /** Remembers a key that was decoded. */
  remember(bytes: Uint8Array, start: number, length: number, text: string): void {
    if (length > KEY_BYTES_MAX) return;
    this.#slots[slotOf(bytes, start, length)] = { bytes: bytes.slice(start, start + length), text };
  }
}

/** No two keys of the protocol lead to one place. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[start + length - 1] ?? 0;
  return (length * 7 + first * 7 + middle * 17 + last * 41) & (SLOTS - 1);
}
