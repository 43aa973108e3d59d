/**
 * The reports of `backup` and `restore`.
 *
 * @module
 */

import type { MadeBackup } from "../backup/make_backup.ts";
import type { Manifest } from "../backup/manifest.ts";
import type { VerifiedBackup } from "../backup/verify_backup.ts";
import { stampMs } from "../core/stamp.ts";

/** The report of a backup that was made. */
export function madeText({ manifest, copied, replaced }: MadeBackup, folder: string): string {
  return [
    `${folder}: ${countsText(manifest)}`,
    `copied and verified: ${copied} bytes; everything else was there already`,
    ...replaced.map((problem) =>
      `the backup before was damaged, and this file of it was copied anew: ${problem}. Check the disk of the folder`
    ),
    "People who delete something from now on delete it from the node, not from this backup: keep it as safe as the " +
    "node, and no longer than you must",
  ].join("\n");
}

/** The report of a backup that was verified. */
export function wholeText(manifest: Manifest, folder: string): string {
  return `${folder}: ${countsText(manifest)}\nit is whole: every line, and every file as its manifest says`;
}

function countsText({ number, node, cluster, time, batch, segments }: Manifest): string {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const entries = segments.reduce((sum, segment) => sum + segment.entries, 0);
  return `backup ${number} of ${node} of the cluster ${cluster}, ${time}: ` +
    `segments: ${segments.length}, bytes: ${bytes}, entries: ${entries}, batches: ${batch}`;
}

/** A restore that was done. */
interface Restored extends VerifiedBackup {
  readonly manifest: Manifest;
  readonly node: string;
  readonly data: string;
  /** True if the backup was restored up to a time only. */
  readonly isPart: boolean;
  /** True if an interrupted restore had copied everything. */
  readonly wasThere: boolean;
  /** Names of the other configured nodes. */
  readonly others: readonly string[];
}

/** The report of a restore. */
export function restoredText(
  { manifest, node, data, isPart, wasThere, others, end, entries, latest, cutBy }: Restored,
): string {
  const upTo = latest === 0 ? "" : `, the latest of ${new Date(stampMs(latest)).toISOString()}`;
  return [
    `${data}: restored from the backup of ${manifest.time}: entries: ${entries}${upTo}; batches: ${end.batch} of ` +
    `${manifest.batch}`,
    ...(isPart ? [cutText(end.batch, cutBy)] : []),
    ...(wasThere ? ["The log was whole already: an interrupted restore was only to be finished"] : []),
    nextText(node, others, isPart),
    "What people have deleted since that backup is there again, until another node brings the deletion",
  ].join("\n");
}

function cutText(lastBatch: number, cutBy: VerifiedBackup["cutBy"]): string {
  if (cutBy === undefined) return "no entry of it is later than that time: nothing was left out";
  const { origin, seq, time } = cutBy;
  return `left out: everything from batch ${lastBatch + 1} on, because its entry ${seq} of ${origin} is of ` +
    new Date(stampMs(time)).toISOString();
}

function nextText(node: string, others: readonly string[], isPart: boolean): string {
  if (others.length === 0) return `Start ${node}`;
  const names = others.join(", ");
  return isPart
    ? `Start ${node}; when it listens, start ${names} with empty data folders: they are filled from it`
    : `Start ${node}: it asks ${names} for everything that it lacks before it serves, if they run`;
}
