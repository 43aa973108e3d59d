/**
 * The beginnings of the log's segments, as far as the archive has read it: a start that loads the archive begins to read
 * the log at one of them.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Reached } from "../core/version.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import { storedText, textOf } from "./stored_text.ts";

/** Origin, sequence number, stamp and chain; `null` if the chain is unknown. */
type StoredReached = readonly [string, number, number, number | null];

/** The table of segments. */
export class SegmentTable {
  readonly #add: StatementSync;
  readonly #before: StatementSync;

  /** @param db a connection that writes */
  constructor(db: DatabaseSync) {
    this.#add = db.prepare("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#before = db.prepare("SELECT * FROM segments WHERE number <= ? ORDER BY number DESC LIMIT 1");
  }

  /** Adds the beginning of a segment. */
  add({ segment, position, version, batch, crc, origin, writtenBy }: SegmentBeginning): void {
    const reached = [...version].map(([origin, { seq, stamp, chain = null }]): StoredReached => {
      return [origin, seq, stamp, chain];
    });
    this.#add.run(
      segment,
      position,
      JSON.stringify(reached),
      batch,
      crc,
      origin === undefined ? null : storedText(origin),
      writtenBy === undefined ? null : storedText(writtenBy),
    );
  }

  /** The beginning of the last segment up to this one; `undefined` if none is known. */
  before(segment: number): SegmentBeginning | undefined {
    const row = this.#before.get(segment);
    return row && beginningOf(row);
  }
}

/** All beginnings, in order, for any connection. */
export function readBeginnings(db: DatabaseSync): SegmentBeginning[] {
  return db.prepare("SELECT * FROM segments ORDER BY number").all().map(beginningOf);
}

function beginningOf(row: ReturnType<StatementSync["all"]>[number]): SegmentBeginning {
  const { origin, written_by: writtenBy } = row;
  return {
    segment: Number(row["number"]),
    position: Number(row["position"]),
    version: versionOf(JSON.parse(String(row["version"]))),
    batch: Number(row["batch"]),
    crc: String(row["crc"]),
    origin: typeof origin === "string" ? textOf(origin) : undefined,
    writtenBy: typeof writtenBy === "string" ? textOf(writtenBy) : undefined,
  };
}

function versionOf(reached: readonly StoredReached[]): ReadonlyMap<string, Reached> {
  return new Map(reached.map(([origin, seq, stamp, chain]) => {
    return [origin, { seq, stamp, chain: chain ?? undefined }];
  }));
}
