/**
 * A process that folds messages into an archive until it is killed. Each entry is a message or the deletion of one,
 * and a message says its number.
 *
 * @module
 */

import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Entry } from "../../../server/core/entry.ts";

const ORIGIN = "node1#aaaaaaaaaaaa";
const ENTRIES = 50;

const archive = ArchiveDatabase.open(Deno.args[0] ?? "", "write");
const encoder = new TextEncoder();
for (let { position } = archive.place;;) {
  const entries = Array.from({ length: ENTRIES }, (_, i) => entryAt(position + i));
  position += ENTRIES;
  archive.fold(entries, position);
  if (position % 500 === 0) archive.compact(Date.now());
  Deno.stdout.writeSync(encoder.encode(`${position}\n`));
}

function entryAt(i: number): Entry {
  const place = { origin: ORIGIN, seq: i + 1, stamp: i + 1 };
  const [from, to] = ["ann", `bob${i % 3}`] as const;
  if (i % 10 !== 9) {
    return { ...place, type: "messageSent", id: `m${i}`, from, to, content: `number${i} of ann` };
  }
  const other = i - 3;
  return {
    ...place,
    type: "messagesDeleted",
    sender: "ann",
    recipient: `bob${other % 3}`,
    ids: [`m${other}`],
  };
}
