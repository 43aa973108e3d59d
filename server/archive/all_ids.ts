/**
 * The ids of all messages, as a filter.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { ArchivePage } from "../core/messages/archived.ts";
import { KnownIds } from "../core/messages/known_ids.ts";
import { ArrayStatement } from "./array_statement.ts";
import { keyBehind } from "./key_order.ts";
import type { Slices } from "../core/slices.ts";
import { idOf } from "./stored_text.ts";

/** Ids that are read before others have their turn. */
const SLICE_IDS = 500;

/** Work of an id, units of `core/slices.ts`. */
const ID_WORK = 20;

/** Reads all ids, in slices, each in a transaction of its own: a long one would keep the write-ahead log from being emptied. */
export function* allIds(db: DatabaseSync): Slices<ArchivePage> {
  const { next } = db.prepare("SELECT next_message AS next FROM place").get() ?? {};
  const ids = new KnownIds(Number(next));
  const slice = new ArrayStatement(
    db,
    "SELECT id, number FROM messages WHERE number > ? ORDER BY number LIMIT ?",
  );
  for (let after = -1;;) {
    const rows = slice.all(after, SLICE_IDS);
    for (const [id] of rows) ids.add(idOf(id as string | Uint8Array));
    const last = rows.at(-1);
    if (last === undefined) return { messages: [], more: false, ids: ids.filter };
    after = keyBehind(after, Number(last[1]));
    yield rows.length * ID_WORK;
  }
}
