/**
 * The form in which messages that no server has, and drafts, outlive the program: plain JSON, bounded, and checked
 * before it is believed.
 *
 * @module
 */

import type { Refusal } from "./refusal.ts";
import {
  account,
  boolean,
  dictionary,
  list,
  messageId,
  name,
  number,
  oneOf,
  optional,
  type SavedAccount,
  text,
  Unreadable,
  type UnreadablePart,
} from "./saved_parts.ts";

/** Number of the format; another form gets another number. */
const FORMAT = 1;

/** The most messages that are saved. */
export const SAVED_MESSAGES = 1_000;

/** The most drafts that are saved. */
export const SAVED_DRAFTS = 500;

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
  | UnreadablePart
  | { readonly kind: "otherAccount"; readonly name: string }
  | { readonly kind: "otherCluster"; readonly cluster: string };

/** True for something that a later release has saved: it stays where it is, for that one. */
export function isOfLaterFormat(value: unknown): boolean {
  const format = (value as { readonly format?: unknown } | null | undefined)?.format;
  return typeof format === "number" && format > FORMAT;
}

/** What is saved of an account. */
export function savedForm(parts: Omit<Saved, "format">): Saved {
  return { format: FORMAT, ...parts };
}

/** The code may be of a later release, as in a reply. */
const refusal = dictionary<Pick<Refusal, "code" | "message">>({
  code: name,
  message: text,
});

const message = dictionary<SavedMessage>({
  id: messageId,
  to: account,
  text,
  timestamp: number,
  status: oneOf(["queued", "held", "failed"]),
  mayBeStored: boolean,
  refusal: optional(refusal),
});

const draft = dictionary<Saved["drafts"][number]>({ to: account, text });

const numbered = dictionary({ format: number });

const whole = dictionary({
  messages: list(SAVED_MESSAGES, message),
  drafts: list(SAVED_DRAFTS, draft),
  cluster: optional(name),
  of: account,
});

/** Something saved that could be read, and the number of its messages and drafts that could not. */
interface ReadSaved {
  readonly saved: Saved;
  readonly unreadable: number;
}

/** Reads something saved without its unreadable messages and drafts, or names the problem of the whole. */
export function readSaved(value: unknown): ReadSaved | SavedProblem {
  try {
    const { format } = numbered(value, "");
    if (format !== FORMAT) return { kind: "format", format, known: FORMAT };
    const { messages, drafts, ...rest } = whole(value, "");
    const saved = savedForm({ ...rest, messages: messages.read, drafts: drafts.read });
    return { saved, unreadable: messages.unreadable + drafts.unreadable };
  } catch (error) {
    if (error instanceof Unreadable) return error.problem;
    throw error;
  }
}
