/**
 * What the values of records are, before the core reads them with care.
 *
 * @module
 */

import { readSaved, type Saved } from "../core/saved.ts";
import { isSameAccount, type SavedAccount } from "../core/saved_parts.ts";
import type { Entry } from "./records.ts";

/** True for something that was saved for a user. */
export function isOf(value: unknown, user: SavedAccount): boolean {
  const of = (value as { readonly of?: SavedAccount } | undefined)?.of;
  return typeof of?.name === "string" && isSameAccount(of, user);
}

/** True for an outbox that has nothing to keep. */
export function isEmpty(saved: Saved | undefined): saved is undefined {
  return saved === undefined || saved.messages.length + saved.drafts.length === 0;
}

/** Ids of the messages in an outbox that a node is still to get. */
export function waitingIn(value: unknown): readonly string[] {
  const read = readSaved(value);
  if ("kind" in read) return [];
  return read.saved.messages.filter(({ status }) => status !== "failed").map(({ id }) => id);
}

/** Keys of records. */
export function keysOf(entries: readonly Entry[]): readonly string[] {
  return entries.map(([key]) => key);
}

/** The value of a JSON text; undefined if there is none, or none that can be read. */
export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
