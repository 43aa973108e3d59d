/**
 * The status of a node for people, also during its start.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { grouped, guaranteeText, peerStateText } from "../../common/protocol/cluster_status.ts";
import { visibleText } from "../../common/visible_text.ts";
import type { ClockStatus, NodeStatus } from "../admin/node_status.ts";
import type { StartingStatus, StartStep } from "../admin/starting_status.ts";
import type { Largest } from "../core/accounts/largest.ts";
import type { ArchiveStatus, VerificationStatus } from "../ports/archive.ts";
import type { DrainStatus, PeerStatus } from "../ports/node.ts";
import { percentOf } from "../process/log_progress.ts";
import { forkReport } from "./fork_status.ts";

const BYTES_PER_KIBIBYTE = 1_024;
const BYTES_PER_MEBIBYTE = 1_048_576;

/** Wait of a peer's entries from which on it is shown, ms. */
const HELD_MS_MIN = 1_000;

type Row = readonly [label: string, value: string];

/** A table with one line for each figure, free of characters that move a cursor. */
export function statusReport(status: NodeStatus): string {
  const { node } = status;
  return table([
    ...processRows(status),
    ...(status.filling === null ? [] : [["clients", `not served: ${status.filling}`] as const]),
    ...(status.draining === undefined ? [] : [["draining", drainText(status.draining)] as const]),
    ...(isDiskFull(status) ? [["disk", "full: nothing can be changed until there is room"] as const] : []),
    ...(status.alone === undefined || status.alone === status.filling
      ? []
      : [["alone", status.alone] as const]),
    ...(status.page === undefined ? [] : [["page", status.page] as const]),
    ...(status.metrics === undefined ? [] : [["metrics", status.metrics] as const]),
    ["sessions", grouped(status.sessions)],
    ["accounts", grouped(status.accounts)],
    ["messages", messagesText(status)],
    ["entries", grouped(status.entries)],
    ...(status.archive === undefined ? [] : [["archive", archiveText(status.archive)] as const]),
    ...verificationRows(status.verification),
    ...largestRows(status),
    ["memory", `${mebibytes(status.residentBytes)} MiB${heapText(status)}${memoryText(status)}`],
    ...lackRows(status.archive),
    ...clockRows(status.clock ?? {}),
    ["copies", guaranteeText(status)],
    ...peerRows(status.peers),
    ...(status.forks ?? []).map((fork, i): Row => [i === 0 ? "forks" : "", forkReport(node, fork)]),
  ]);
}

function messagesText({ messages, residentMessages }: NodeStatus): string {
  const all = grouped(messages);
  return residentMessages === undefined ? all : `${all}; in memory: ${grouped(residentMessages)}`;
}

/** The same for a node that does not serve yet. */
export function startingReport(status: StartingStatus): string {
  return table([
    ...processRows(status),
    ["clients", `not served: the node is starting; ${stepText(status.starting)}`],
    ["memory", `${mebibytes(status.residentBytes)} MiB`],
  ]);
}

function stepText(starting: StartStep): string {
  if (starting.step === "peers") return "it has read its log and asks the other nodes first";
  const { bytes, ofBytes, entries, leftMs } = starting;
  const what = starting.step === "archive" ? "brings its archive up first, and has read" : "has read";
  const read =
    `it ${what} ${percentOf(starting)} % of its log (${mebibytes(bytes)} of ${mebibytes(ofBytes)} MiB, ` +
    `${grouped(entries)} entries)`;
  return leftMs === null ? read : `${read}, and about ${durationText(leftMs)} are left`;
}

