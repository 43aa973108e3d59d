/**
 * The files of an archive, in memory: they outlive the process that writes them.
 *
 * @module
 */

import type { Entry } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { advance, type Reached } from "../../server/core/version.ts";
import type { WrittenArchive } from "../../server/follower/archive_keeper.ts";
import type { LogPlace, SegmentBeginning } from "../../server/ports/history.ts";
import type { ServerProcess } from "./server_process.ts";

/** An archive whose content is the state of the core, folded a second time from the files of the log. */
export class KeptArchive implements WrittenArchive {
  readonly state = new State();
  readonly #beginnings: SegmentBeginning[] = [];
  #position = 0;
  readonly #version = new Map<string, Reached>();
  readonly #writer: () => ServerProcess | undefined;

  /** @param writer the process whose log is folded */
  constructor(writer: () => ServerProcess | undefined) {
    this.#writer = writer;
  }

  get place(): LogPlace {
    return { position: this.#position, version: this.#version };
  }

  get messages(): number {
    return this.state.storedMessages;
  }

  beginningBefore(segment: number): SegmentBeginning | undefined {
    return this.#beginnings.findLast((each) => each.segment <= segment);
  }

  fold(entries: readonly Entry[], position: number, beginnings: readonly SegmentBeginning[]): void {
    for (const entry of entries) {
      this.#checkSynced(entry);
      evolve(this.state, entry);
      advance(this.#version, entry);
    }
    this.#beginnings.push(...beginnings);
    this.#position = position;
  }

  /** Invariant 2: nothing is folded that a power loss could take from the log. */
  #checkSynced({ origin, seq }: Entry): void {
    const process = this.#writer();
    if (process === undefined) return;
    const { life, machine } = process;
    const isSynced = life.has({ origin, seq });
    const message = (): string => `the archive of ${machine.name} has ${origin}/${seq} before it is synced`;
    machine.world.checks.check(2, isSynced, message);
  }

  compact(): boolean {
    return false;
  }

  close(): void {}
}
