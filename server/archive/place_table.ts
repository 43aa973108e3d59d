/**
 * The place of the archive in the log, and the numbers that it has given away.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Place } from "../core/entry.ts";
import { advance, type Reached, seqOf } from "../core/version.ts";
import type { LogPlace } from "../ports/history.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";
import { storedText, textOf } from "./stored_text.ts";

/** The numbers that a message needs. */
export interface MessageNumbers {
  /** Number of the next message. */
  readonly next: number;
  /** Gives that number away, to a message of this time. */
  take(time: number): void;
  /** There are so many messages more that are not deleted. */
  count(more: number): void;
  /** Number of an origin whose entry is being folded. */
  originOf(origin: string): number;
  /** The origin with a number. @throws ArchiveUnusable if there is none */
  nameOf(number: number): string;
}

/** The place, for the connection that writes. What is changed is written by `save`. */
export class PlaceTable implements MessageNumbers {
  readonly #version = new Map<string, Reached>();
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  readonly #advanced = new Set<string>();
  #counters: Counters = { position: 0, next: 1, messages: 0, newest: -1, latestDeletion: 0 };
  readonly #db: DatabaseSync;
  readonly #savePlace: StatementSync;
  readonly #addOrigin: StatementSync;
  readonly #saveOrigin: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#savePlace = db.prepare(
      "UPDATE place SET position = ?, next_message = ?, messages = ?, newest_message = ?, latest_deletion = ?",
    );
    this.#addOrigin = db.prepare("INSERT INTO origins (origin, seq, stamp, chain) VALUES (?, 0, 0, NULL)");
    this.#saveOrigin = db.prepare("UPDATE origins SET seq = ?, stamp = ?, chain = ? WHERE number = ?");
    this.load();
  }

  /** The place behind the last entry that was folded. */
  get place(): LogPlace {
    return { position: this.#counters.position, version: this.#version };
  }

  /** The living version of that place, for a state that shares it. */
  get version(): Map<string, Reached> {
    return this.#version;
  }

  get next(): number {
    return this.#counters.next;
  }

  take(time: number): void {
    this.#counters.next++;
    this.#counters.newest = Math.max(this.#counters.newest, time);
  }

  count(more: number): void {
    this.#counters.messages += more;
  }

  /** Number of messages that are not deleted. */
  get messages(): number {
    return this.#counters.messages;
  }

  /** An account was deleted by an entry with this stamp. */
  noteDeletion(stamp: number): void {
    this.#counters.latestDeletion = Math.max(this.#counters.latestDeletion, stamp);
  }

  originOf(origin: string): number {
    const known = this.#numbers.get(origin);
    if (known !== undefined) return known;
    const number = Number(this.#addOrigin.run(storedText(origin)).lastInsertRowid);
    this.#numbers.set(origin, number);
    this.#names.set(number, origin);
    return number;
  }

  nameOf(number: number): string {
    const name = this.#names.get(number);
    if (name === undefined) throw new ArchiveUnusable(`no origin has number ${number}`);
    return name;
  }

  /** Records an entry; returns false if it was folded before. */
  advance(place: Place): boolean {
    if (place.seq <= seqOf(this.#version, place.origin)) return false;
    advance(this.#version, place);
    this.#advanced.add(place.origin);
    return true;
  }

  /** It is now behind so many entries of the log. */
  move(position: number): void {
    this.#counters.position = position;
  }

  /** Writes what has changed. */
  save(): void {
    for (const origin of this.#advanced) {
      const { seq = 0, stamp = 0, chain = null } = this.#version.get(origin) ?? {};
      this.#saveOrigin.run(seq, stamp, chain, this.originOf(origin));
    }
    this.#advanced.clear();
    const { position, next, messages, newest, latestDeletion } = this.#counters;
    this.#savePlace.run(position, next, messages, newest, latestDeletion);
  }

  /** Reads everything again: what was changed in memory was undone. */
  load(): void {
    this.#counters = readCounters(this.#db);
    this.#advanced.clear();
    this.#numbers.clear();
    this.#names.clear();
    this.#version.clear();
    for (const { origin, number, reached } of readOrigins(this.#db)) {
      this.#numbers.set(origin, number);
      this.#names.set(number, origin);
      this.#version.set(origin, reached);
    }
  }
}

/** The place of the archive now, for a connection that reads. */
export function readPlace(db: DatabaseSync): LogPlace {
  const version = new Map([...readOrigins(db)].map(({ origin, reached }) => [origin, reached]));
  return { position: readCounters(db).position, version };
}

/** The row of the table `place`. */
export interface Counters {
  /** Number of entries of the log that are folded. */
  position: number;
  /** Number of the next message. */
  next: number;
  /** Number of messages that are not deleted; those of a deleted account count until they are erased. */
  messages: number;
  /** Time of the newest message that was ever folded, microseconds since the Unix epoch; -1 if there is none. */
  newest: number;
  /** Latest stamp of all deletions of accounts; 0 if there is none. */
  latestDeletion: number;
}

/** The counters now. */
export function readCounters(db: DatabaseSync): Counters {
  const row = db.prepare("SELECT * FROM place").get();
  return {
    position: Number(row?.["position"]),
    next: Number(row?.["next_message"]),
    messages: Number(row?.["messages"]),
    newest: Number(row?.["newest_message"]),
    latestDeletion: Number(row?.["latest_deletion"]),
  };
}

/** An origin with its number, and what is folded of it. */
export interface OriginRow {
  readonly origin: string;
  readonly number: number;
  readonly reached: Reached;
}

/** The origins. */
export function* readOrigins(db: DatabaseSync): Generator<OriginRow> {
  for (const row of db.prepare("SELECT number, origin, seq, stamp, chain FROM origins").iterate()) {
    const chain = row["chain"] === null ? undefined : Number(row["chain"]);
    const reached = { seq: Number(row["seq"]), stamp: Number(row["stamp"]), chain };
    yield { origin: textOf(String(row["origin"])), number: Number(row["number"]), reached };
  }
}
