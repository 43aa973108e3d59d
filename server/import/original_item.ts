/**
 * Parses the files of the original server line by line. `user_accounts.json` is a dictionary of names and
 * bcrypt hashes, on one line or one pair to a line; `nodeN.json` has a message or an operation on each line.
 *
 * @module
 */

import { secondsStamp } from "../core/stamp.ts";

/** An account: its name and an unchecked bcrypt hash. */
export interface OriginalAccount {
  readonly kind: "account";
  readonly name: string;
  readonly hash: unknown;
}

/** A message; sender and recipient are names. */
export interface OriginalMessage {
  readonly kind: "message";
  readonly id: string;
  /** Time of sending, microseconds since the Unix epoch. */
  readonly at: number;
  readonly sender: string;
  readonly recipient: string;
  readonly content: string;
  /** True if the recipient has read it. */
  readonly read: boolean;
}

/** A later operation on messages. */
interface OriginalOperation {
  readonly kind: "operation";
  readonly operation: "delete" | "read";
  /** Message ids. */
  readonly ids: readonly string[];
}

/** One item of a file. */
export type OriginalItem = OriginalAccount | OriginalMessage | OriginalOperation;

/** Longest message id, characters: the original server makes UUIDs, which have 36. */
const ID_LENGTH_MAX = 128;

/** Latest time, seconds since the Unix epoch: later microseconds are not exact in a number. */
const SECONDS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000);

/** The beginning of every bcrypt hash: version and cost. */
const HASH_START = /^\$2[abxy]?\$\d\d\$/;

const MESSAGE_MEMBERS = ["id", "timestamp", "sender", "recipient", "content"] as const;

type Members = Readonly<Record<string, unknown>>;

/** Parses a line of any of the files; returns its items (several accounts, or none), or its problem. */
export function readOriginalLine(line: string): readonly OriginalItem[] | string {
  const text = line.trim();
  if (text === "" || text === "{" || text === "}") return [];
  const value = parseJson(text.startsWith('"') ? `{${text.replace(/,$/, "")}}` : text);
  if (value === undefined) return "it is no JSON; the line may have been cut off";
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "it is neither a dictionary of accounts, nor a message, nor an operation";
  }
  const members = value as Members;
  if (Object.hasOwn(members, "operation") && !isHash(members["operation"])) return readOperation(members);
  if (isMessage(members)) return readMessage(members);
  return Object.entries(members).map(([name, hash]) => ({ kind: "account", name, hash }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Looks at several members, because an account may have the name `id`. */
function isMessage(members: Members): boolean {
  return MESSAGE_MEMBERS.filter((name) => Object.hasOwn(members, name) && !isHash(members[name])).length > 1;
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && HASH_START.test(value);
}

function readOperation({ operation, ids }: Members): readonly OriginalOperation[] | string {
  if (operation !== "delete" && operation !== "read") {
    return `its operation is ${shown(operation)}, and only "delete" and "read" are known`;
  }
  if (!Array.isArray(ids)) return `its ids are ${shown(ids)}, and must be a list of message ids`;
  const problem = ids.map(idProblem).find((each) => each !== undefined);
  return problem ?? [{ kind: "operation", operation, ids }];
}

function readMessage(members: Members): readonly OriginalMessage[] | string {
  const { id, timestamp, sender, recipient, content, status } = members;
  const problem = idProblem(id) ?? timestampProblem(timestamp);
  if (problem !== undefined) return problem;
  for (const name of ["sender", "recipient", "content"] as const) {
    if (typeof members[name] !== "string") {
      return `its ${name} is ${shown(members[name])}, and must be a text`;
    }
    if (!members[name].isWellFormed()) return `its ${name} holds half of a surrogate pair, which is no text`;
  }
  if (status !== "unread" && status !== "read") {
    return `its status is ${shown(status)}, and must be "unread" or "read"`;
  }
  return [{
    kind: "message",
    id: id as string,
    at: secondsStamp(timestamp as number),
    sender: sender as string,
    recipient: recipient as string,
    content: content as string,
    read: status === "read",
  }];
}

function idProblem(id: unknown): string | undefined {
  if (typeof id !== "string" || id === "") return `the message id ${shown(id)} must be a text`;
  if (!id.isWellFormed()) return `the message id ${shown(id)} holds half of a surrogate pair`;
  if (id.length <= ID_LENGTH_MAX) return undefined;
  return `the message id ${shown(id)} has ${id.length} characters and the limit is ${ID_LENGTH_MAX}`;
}

function timestampProblem(timestamp: unknown): string | undefined {
  if (typeof timestamp === "number" && timestamp >= 0 && timestamp <= SECONDS_MAX) return undefined;
  return `its timestamp is ${shown(timestamp)}, and must be in seconds since 1970, from 0 to ${SECONDS_MAX}`;
}

const SHOWN_LENGTH_MAX = 64;

/** A value of a file, shortened for a message to people. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "missing";
  return json.length <= SHOWN_LENGTH_MAX ? json : `${json.slice(0, SHOWN_LENGTH_MAX)}...`;
}
