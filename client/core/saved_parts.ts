/**
 * Parts of what a client saves, read with care: whatever has kept it may have changed it.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../common/client_limits.ts";
import { UUID_PATTERN } from "../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../common/wire/bytes.ts";

/** Longest text of a message or a draft that is saved, bytes: it may be too long to be sent, and is still not lost. */
export const SAVED_TEXT_BYTES = 4 * CLIENT_LIMITS.contentBytes;

/** Longest name or id that is read, bytes. */
const NAME_BYTES = 200;

/** An account: by its id where that is known, since a name may be another account's later. */
export interface SavedAccount {
  readonly name: string;
  readonly account?: string | undefined;
}

/** True for one account: by its ids where both are known, by its names otherwise. */
export function isSameAccount(one: SavedAccount, other: SavedAccount): boolean {
  if (one.account !== undefined && other.account !== undefined) return one.account === other.account;
  return one.name.toLowerCase() === other.name.toLowerCase();
}

/** A part that cannot be read. */
export type UnreadablePart =
  /** It is missing, or is nothing that this client would save. */
  | { readonly kind: "field"; readonly path: string }
  | { readonly kind: "tooMany"; readonly path: string; readonly count: number; readonly max: number };

/** A part that cannot be read. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(readonly problem: UnreadablePart) {
    super(problem.kind);
  }
}

/** Reads a part, whose place is `path`. @throws {Unreadable} if it does not fit */
type Read<Value> = (value: unknown, path: string) => Value;

/** A value that fits. @throws {Unreadable} for another one */
function fitting<Value>(value: Value, path: string, fits: boolean): Value {
  if (fits) return value;
  throw new Unreadable({ kind: "field", path });
}

/** Reads a dictionary with these fields; others are left out. */
export function dictionary<Fields>(
  fields: { readonly [Name in keyof Fields]-?: Read<Fields[Name]> },
): Read<Fields> {
  const readers = Object.entries<Read<unknown>>(fields);
  return (value, path) => {
    const fits = typeof value === "object" && value !== null && !Array.isArray(value);
    const given = fitting(value as Readonly<Record<string, unknown>>, path, fits);
    return Object.fromEntries(
      readers.map(([key, read]) => [key, read(given[key], below(path, key))]),
    ) as Fields;
  };
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** The items of a list that can be read, and the number of the others. */
interface ReadList<Value> {
  readonly read: readonly Value[];
  readonly unreadable: number;
}

/** Reads a list of at most `max` items. */
export function list<Value>(max: number, item: Read<Value>): Read<ReadList<Value>> {
  return (value, path) => {
    const items = fitting(value as readonly unknown[], path, Array.isArray(value));
    if (items.length > max) throw new Unreadable({ kind: "tooMany", path, count: items.length, max });
    const read = items.flatMap((each, index) => itemOf(each, `${path}[${index}]`, item));
    return { read, unreadable: items.length - read.length };
  };
}

/** Reads a list of at most `max` items without those that cannot be read. */
export function readable<Value>(max: number, item: Read<Value>): Read<readonly Value[]> {
  const read = list(max, item);
  return (value, path) => read(value, path).read;
}

/** The value alone, or nothing if it is unreadable. */
function itemOf<Value>(value: unknown, path: string, read: Read<Value>): readonly Value[] {
  try {
    return [read(value, path)];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** Reads a part that may be missing. */
export function optional<Value>(read: Read<Value>): Read<Value | undefined> {
  return (value, path) => value === undefined ? undefined : read(value, path);
}

/** Reads a finite number. */
export const number: Read<number> = (value, path) =>
  fitting(value as number, path, typeof value === "number" && Number.isFinite(value));

/** Reads true or false. */
export const boolean: Read<boolean> = (value, path) =>
  fitting(value as boolean, path, typeof value === "boolean");

function string(bytesMax: number): Read<string> {
  return (value, path) => {
    const fits = typeof value === "string" && value.isWellFormed() && utf8Bytes(value) <= bytesMax;
    return fitting(value as string, path, fits);
  };
}

/** Reads a text that may be saved. */
export const text = string(SAVED_TEXT_BYTES);

/** Reads a name or an id. */
export const name = string(NAME_BYTES);

/** Reads one of several texts or numbers. */
export function oneOf<Choice extends string | number>(choices: readonly Choice[]): Read<Choice> {
  return (value, path) => fitting(value as Choice, path, choices.some((choice) => choice === value));
}

/** Reads an account. */
export const account = dictionary<SavedAccount>({ name, account: optional(name) });

/** Reads the id of a message. */
export const messageId: Read<string> = (value, path) => {
  const id = name(value, path);
  return fitting(id, path, UUID_PATTERN.test(id));
};
