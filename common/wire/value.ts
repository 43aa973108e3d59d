/**
 * Tagged values, the contents of payloads (client protocol, section 2).
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import type { ByteWriter } from "./bytes.ts";

/** Tags: the byte in front of every value. */
export const TAG = {
  integer: 0x00,
  float: 0x01,
  string: 0x02,
  list: 0x03,
  dictionary: 0x04,
  chatMessage: 0x05,
  null: 0x06,
  boolean: 0x07,
} as const;

/** A number that travels as a float even if it is whole: JavaScript does not tell 3 from 3.0. */
export class Float {
  constructor(readonly value: number) {}
}

/** A dictionary that travels as a chat message: behind the tag 0x05. */
export class TaggedMessage {
  constructor(readonly fields: ReadonlyMap<string, Value>) {}
}

/** Any value in a payload. An integer is a `bigint` if a `number` would lose digits. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | TaggedMessage
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/** Bounds of one payload. Counts are `Infinity` for replies and pushes. */
export interface ValueBounds {
  /** Depth to which containers are nested. */
  readonly depth: number;
  /** Items of one list. */
  readonly items: number;
  /** Keys of one dictionary. */
  readonly keys: number;
  /** Highest tag: 0x05 in the original dialect, 0x07 in the confirmed one. */
  readonly tagMax: number;
}

/**
 * Appends `value` with its tag.
 *
 * @throws {ProtocolError} for a number that is no integer of 64 bits and not wrapped in `Float`
 */
export function encodeValue(writer: ByteWriter, value: Value): void {
  if (typeof value === "string") {
    writer.uint8(TAG.string);
    writer.text(value);
  } else if (typeof value === "number" || typeof value === "bigint") {
    encodeInteger(writer, value);
  } else if (value === null) {
    writer.uint8(TAG.null);
  } else if (typeof value === "boolean") {
    writer.uint8(TAG.boolean);
    writer.uint8(value ? 1 : 0);
  } else if (value instanceof Float) {
    writer.uint8(TAG.float);
    writer.float64(value.value);
  } else if (value instanceof TaggedMessage) {
    writer.uint8(TAG.chatMessage);
    encodeDictionary(writer, value.fields);
  } else if (value instanceof Map) {
    encodeDictionary(writer, value);
  } else {
    encodeList(writer, value as readonly Value[]);
  }
}

function encodeInteger(writer: ByteWriter, value: number | bigint): void {
  const fits = typeof value === "number" ? Number.isSafeInteger(value) : value === BigInt.asIntN(64, value);
  if (!fits) throw new ProtocolError(`${value} is no integer of 64 bits; wrap it in a Float to send a float`);
  writer.uint8(TAG.integer);
  writer.int64(value);
}

function encodeList(writer: ByteWriter, items: readonly Value[]): void {
  writer.uint8(TAG.list);
  writer.uint32(items.length);
  for (const item of items) encodeValue(writer, item);
}

function encodeDictionary(writer: ByteWriter, entries: ReadonlyMap<string, Value>): void {
  writer.uint8(TAG.dictionary);
  writer.uint32(entries.size);
  for (const [key, value] of entries) {
    writer.uint8(TAG.string);
    writer.text(key);
    encodeValue(writer, value);
  }
}
