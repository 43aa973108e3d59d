/**
 * Pushes in the frames of a turn: one frame for each set of features in use, whatever the number of sessions.
 *
 * @module
 */

import { appendPush } from "../../common/protocol/codec.ts";
import type { FeatureSet } from "../../common/protocol/features.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { Outlet, OutputKind, PushSource, Turn } from "./turn.ts";

interface PushFrame {
  readonly features: FeatureSet;
  /** Bounds of the frame in the turn's frames. */
  readonly start: number;
  readonly end: number;
  /** The frame encoded before it, of the same push. A list of links costs nothing where there is one frame. */
  readonly earlier: PushFrame | undefined;
}

/** The frames of the push that was added last. */
export class PushFrames {
  #push: Push | undefined;
  #latest: PushFrame | undefined;

  /** Forgets the frames, which are good for one turn only. */
  clear(): void {
    this.#push = undefined;
    this.#latest = undefined;
  }

  /** Adds a push to a turn; sessions with the same features, one after the other, share the frame. */
  add(turn: Turn, outlet: Outlet, kind: OutputKind, source: PushSource): void {
    const { push } = source;
    if (push !== this.#push) {
      this.#push = push;
      this.#latest = undefined;
    }
    const { features } = outlet;
    const frame = this.#frameFor(features) ?? this.#encode(turn, push, features);
    turn.add(outlet, kind, frame.start, frame.end, source);
  }

  #frameFor(features: FeatureSet): PushFrame | undefined {
    let frame = this.#latest;
    while (frame !== undefined && frame.features !== features) frame = frame.earlier;
    return frame;
  }

  #encode({ frames }: Turn, push: Push, features: FeatureSet): PushFrame {
    const start = frames.length;
    appendPush(frames, push, features);
    this.#latest = { features, start, end: frames.length, earlier: this.#latest };
    return this.#latest;
  }
}
