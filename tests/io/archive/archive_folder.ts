/**
 * An archive in a folder of its own, entries for it, and searches in it.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import type { ArchivePage, SearchQuery } from "../../../server/core/messages/archived.ts";

/** Origin of the entries. */
export const ORIGIN = "node1#aaaaaaaaaaaa";

/** Runs a test with the path of an archive in a folder of its own. */
export async function inFolder(run: (path: string, folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/archive.db`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Gives events their places, one after the other. */
export class Entries {
  #seq = 0;

  /** The entries of these events. */
  of(...events: readonly Event[]): Entry[] {
    return events.map((event) => ({ origin: ORIGIN, seq: ++this.#seq, stamp: this.#seq, ...event }));
  }

  /** Number of entries so far. */
  get position(): number {
    return this.#seq;
  }
}

/** A message. */
export function sent(id: string, from: string, to: string, content: string): Event {
  return { type: "messageSent", id, from, to, content };
}

/** A search for the newest messages with these terms. */
export function query(account: string, ...terms: string[]): SearchQuery {
  return { type: "search", account, terms, other: undefined, before: undefined, limit: 100 };
}

/** Ids of found messages. */
export function idsOf({ messages }: ArchivePage): string[] {
  return messages.map(({ id }) => id);
}
