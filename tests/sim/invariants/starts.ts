/**
 * The invariants of a start, after a server has read its log.
 *
 * @module
 */

import { seqOf } from "../../../server/core/version.ts";
import type { ServerProcess } from "../server_process.ts";

/**
 * Compares the state that a server has read with the durable content of its disk: the state includes all of
 * that (invariant 1), anything more is on the disk by now (2), and the server did not start over damage (11).
 *
 * @param before last durable entry of every origin before the log was opened
 */
export function checkStart({ machine, state }: ServerProcess, before: ReadonlyMap<string, number>): void {
  const { world, disk, name } = machine;
  const { checks, trace } = world;
  trace.add(name, "has read its log");
  for (const [origin, seq] of before) {
    const read = seqOf(state.version, origin);
    checks.check(1, read >= seq, () => `${name} had ${origin}/${seq} on its disk and starts with ${read}`);
  }
  const isSound = machine.rot !== "in the middle";
  checks.check(11, isSound, () => `${name} starts although a bit in the middle of its log has flipped`);
  machine.rot = "nowhere";
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