function processRows(status: NodeStatus | StartingStatus): Row[] {
  const { node, cluster, version, pid, uptimeMs, logLevel } = status;
  return [
    ["node", `${node} of the cluster ${cluster}, version ${version}`],
    ["running", `for ${durationText(uptimeMs)}, as process ${pid}`],
    ...logLevel === undefined
      ? []
      : [["log level", `${logLevel.level} for another ${durationText(logLevel.leftMs)}`] as const],
  ];
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${visibleText(value)}`).join("\n");
}

function largestRows({ largestInbox: inbox, largestSender: sender }: Largest): Row[] {
  const rows: Row[] = [];
  if (inbox) {
    rows.push([
      "inbox",
      `largest: ${inbox.name}, unread: ${grouped(inbox.messages)}, of ${bytesText(inbox.bytes)}`,
    ]);
  }
  if (sender) rows.push(["stored", `most today: ${sender.name}, ${bytesText(sender.bytes)}`]);
  return rows;
}

/** Bytes in the largest unit of which there is at least one. */
function bytesText(bytes: number): string {
  if (bytes >= BYTES_PER_MEBIBYTE) return `${mebibytes(bytes)} MiB`;
  return bytes < BYTES_PER_KIBIBYTE ? `${bytes} B` : `${Math.round(bytes / BYTES_PER_KIBIBYTE)} KiB`;
}

function mebibytes(bytes: number): string {
  return grouped(Math.round(bytes / BYTES_PER_MEBIBYTE));
}

function archiveText({ position, lag, isBuilding, problem }: ArchiveStatus): string {
  if (problem !== undefined) return `no search now: ${problem}`;
  if (isBuilding) {
    return `is being built: ${Math.floor(position / (position + lag) * 100)} %; no search until then`;
  }
  if (lag === 0) return "follows the log";
  return `follows the log, ${grouped(lag)} ${lag === 1 ? "entry" : "entries"} behind`;
}

function verificationRows(verification: VerificationStatus | undefined): Row[] {
  if (verification === undefined) return [];
  if (verification.isDone) return [["log", "verified"]];
  return [["log", `being verified from its beginning on: ${percentOf(verification)} %`]];
}

function drainText({ phase, leftMs, moved, here, lacking }: DrainStatus): string {
  const ends = phase === "over" ? "the node ends now" : `the node ends within ${durationText(leftMs)}`;
  const sessions = `${counted(moved, "session")} told to move to another node, ${grouped(here)} here`;
  return [sessions, ...lackingTexts(lacking), ends].join("; ");
}

/** The peers that lack entries of a node that drains, for people. */
export function lackingTexts(lacking: DrainStatus["lacking"]): readonly string[] {
  return lacking.map(({ name, entries }) =>
    entries > 0 ? `${name} lacks ${grouped(entries)} of the entries` : `${name} may lack entries`
  );
}

function isDiskFull({ readOnly, full = "disk" }: NodeStatus): boolean {
  return readOnly && full === "disk";
}

function heapText({ heap }: NodeStatus): string {
  return heap === undefined
    ? ""
    : `; heap: ${mebibytes(heap.usedBytes)} of ${mebibytes(heap.limitBytes)} MiB`;
}

function memoryText({ full }: NodeStatus): string {
  if (full !== "memory") return "";
  return ", full: nothing new is taken until something is deleted, or the node " +
    "is started with more (DENO_V8_FLAGS=--max-old-space-size=MIB)";
}

function lackRows(archive: ArchiveStatus | undefined): Row[] {
  if (archive?.memoryMayLack === undefined) return [];
  const lack =
    "may lack unread messages and conversations: it was loaded from an archive that was damaged. " +
    "Restart the node once the archive follows the log";
  return [["", lack]];
}

function clockRows({ jumpedMs, jumpedAgoMs = 0, stampsAheadMs }: ClockStatus): Row[] {
  const texts: string[] = [];
  if (jumpedMs !== undefined) {
    const direction = jumpedMs < 0 ? "back" : "ahead";
    texts.push(
      `went ${durationText(Math.abs(jumpedMs))} ${direction} ${
        durationText(jumpedAgoMs)
      } ago: compare it with ` +
        "the other nodes",
    );
  }
  if (stampsAheadMs !== undefined) {
    texts.push(
      `the latest stamp in the log is ${
        durationText(stampsAheadMs)
      } ahead of it: a clock was wrong once, or ` +
        "this one is now",
    );
  }
  return texts.map((text, index) => [index === 0 ? "clock" : "", text]);
}

function peerRows(peers: readonly PeerStatus[]): Row[] {
  const names = peers.map(({ name }) => visibleText(name));
  const width = Math.max(0, ...names.map((name) => name.length));
  return peers.map((peer, index) => {
    const reason = peer.reason === undefined ? "" : `: ${peer.reason}`;
    const text = `${(names[index] ?? "").padEnd(width)}  ${stateText(peer)}${reason}${heldText(peer)}`;
    return [index === 0 ? "peers" : "", text];
  });
}

/** A look-up in the archive takes some milliseconds, which are not worth a word. */
function heldText({ heldMs = 0 }: PeerStatus): string {
  if (heldMs < HELD_MS_MIN) return "";
  return `; its entries have waited ${
    durationText(heldMs)
  }: they may repeat messages that only the archive ` +
    "has. They come once it can answer; see the line `archive`";
}

/** The wire has no `slow`: for clients such a peer is behind. */
function stateText({ state, entriesBehind }: PeerStatus): string {
  return state === "slow" ? state : peerStateText({ state, behind: entriesBehind });
}

/** The two largest units of a duration: `3 d 4 h`, `12 min 0 s`, `5 s`. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    { count: Math.floor(seconds / 86_400), unit: "d" },
    { count: Math.floor(seconds / 3_600) % 24, unit: "h" },
    { count: Math.floor(seconds / 60) % 60, unit: "min" },
    { count: seconds % 60, unit: "s" },
  ];
  const first = parts.findIndex(({ count }) => count > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).map(({ count, unit }) => `${count} ${unit}`).join(" ");
}
