/**
 * An entry is an event with its place: the unit of the log and of replication.
 *
 * @module
 */

import type { Event } from "./events.ts";

/** The place of an entry in its origin: the origin, the number there, and the time. */
export interface Place {
  /** Node name, `#`, and the incarnation of its data folder: `node1#5f2a9c01d3b4`. */
  readonly origin: string;
  /** Counts the entries of an origin from 1 on, without a gap. */
  readonly seq: number;
  /** Hybrid logical clock, microseconds since the Unix epoch: of one origin, every stamp is later. */
  readonly stamp: number;
}

/** One event in its place. Members are in the order in which a log line has them. */
export type Entry = Place & Event;

/** Puts an event into its place. */
export function entryOf(origin: string, seq: number, stamp: number, event: Event): Entry {
  return { origin, seq, stamp, ...event };
}

/** Longest origin, characters: a node name of 32, `#`, twelve digits. */
export const ORIGIN_LENGTH_MAX = 45;

/** Most origins of a log: all of them stand in every hello, which has at most 1 MiB. */
export const ORIGINS_MAX = 10_000;

/** The node that an origin belongs to. */
export function nodeOf(origin: string): string {
  return origin.slice(0, origin.lastIndexOf("#"));
}

/** Names one entry in the whole cluster: its origin, a slash, its sequence number. */
export function entryKey(place: Place): string {
  return `${place.origin}/${place.seq}`;
}
