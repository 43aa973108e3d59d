/**
 * The shape of a dictionary with fixed fields.
 *
 * @module
 */

import { ByteWriter } from "../wire/bytes.ts";
import { TAG, type Value } from "../wire/value.ts";
import { type Feature, type FeatureSet, featureSet, includesFeatures, NO_FEATURES } from "./features.ts";
import { type Shape, ShapeError, type Strangers, text, type TypeOf } from "./shape.ts";

/** A field that may be missing. */
interface Optional<T> {
  readonly optional: Shape<T>;
  /** The features that a session must use to get the field. */
  readonly features: FeatureSet;
}

/** Marks a field as optional. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape, features: NO_FEATURES };
}

/** Marks a field as part of a feature: sessions that use the feature get it, and no others. */
export function ofFeature<T>(feature: Feature, shape: Shape<T>): Optional<T> {
  return { optional: shape, features: featureSet([feature]) };
}

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];
type Dictionary<F> =
  & { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]> }
  & { readonly [K in OptionalKeys<F>]?: F[K] extends Optional<infer T> ? T : never };

interface Field {
  readonly key: string;
  /** Tag, length and bytes of the key, encoded once. */
  readonly encodedKey: Uint8Array;
  readonly shape: Shape<unknown>;
  readonly optional: boolean;
  readonly features: FeatureSet;
}

/** A dictionary with exactly these fields. Any other field is an error that names it. */
export function dictionary<const F extends Fields>(fields: F): Shape<Dictionary<F>> {
  const rows = Object.entries(fields).map(([key, field]) => fieldRow(key, field));
  const known = new Set(rows.map((row) => row.key));
  return {
    what: "a dictionary",
    read: (value, path, strangers) => readFields(rows, known, value, path, strangers) as Dictionary<F>,
    write: (writer, value, features) =>
      writeFields(rows, writer, value as Readonly<Record<string, unknown>>, features),
  };
}

function fieldRow(key: string, field: Shape<unknown> | Optional<unknown>): Field {
  const encoded = new ByteWriter(key.length + 8);
  text.write(encoded, key, NO_FEATURES);
  const row = { key, encodedKey: encoded.copy() };
  return "optional" in field
    ? { ...row, shape: field.optional, optional: true, features: field.features }
    : { ...row, shape: field, optional: false, features: NO_FEATURES };
}

function readFields(
  rows: readonly Field[],
  known: ReadonlySet<string>,
  value: Value,
  path: string,
  strangers: Strangers | undefined,
): Record<string, unknown> {
  if (!(value instanceof Map)) throw new ShapeError(`${path} must be a dictionary`);
  const read: Record<string, unknown> = {};
  let found = 0;
  for (const row of rows) {
    const each = (value as ReadonlyMap<string, Value>).get(row.key);
    if (each !== undefined) {
      read[row.key] = row.shape.read(each, row.key, strangers);
      found++;
    } else if (!row.optional) {
      throw new ShapeError(`${path} lacks the field ${row.key}, which is ${row.shape.what}`);
    }
  }
  if (found < value.size && strangers !== "ignored") {
    const stranger = [...value.keys()].find((key) => !known.has(key));
    throw new ShapeError(`${path} has the unknown field ${JSON.stringify(stranger)}`);
  }
  return read;
}

function writeFields(
  rows: readonly Field[],
  writer: ByteWriter,
  value: Readonly<Record<string, unknown>>,
  features: FeatureSet,
): void {
  writer.uint8(TAG.dictionary);
  const countOffset = writer.length;
  writer.uint32(0);
  let count = 0;
  for (const row of rows) {
    const each = value[row.key];
    if (each === undefined || !includesFeatures(features, row.features)) continue;
    writer.raw(row.encodedKey);
    row.shape.write(writer, each, features);
    count++;
  }
  writer.uint32At(countOffset, count);
}
