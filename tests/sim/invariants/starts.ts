/**
 * The invariants of a start, after a server has read its log.
 *
 * @module
 */

import { eraseEntry } from "../../../server/core/compaction.ts";
import type { State } from "../../../server/core/state.ts";
import { seqOf } from "../../../server/core/version.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { wrongCounts } from "../../testing/state_digest.ts";
import type { ServerProcess } from "../server_process.ts";
import { compareMemory, foldOf } from "./residency.ts";

/**
 * Compares the state that a server has read with the durable content of its disk: the state includes all of
 * that (invariant 1), anything more is on the disk by now (2), and the server did not start over damage (11).
 *
 * @param before last durable entry of every origin before the log was opened
 */
export function checkStart(
  { machine, state, unverified }: ServerProcess,
  before: ReadonlyMap<string, number>,
): void {
  const { world, disk, name } = machine;
  const { checks, trace } = world;
  trace.add(name, "has read its log");
  for (const [origin, seq] of before) {
    const read = seqOf(state.version, origin);
    checks.check(1, read >= seq, () => `${name} had ${origin}/${seq} on its disk and starts with ${read}`);
  }
  // What a start does not read is verified after it.
  const isSound = (machine.rottenSegment ?? Infinity) < (unverified?.segment ?? 0) ||
    machine.rottenSegment === undefined;
  checks.check(11, isSound, () => `${name} starts although a bit in the middle of its log has flipped`);
  const isVerified = !machine.isDamageNoted || unverified === undefined;
  checks.check(
    11,
    isVerified,
    () => `${name} had noted that its log is damaged, and has not verified all of it`,
  );
  machine.isRottenAtEnd = false;
  const { life } = disk;
  if (life.isUnknown) {
    life.isUnknown = false;
    for (const [origin, { seq }] of state.version) life.version.set(origin, seq);
  }
  for (const [origin, { seq }] of state.version) {
    const isThere = life.has({ origin, seq });
    checks.check(2, isThere, () => `${name} serves ${origin}/${seq}, which is not on its disk for good`);
  }
}

/**
 * Compares memory that was loaded from the archive, and the archive, with the fold of the whole log: nothing of the log is
 * missing (1, 4), nothing else is there, everything is counted alike (9), and what is to be erased is known (14).
 */
export function checkLoaded(process: ServerProcess): void {
  const { state, machine } = process;
  const { checks, trace } = machine.world;
  trace.add(machine.name, "has loaded its memory from its archive");
  process.loadedUntil = machine.archive?.newest ?? 0;
  // Nobody can fold the whole log then; the verification that follows the start finds it.
  if (machine.rottenSegment !== undefined) return;
  const whole = foldOf(machine);
  compareMemory(process, whole);
  checkErasable(process, whole);
  const wrong = wrongCounts(state);
  checks.check(9, wrong.length === 0, () => `${machine.name} starts and counts wrongly: ${wrong.join("; ")}`);
}

/** Everything in the log that a pass of the node that replays all of it would erase, the loaded one erases too. */
function checkErasable({ state, machine }: ServerProcess, whole: State): void {
  const { world: { checks }, clock, disk, name } = machine;
  const wallMs = clock.wallMs();
  showLog(disk.files, ({ record }) => {
    if (!isEntry(record) || eraseEntry(whole, record, wallMs) === record) return;
    const isKnown = eraseEntry(state, record, wallMs) !== record;
    checks.check(14, isKnown, () => `${name} starts and would keep ${record.origin}/${record.seq}`);
  });
}
