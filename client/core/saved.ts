/**
 * The form in which messages that no server has, and drafts, outlive the program: plain JSON, bounded, and checked
 * before it is believed.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../common/limits.ts";
import { knownCode } from "../../common/protocol/error_codes.ts";
import { UUID_PATTERN } from "../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Refusal } from "./refusal.ts";

/** Number of the format; another form gets another number. */
const FORMAT = 1;

/** Longest text of a message or a draft that is saved, bytes: it may be too long to be sent, and is still not lost. */
export const SAVED_TEXT_BYTES = 4 * DEFAULT_LIMITS.contentBytes;

/** The most messages that are saved. */
export const SAVED_MESSAGES = 1_000;

/** The most drafts that are saved. */
export const SAVED_DRAFTS = 500;

/** Longest name or id that is read, bytes. */
const NAME_BYTES = 200;

/** An account: by its id where that is known, since a name may be another account's later. */
export interface SavedAccount {
  readonly name: string;
  readonly account?: string | undefined;
}

/** A message that no server has. */
export interface SavedMessage {
  readonly id: string;
  readonly to: SavedAccount;
  readonly text: string;
  /** Seconds since the Unix epoch. */
  readonly timestamp: number;
  readonly status: "queued" | "held" | "failed";
  /** True if it was sent and no reply came. */
  readonly mayBeStored: boolean;
  readonly refusal?: Pick<Refusal, "code" | "message"> | undefined;
}

/** Messages that no server has, and drafts, of one account. */
export interface Saved {
  readonly format: typeof FORMAT;
  /** Name of the cluster, once a node has told it. */
  readonly cluster?: string | undefined;
  readonly of: SavedAccount;
  /** In the order in which they are sent. */
  readonly messages: readonly SavedMessage[];
  readonly drafts: readonly { readonly to: SavedAccount; readonly text: string }[];
}

/** Everything of the account that outlives the program, and the number of things for which there was no room. */
export interface Outbox {
  /** `undefined` if nobody is logged in: nothing is to be kept. */
  readonly saved: Saved | undefined;
  readonly leftOut: number;
}

/** The reason why something saved cannot be put back. */
export type SavedProblem =
  | { readonly kind: "format"; readonly format: number; readonly known: number }
  /** That part is missing, or is nothing that this client would save. */
  | { readonly kind: "field"; readonly path: string }
  | { readonly kind: "tooMany"; readonly path: string; readonly count: number; readonly max: number }
  | { readonly kind: "otherAccount"; readonly name: string }
  | { readonly kind: "otherCluster"; readonly cluster: string };

/** What is saved of an account. */
export function savedForm(parts: Omit<Saved, "format">): Saved {
  return { format: FORMAT, ...parts };
}

/** Something saved that could be read, and the number of its messages and drafts that could not. */
interface ReadSaved {
  readonly saved: Saved;
  readonly unreadable: number;
}

/** Reads something saved without its unreadable messages and drafts, or names the problem of the whole. */
export function readSaved(value: unknown): ReadSaved | SavedProblem {
  try {
    const fields = dictionary(value, "");
    const format = number(fields["format"], "format");
    if (format !== FORMAT) return { kind: "format", format, known: FORMAT };
    const messages = list(fields["messages"], "messages", SAVED_MESSAGES, message);
    const drafts = list(fields["drafts"], "drafts", SAVED_DRAFTS, draft);
    const saved: Saved = {
      format,
      cluster: optional(fields["cluster"], "cluster", name),
      of: account(fields["of"], "of"),
      messages: messages.read,
      drafts: drafts.read,
    };
    return { saved, unreadable: messages.unreadable + drafts.unreadable };
  } catch (error) {
    if (error instanceof Unreadable) return error.problem;
    throw error;
  }
}

class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(readonly problem: SavedProblem) {
    super(problem.kind);
  }
}

type Read<Value> = (value: unknown, path: string) => Value;

/** A value that fits. @throws {Unreadable} for another one */
function fitting<Value>(value: Value, path: string, fits: boolean): Value {
  if (fits) return value;
  throw new Unreadable({ kind: "field", path });
}

function dictionary(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const fits = typeof value === "object" && value !== null && !Array.isArray(value);
  return fitting(value as Record<string, unknown>, path, fits);
}

/** The items of a list that can be read, and the number of the others. */
interface ReadList<Value> {
  readonly read: readonly Value[];
  readonly unreadable: number;
}

function list<Value>(value: unknown, path: string, max: number, read: Read<Value>): ReadList<Value> {
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

function optional<Value>(value: unknown, path: string, read: Read<Value>): Value | undefined {
  return value === undefined ? undefined : read(value, path);
}

function number(value: unknown, path: string): number {
  return fitting(value as number, path, typeof value === "number" && Number.isFinite(value));
}

function boolean(value: unknown, path: string): boolean {
  return fitting(value as boolean, path, typeof value === "boolean");
}

function string(value: unknown, path: string, bytesMax: number): string {
  const fits = typeof value === "string" && value.isWellFormed() && utf8Bytes(value) <= bytesMax;
  return fitting(value as string, path, fits);
}

const text: Read<string> = (value, path) => string(value, path, SAVED_TEXT_BYTES);
const name: Read<string> = (value, path) => string(value, path, NAME_BYTES);

function oneOf<Choice extends string>(value: unknown, path: string, choices: readonly Choice[]): Choice {
  return fitting(value as Choice, path, choices.some((choice) => choice === value));
}

function account(value: unknown, path: string): SavedAccount {
  const fields = dictionary(value, path);
  return {
    name: name(fields["name"], `${path}.name`),
    account: optional(fields["account"], `${path}.account`, name),
  };
}

function message(value: unknown, path: string): SavedMessage {
  const fields = dictionary(value, path);
  const id = name(fields["id"], `${path}.id`);
  return {
    id: fitting(id, `${path}.id`, UUID_PATTERN.test(id)),
    to: account(fields["to"], `${path}.to`),
    text: text(fields["text"], `${path}.text`),
    timestamp: number(fields["timestamp"], `${path}.timestamp`),
    status: oneOf(fields["status"], `${path}.status`, ["queued", "held", "failed"]),
    mayBeStored: boolean(fields["mayBeStored"], `${path}.mayBeStored`),
    refusal: optional(fields["refusal"], `${path}.refusal`, refusal),
  };
}

function draft(value: unknown, path: string): Saved["drafts"][number] {
  const fields = dictionary(value, path);
  return { to: account(fields["to"], `${path}.to`), text: text(fields["text"], `${path}.text`) };
}

/** A code of a later release is taken as one that this release knows, as in a reply. */
function refusal(value: unknown, path: string): Pick<Refusal, "code" | "message"> {
  const fields = dictionary(value, path);
  return {
    code: knownCode(name(fields["code"], `${path}.code`)),
    message: text(fields["message"], `${path}.message`),
  };
}
