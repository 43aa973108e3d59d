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

type Read<Value> = (value: unknown, path: string) => Value;

/** A value that fits. @throws {Unreadable} for another one */
function fitting<Value>(value: Value, path: string, fits: boolean): Value {
  if (fits) return value;
  throw new Unreadable({ kind: "field", path });
}

/** The members of a dictionary. @throws {Unreadable} for anything else */
export function dictionary(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const fits = typeof value === "object" && value !== null && !Array.isArray(value);
  return fitting(value as Record<string, unknown>, path, fits);
}

/** The items of a list that can be read, and the number of the others. */
interface ReadList<Value> {
  readonly read: readonly Value[];
  readonly unreadable: number;
}

/** Reads a list of at most `max` items. @throws {Unreadable} for anything else */
export function list<Value>(value: unknown, path: string, max: number, read: Read<Value>): ReadList<Value> {
  const items = fitting(value as readonly unknown[], path, Array.isArray(value));
  if (items.length > max) throw new Unreadable({ kind: "tooMany", path, count: items.length, max });
  const readable = items.flatMap((item, index) => itemOf(item, `${path}[${index}]`, read));
  return { read: readable, unreadable: items.length - readable.length };
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

/** A part that may be missing. @throws {Unreadable} for anything else */
export function optional<Value>(value: unknown, path: string, read: Read<Value>): Value | undefined {
  return value === undefined ? undefined : read(value, path);
}

/** A finite number. @throws {Unreadable} for anything else */
export function number(value: unknown, path: string): number {
  return fitting(value as number, path, typeof value === "number" && Number.isFinite(value));
}

/** True or false. @throws {Unreadable} for anything else */
export function boolean(value: unknown, path: string): boolean {
  return fitting(value as boolean, path, typeof value === "boolean");
}

function string(value: unknown, path: string, bytesMax: number): string {
  const fits = typeof value === "string" && value.isWellFormed() && utf8Bytes(value) <= bytesMax;
  return fitting(value as string, path, fits);
}

/** A text that may be saved. */
export const text: Read<string> = (value, path) => string(value, path, SAVED_TEXT_BYTES);
/** A name or an id. */
export const name: Read<string> = (value, path) => string(value, path, NAME_BYTES);

/** One of several texts. @throws {Unreadable} for anything else */
export function oneOf<Choice extends string>(
  value: unknown,
  path: string,
  choices: readonly Choice[],
): Choice {
  return fitting(value as Choice, path, choices.some((choice) => choice === value));
}

/** An account. @throws {Unreadable} for anything else */
export function account(value: unknown, path: string): SavedAccount {
  const fields = dictionary(value, path);
  return {
    name: name(fields["name"], `${path}.name`),
    account: optional(fields["account"], `${path}.account`, name),
  };
}

/** The id of a message. @throws {Unreadable} for anything else */
export function messageId(value: unknown, path: string): string {
  const id = name(value, path);
  return fitting(id, path, UUID_PATTERN.test(id));
}
