/**
 * The reports of `log verify` and `log repair`.
 *
 * @module
 */

import { CLEAN_FILE } from "../log/clean_file.ts";
import { type Damage, LogDamaged } from "../log/log_errors.ts";
import type { Cut, RepairPlan, RepairReport } from "../log/repair_log.ts";
import { segmentPath } from "../log/segments.ts";
import type { LogReport } from "../log/verify_log.ts";

/** A report; unless it is good, it belongs on standard error. */
export interface Verdict {
  readonly text: string;
  readonly isGood: boolean;
}

/** The report of a verified log. */
export function verifyVerdict(report: LogReport, data: string): Verdict {
  const { segments, lines, entries, batches, damage, clean, end } = report;
  const counts = `${data}: segments: ${segments}, lines: ${lines}, entries: ${entries}, batches: ${batches}`;
  if (damage !== undefined && (damage.proof !== undefined || clean !== "unclean")) {
    return { text: `${counts} before the damage\n${new LogDamaged(damage).message}`, isGood: false };
  }
  if (damage !== undefined) return { text: `${counts}\n${tornTailText(damage)}`, isGood: true };
  const place = `byte ${end.bytes} of ${segmentPath(end.segment)}`;
  if (clean === "mismatch") {
    const text =
      `the file ${CLEAN_FILE} says that the log ended elsewhere than at ${place}: either the end of ` +
      "the log is lost, or that file is damaged. `chat-server log repair --accept-loss` goes on with what is there";
    return { text: `${counts}\n${text}`, isGood: false };
  }
  const ending = clean === "clean"
    ? "its node was shut down in order"
    : "its node is running, or was not shut down";
  return { text: `${counts}\nthe log is whole up to its end, ${place}; ${ending}`, isGood: true };
}

function tornTailText(damage: Damage): string {
  return `${
    placeText(damage)
  } an unfinished write begins: ${damage.problem}. Nobody was told of what was in it. ` +
    "The next start cuts it off and keeps it in broken/; while the node is running, it may just be writing. " +
    "Before it, the log is whole";
}

function placeText({ file, line, offset }: Damage): string {
  return `At ${file}, line ${line} (byte ${offset})`;
}

/** The report of a planned repair. */
export function planText(plan: RepairPlan, data: string): string {
  if (!plan.isNeeded) return wholeText(data);
  return [
    ...plan.cuts.map((cut) => `would be cut: ${cutText(cut)}`),
    ...(plan.cuts.length === 0 ? ["no line would be cut, but lines are missing"] : []),
    `${
      keptText(plan)
    } would be kept. Nothing was changed: --accept-loss repairs the log. Where other nodes ` +
    "have everything, move the data folder away instead and start with an empty one: it is filled from them",
  ].join("\n");
}

/** The report of a finished repair. */
export function repairText(report: RepairReport, data: string): string {
  if (!report.isNeeded) return wholeText(data);
  return [
    ...report.cuts.map((cut) => `cut: ${cutText(cut)}; a copy is in ${data}/${cut.kept}`),
    `${keptText(report)} were kept. The log is repaired, and the node can be started; what was cut does ` +
    "not come back from other nodes",
  ].join("\n");
}

function wholeText(data: string): string {
  return `the log in ${data} is whole: there is nothing to repair`;
}

function keptText({ end, entries }: RepairPlan): string {
  return `everything before byte ${end.bytes} of ${
    segmentPath(end.segment)
  }, and ${entries} entries behind it,`;
}

function cutText({ segment, line, lines, offset, bytes, problem }: Cut): string {
  const which = lines === 1 ? `line ${line}` : `lines ${line} to ${line + lines - 1}`;
  return `${segmentPath(segment)}, ${which} (${bytes} bytes from byte ${offset} on): ${problem}`;
}
