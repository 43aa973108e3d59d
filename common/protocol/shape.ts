/**
 * Shapes: the forms of payloads. A shape reads a decoded value and names the field that does not fit; it
 * writes straight to bytes.
 *
 * @module
 */

import { ByteWriter } from "../wire/bytes.ts";
import { Float, TAG, TaggedMessage, type Value } from "../wire/value.ts";
import type { FeatureSet } from "./features.ts";

/** A payload that can be decoded but does not have the shape of its request or reply. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/**
 * Treatment of dictionary fields that a shape lacks: a server refuses them, a client ignores them, as they may come
 * from a newer server (client protocol, section 7).
 */
export type Strangers = "refused" | "ignored";

/** One form of a value. */
export interface Shape<T> {
  /** Its name in messages to people: `a string`. */
  readonly what: string;
  /**
   * Checks a value.
   *
   * @param path the field, for the message
   * @param strangers refused unless given
   * @throws {ShapeError} naming the field, if the value does not fit
   */
  read(value: Value, path: string, strangers?: Strangers): T;
  /** Appends a value, with the fields of these features and without those of others. */
  write(writer: ByteWriter, value: T, features: FeatureSet): void;
}

/** Type of a shape's values. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

function mismatch(path: string, what: string): ShapeError {
  return new ShapeError(`${path} must be ${what}`);
}

/** An empty payload. */
export const nothing: Shape<null> = {
  what: "empty",
  read: (value, path) => {
    if (value !== null) throw mismatch(path, "empty");
    return null;
  },
  write: () => {},
};

/** A string. */
export const text: Shape<string> = {
  what: "a string",
  read: (value, path) => {
    if (typeof value !== "string") throw mismatch(path, "a string");
    return value;
  },
  write: (writer, value) => {
    writer.uint8(TAG.string);
    writer.text(value);
  },
};

/** An integer that a `number` holds exactly. */
export const integer: Shape<number> = {
  what: "an integer",
  read: (value, path) => {
    if (typeof value !== "number") throw mismatch(path, "an integer below 2^53");
    return value;
  },
  write: (writer, value) => {
    writer.uint8(TAG.integer);
    writer.int64(value);
  },
};

/** A float, even for a whole number. */
export const float: Shape<number> = {
  what: "a float",
  read: (value, path) => {
    if (!(value instanceof Float)) throw mismatch(path, "a float");
    return value.value;
  },
  write: (writer, value) => {
    writer.uint8(TAG.float);
    writer.float64(value);
  },
};

/** A boolean. */
export const boolean: Shape<boolean> = {
  what: "a boolean",
  read: (value, path) => {
    if (typeof value !== "boolean") throw mismatch(path, "a boolean");
    return value;
  },
  write: (writer, value) => {
    writer.uint8(TAG.boolean);
    writer.uint8(value ? 1 : 0);
  },
};

/** One of a few strings. */
export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Shape<Choice> {
  const what = `one of ${choices.join(", ")}`;
  return {
    what,
    read: (value, path) => {
      const choice = choices.find((each) => each === value);
      if (choice === undefined) throw mismatch(path, what);
      return choice;
    },
    write: text.write,
  };
}

/** A string that matches a pattern; `what` completes "must be ...". */
export function matching(pattern: RegExp, what: string): Shape<string> {
  return {
    what,
    read: (value, path) => {
      if (typeof value !== "string" || !pattern.test(value)) throw mismatch(path, what);
      return value;
    },
    write: text.write,
  };
}

/** Any number of values of one shape. */
export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    what: "a list",
    read: (value, path, strangers) => {
      if (!Array.isArray(value)) throw mismatch(path, "a list");
      return value.map((each: Value, i) => item.read(each, `${path}[${i}]`, strangers));
    },
    write: (writer, items, features) => {
      writer.uint8(TAG.list);
      writer.uint32(items.length);
      for (const each of items) item.write(writer, each, features);
    },
  };
}

/** A dictionary whose keys are data, not fields. */
export function dictionaryOf<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    what: "a dictionary",
    read: (value, path, strangers) => {
      if (!(value instanceof Map)) throw mismatch(path, "a dictionary");
      return new Map([...value].map(([key, each]) => [key, item.read(each, `${path}.${key}`, strangers)]));
    },
    write: (writer, entries, features) => {
      writer.uint8(TAG.dictionary);
      writer.uint32(entries.size);
      for (const [key, each] of entries) {
        text.write(writer, key, features);
        item.write(writer, each, features);
      }
    },
  };
}

/** A shape that travels in another form, such as a bare name in place of a dictionary with a name. */
export function mapped<Inner, Outer>(
  inner: Shape<Inner>,
  fromInner: (value: Inner) => Outer,
  toInner: (value: Outer) => Inner,
): Shape<Outer> {
  return {
    what: inner.what,
    read: (value, path, strangers) => fromInner(inner.read(value, path, strangers)),
    write: (writer, value, features) => inner.write(writer, toInner(value), features),
  };
}

/** An empty payload, or a value of that shape. */
export function orNothing<T>(inner: Shape<T>): Shape<T | null> {
  return {
    what: `empty or ${inner.what}`,
    read: (value, path, strangers) => value === null ? null : inner.read(value, path, strangers),
    write: (writer, value, features) => value === null ? undefined : inner.write(writer, value, features),
  };
}

/** A shape with a rule across its fields; `problem` returns the fault of a value, or `undefined`. */
export function checked<T>(inner: Shape<T>, problem: (value: T) => string | undefined): Shape<T> {
  return {
    what: inner.what,
    read: (value, path, strangers) => {
      const read = inner.read(value, path, strangers);
      const wrong = problem(read);
      if (wrong !== undefined) throw new ShapeError(wrong);
      return read;
    },
    write: inner.write,
  };
}

/** A chat message: a dictionary behind a tag of its own. */
export function chatMessageOf<T>(fields: Shape<T>): Shape<T> {
  return {
    what: "a chat message",
    read: (value, path, strangers) => {
      if (!(value instanceof TaggedMessage)) throw mismatch(path, "a chat message");
      return fields.read(value.fields, path, strangers);
    },
    write: (writer, value, features) => {
      writer.uint8(TAG.chatMessage);
      fields.write(writer, value, features);
    },
  };
}
