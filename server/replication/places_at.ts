/**
 * Places of an origin, read from the log: recent ones from memory, the others from the files.
 *
 * @module
 */

import { advance, type ChainedPlace, type Reached, seqOf } from "../core/version.ts";
import type { EntryHistory } from "../ports/history.ts";

/**
 * Looks up durable entries by number.
 *
 * @param seqs ascending
 * @param done gets those that are there, without a chain if they are behind a gap. May be called before this returns
 */
export function placesAt(
  history: EntryHistory,
  origin: string,
  seqs: readonly number[],
  done: (places: readonly ChainedPlace[] | Error) => void,
): void {
  const places = new Map<number, ChainedPlace>();
  const last = seqOf(history.end.version, origin);
  const unknown = new Set<number>();
  for (const seq of seqs) {
    if (seq < 1 || seq > last) continue;
    const known = history.reachedAt(origin, seq);
    if (known === undefined) unknown.add(seq);
    else places.set(seq, { origin, ...known });
  }
  const inOrder = (): ChainedPlace[] => [...places.values()].sort((a, b) => a.seq - b.seq);
  if (unknown.size === 0) return done(inOrder());
  scan(history, origin, unknown, (read) => {
    if (read instanceof Error) return done(read);
    for (const place of read) places.set(place.seq, place);
    done(inOrder());
  });
}

/** Reads the log from the latest known place before the first of the entries to the last of them. */
function scan(
  history: EntryHistory,
  origin: string,
  wanted: ReadonlySet<number>,
  done: (places: ChainedPlace[] | Error) => void,
): void {
  const first = Math.min(...wanted);
  const last = Math.max(...wanted);
  const start = history.latestPlace((version) => seqOf(version, origin) < first);
  const version = new Map<string, Reached>(start.version);
  const cursor = history.cursor(start);
  const end = history.end.position;
  const found: ChainedPlace[] = [];
  const read = (): void =>
    cursor.next(end, (entries) => {
      if (entries instanceof Error) return finish(entries);
      for (const { entry } of entries) {
        if (entry.origin !== origin) continue;
        advance(version, entry);
        const { seq, stamp } = entry;
        if (wanted.has(seq)) found.push({ origin, seq, stamp, chain: version.get(origin)?.chain });
      }
      if (entries.length === 0 || seqOf(version, origin) >= last) finish(found);
      else read();
    });
  const finish = (outcome: ChainedPlace[] | Error): void => {
    cursor.close();
    done(outcome);
  };
  read();
}
