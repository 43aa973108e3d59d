/**
 * A turn: everything that was decided since the last one, to be written together, and what may leave once
 * it is.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";

/** One turn of the node. */
export class Turn {
  /** To be durable before anything of this turn leaves. */
  readonly entries: Entry[] = [];
  /** What leaves then, in order. */
  readonly outputs: (() => void)[] = [];

  /** Whether nothing has happened in it. */
  get empty(): boolean {
    return this.entries.length === 0 && this.outputs.length === 0;
  }
}
