/**
 * The entries of a forked origin on the disks of a simulation.
 *
 * @module
 */

import { repairLog } from "../../server/log/repair_log.ts";
import type { Machine } from "./machine.ts";

const LINE_FEED = 10;

/** The entries of one origin, on any disk. */
export class TwinEntries {
  constructor(readonly origin: string) {}

  /** Lines of the origin's entries in the log of a machine, each with its path and first byte. */
  #lines({ disk }: Machine): { readonly path: string; readonly at: number; readonly text: string }[] {
    const lines: { path: string; at: number; text: string }[] = [];
    for (const [path, bytes] of disk.copy()) {
      if (!path.startsWith("log/")) continue;
      for (let at = 0, end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
        const text = new TextDecoder().decode(bytes.subarray(at, end));
        if (text.startsWith(`{"origin":"${this.origin}"`)) lines.push({ path, at, text });
        at = end + 1;
      }
    }
    return lines;
  }

  /** Stamps of the entries on a disk, by sequence number. */
  #stamps(machine: Machine): Map<number, number> {
    const entries = this.#lines(machine).map(({ text }) =>
      JSON.parse(text) as { seq: number; stamp: number }
    );
    return new Map(entries.map(({ seq, stamp }) => [seq, stamp]));
  }

  /** True if two disks have different entries under one number. */
  differ(a: Machine, b: Machine): boolean {
    const other = this.#stamps(b);
    return this.#stamps(a).entries().some(([seq, stamp]) => (other.get(seq) ?? stamp) !== stamp);
  }

  /**
   * Damages the line of a message on the disk of a stopped machine, and repairs the log at the price of it.
   *
   * @returns the line; `undefined` if there is none
   */
  lose(machine: Machine, pick: number, nowMs: number): string | undefined {
    const lines = this.#lines(machine).filter(({ text }) => text.includes(`"type":"messageSent"`));
    const line = lines[pick % Math.max(1, lines.length)];
    if (line === undefined) return undefined;
    machine.disk.distrust();
    machine.disk.files.corrupt(line.path, (bytes) => bytes[line.at + 3] = 0);
    repairLog(machine.disk, nowMs, machine.node);
    return line.text;
  }
}
