/**
 * The manifest of a backup: the one file that says which bytes of which files belong to it. A backup is made by
 * writing beside the one before, and becomes valid when the new manifest takes the place of the old one.
 *
 * @module
 */

import type { Reached } from "../core/version.ts";
import { crcOf } from "../log/log_line.ts";

/** Path of the manifest in the folder of a backup. */
export const MANIFEST_FILE = "manifest.json";

/** The format that is written here, and the newest that can be read. */
const MANIFEST_FORMAT = 1;

/** Longest manifest, bytes: some 40,000 segments of 64 MiB. */
export const MANIFEST_BYTES_MAX = 16 * 1_024 * 1_024;

/** The copy of one segment of the log. */
export interface StoredSegment {
  /** Path in the folder of the backup. */
  readonly file: string;
  /** Number of the file's first bytes that belong to the backup; later ones are left over from an interruption. */
  readonly bytes: number;
  /** SHA-256 of these bytes, hexadecimal. */
  readonly sha256: string;
  /** Number of entries. */
  readonly entries: number;
  /** Number of its last batch. */
  readonly batch: number;
  /** Checksum of its last line. As each line has that of the line before, it stands for all of them. */
  readonly crc: string;
  /** Checksum that the next segment follows instead, if this one was compacted. */
  readonly sealedCrc?: string;
  /** Sequence number of the last entry of each origin in it. */
  readonly reached: Readonly<Record<string, number>>;
  /** Chain of each of these origins up to there, unless it is unknown; of earlier versions there are none. */
  readonly chains?: Readonly<Record<string, number>>;
}

/** The last entry of an origin, with its chain if that is known. */
export type LastPlace = Pick<Reached, "seq" | "chain">;

/** The node and the cluster that a backup is of. */
export interface BackupOwner {
  readonly cluster: string;
  readonly node: string;
}

/** The content of a manifest. */
export interface Manifest extends BackupOwner {
  readonly format: number;
  /** Counts the backups in this folder; 0 while there is none yet. */
  readonly number: number;
  /** Time at which the backup began, ISO 8601. */
  readonly time: string;
  /** Version of the program that made it. */
  readonly program: string;
  /** Number of the last batch. */
  readonly batch: number;
  /** Version vector: sequence number of the last entry of each origin. */
  readonly version: Readonly<Record<string, number>>;
  /** In the order of the log, from segment 1 on. */
  readonly segments: readonly StoredSegment[];
}

/** The parts of a manifest that do not follow from its segments. */
type ManifestHead = Omit<Manifest, "format" | "batch" | "version">;

/** Makes a manifest. */
export function manifestOf({ cluster, node, number, time, program, segments }: ManifestHead): Manifest {
  const batch = segments.at(-1)?.batch ?? 0;
  const version = Object.fromEntries(Array.from(lastPlaces(segments), ([origin, { seq }]) => [origin, seq]));
  return { format: MANIFEST_FORMAT, cluster, node, number, time, program, batch, version, segments };
}

/** The last entry of each origin in some segments, from segment 1 on. */
export function lastPlaces(segments: readonly StoredSegment[]): Map<string, LastPlace> {
  const places = new Map<string, LastPlace>();
  for (const { reached, chains = {} } of segments) {
    for (const [origin, seq] of Object.entries(reached)) {
      if (seq >= (places.get(origin)?.seq ?? 0)) places.set(origin, { seq, chain: chains[origin] });
    }
  }
  return places;
}

const encoder = new TextEncoder();

/** JSON of a manifest, with the checksum of everything before it as its last member. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const body = JSON.stringify(manifest, undefined, 2).slice(0, -"\n}".length);
  return encoder.encode(`${body},\n  "crc": "${crcOf(encoder.encode(body))}"\n}\n`);
}

const END = /,\n {2}"crc": "([0-9a-f]{8})"\n}\n$/;

/** Reads a manifest; returns the problem if it is damaged, or of a newer format. */
export function parseManifest(bytes: Uint8Array): Manifest | string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const end = END.exec(text);
  if (end === null) return "it does not end in its checksum";
  const body = text.slice(0, end.index);
  const actual = crcOf(encoder.encode(body));
  if (actual !== end[1]) return `its checksum is ${actual}, but it says ${end[1]}`;
  try {
    return checked(JSON.parse(`${body}}`) as Manifest);
  } catch {
    return "its checksum fits, but it is no manifest";
  }
}

const SEGMENT_FILE = /^segments\/\d{8}-\d{1,15}\.jsonl$/;

function checked(manifest: Manifest): Manifest | string {
  const { format, segments } = manifest;
  if (!(format <= MANIFEST_FORMAT)) {
    return `it has format ${format}, and this version of the program knows only formats up to ${MANIFEST_FORMAT}`;
  }
  const odd = segments.find(({ file, bytes }) => !SEGMENT_FILE.test(file) || !(bytes > 0));
  return odd === undefined ? manifest : `it names the file ${odd.file} with ${odd.bytes} bytes`;
}
