/**
 * Decodes bytes to values. Every length and count is checked against the bytes that follow before anything is
 * allocated for it.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { uint32At } from "./bytes.ts";
import { KeyCache } from "./key_cache.ts";
import { Float, TAG, TaggedMessage, type Value, type ValueBounds } from "./value.ts";

const keys = new KeyCache();

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Longest string, in bytes, decoded without the runtime: for short ones, calling it costs more. */
const SHORT_STRING = 160;

/** Buffers for the units of short strings, by length. */
const UNITS: number[][] = [];

/** Minimum sizes of a list item, and of a key with its value, bytes: they bound the announced count. */
const ITEM_BYTES_MIN = 1;
const PAIR_BYTES_MIN = 6;

/**
 * Decodes the one value of a payload; `null` if the payload is empty.
 *
 * @throws {ProtocolError} if the bytes are not exactly one value within `bounds`
 */
export function decodePayload(payload: Uint8Array, bounds: ValueBounds): Value {
  if (payload.length === 0) return null;
  const reader = new ValueReader(payload, bounds);
  const value = reader.value(0);
  const left = payload.length - reader.offset;
  if (left > 0) throw new ProtocolError(`${left} bytes are left over after the one value of the payload`);
  return value;
}

class ValueReader {
  offset = 0;
  #viewed: DataView | undefined;

  constructor(readonly bytes: Uint8Array, readonly bounds: ValueBounds) {}

  /** Made when the first number is read, as most payloads have none. */
  get #view(): DataView {
    return this.#viewed ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  value(depth: number): Value {
    const tag = this.bytes[this.#take(1)] ?? -1;
    switch (tag > this.bounds.tagMax ? -1 : tag) {
      case TAG.integer:
        return this.#integer();
      case TAG.float:
        return new Float(this.#view.getFloat64(this.#take(8)));
      case TAG.string:
        return this.#text();
      case TAG.list:
        return this.#list(depth + 1);
      case TAG.dictionary:
        return this.#dictionary(depth + 1);
      case TAG.chatMessage:
        return this.#chatMessage(depth + 1);
      case TAG.null:
        return null;
      case TAG.boolean:
        return this.#boolean();
      default:
        throw this.#malformed(`the tag 0x${tag.toString(16).padStart(2, "0")} is unknown`);
    }
  }

  #integer(): number | bigint {
    const start = this.#take(8);
    const high = this.#view.getInt32(start);
    const value = high * 0x1_0000_0000 + this.#view.getUint32(start + 4);
    return Number.isSafeInteger(value) ? value : this.#view.getBigInt64(start);
  }

  #boolean(): boolean {
    const byte = this.bytes[this.#take(1)];
    if (byte !== 0 && byte !== 1) throw this.#malformed(`a boolean is 0 or 1, not ${byte}`);
    return byte === 1;
  }

  #text(): string {
    const length = uint32At(this.bytes, this.#take(4));
    const start = this.#take(length);
    if (length <= SHORT_STRING) {
      const ascii = this.#ascii(start, length);
      if (ascii !== undefined) return ascii;
    }
    try {
      return decoder.decode(this.bytes.subarray(start, start + length));
    } catch {
      throw this.#malformed("a string is not valid UTF-8");
    }
  }

  #key(): string {
    const { bytes, offset } = this;
    const length = offset + 4 <= bytes.length ? uint32At(bytes, offset) : 0;
    if (offset + 4 + length > bytes.length) return this.#text();
    const known = keys.find(bytes, offset + 4, length);
    if (known === undefined) {
      const key = this.#text();
      keys.remember(bytes, offset + 4, length, key);
      return key;
    }
    this.offset = offset + 4 + length;
    return known;
  }

  /** A string of ASCII characters; `undefined` if there are others. */
  #ascii(start: number, length: number): string | undefined {
    const units = UNITS[length] ??= Array.from({ length }, () => 0);
    for (let i = 0; i < length; i++) {
      const byte = this.bytes[start + i] ?? 0;
      if (byte > 0x7f) return undefined;
      units[i] = byte;
    }
    return String.fromCharCode.apply(null, units);
  }

  #list(depth: number): Value[] {
    const count = this.#count(depth, "list", "items", this.bounds.items, ITEM_BYTES_MIN);
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth));
    return items;
  }

  #dictionary(depth: number): Map<string, Value> {
    const count = this.#count(depth, "dictionary", "keys", this.bounds.keys, PAIR_BYTES_MIN);
    const entries = new Map<string, Value>();
    for (let i = 0; i < count; i++) {
      if (this.bytes[this.#take(1)] !== TAG.string) {
        throw this.#malformed("the key of a dictionary is not a string");
      }
      const key = this.#key();
      if (entries.has(key)) throw this.#malformed(`the key ${JSON.stringify(key)} is there twice`);
      entries.set(key, this.value(depth));
    }
    return entries;
  }

  #chatMessage(depth: number): TaggedMessage {
    if (this.bytes[this.#take(1)] !== TAG.dictionary) {
      throw this.#malformed("a chat message is not followed by a dictionary");
    }
    return new TaggedMessage(this.#dictionary(depth));
  }

  #count(depth: number, container: string, unit: string, max: number, bytesMin: number): number {
    const count = uint32At(this.bytes, this.#take(4));
    if (depth > this.bounds.depth) {
      throw this.#malformed(`values are nested deeper than the ${this.bounds.depth} levels that are allowed`);
    }
    if (count > max) throw this.#malformed(`a ${container} of ${count} ${unit} is over the limit of ${max}`);
    const left = this.bytes.length - this.offset;
    if (count * bytesMin > left) {
      throw this.#malformed(`a ${container} announces ${count} ${unit} and ${left} bytes follow`);
    }
    return count;
  }

  /** Moves on by `length` bytes; returns the offset of the first one. */
  #take(length: number): number {
    const start = this.offset;
    if (length > this.bytes.length - start) {
      throw this.#malformed(`${length} bytes are announced and ${this.bytes.length - start} are left`);
    }
    this.offset = start + length;
    return start;
  }

  #malformed(what: string): ProtocolError {
    return new ProtocolError(`malformed payload at byte ${this.offset}: ${what}`);
  }
}
