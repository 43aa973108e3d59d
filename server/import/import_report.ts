/**
 * The summary of an import.
 *
 * @module
 */

import type { OriginalImport, Tally } from "./original_import.ts";

/** Counts of imported, known and refused items, in a few lines. */
export function importReport(result: OriginalImport, data: string): string {
  const { accounts, messages, reads, deletions, linesRefused, idsUnknown } = result;
  const lines = [
    `accounts: ${tallyText(accounts)}`,
    `messages: ${tallyText(messages)}`,
    `now read: ${reads}, now deleted: ${deletions}`,
  ];
  if (linesRefused > 0) lines.push(`lines that could not be read: ${linesRefused}`);
  if (idsUnknown > 0) {
    lines.push(`ids that were read or deleted in the files, and of which there is no message: ${idsUnknown}`);
  }
  lines.push(result.hasChanged ? `${data} has been changed` : `nothing in ${data} has changed`);
  lines.push(...result.doubts.map((doubt) => `warning: ${doubt}`));
  if (!result.isComplete) {
    lines.push("not everything was taken over: what was refused, and why, is on standard error");
  }
  return lines.join("\n");
}

function tallyText({ taken, known, refused }: Tally): string {
  return `${taken} new, ${known} known already, ${refused} refused`;
}
