/**
 * A turn: everything that was decided since the last one, to be written together, and what may leave once
 * it is.
 *
 * @module
 */

import { ByteWriter } from "../../common/wire/bytes.ts";
import type { Entry } from "../core/entry.ts";
import type { CopiesNeeded } from "../ports/node.ts";

/** Where something leaves: a session. */
export interface Outlet {
  /** Something of the turn may leave; the frame is valid during the call only. */
  leaves(kind: OutputKind, frame: Uint8Array): void;
  /** A reply of the turn may leave once what it says is on enough disks. */
  leavesCopied(encode: CopiedReply, needed: CopiesNeeded): void;
}

/** The frame of a reply that says something is on `copies` disks of other nodes. */
export type CopiedReply = (copies: number) => Uint8Array;

/** What leaves: a reply, one that is not held against the bounds of a slow reader, a push; or the end. */
export type OutputKind = "reply" | "whole reply" | "push" | "end";

interface FrameOutput {
  readonly outlet: Outlet;
  readonly kind: OutputKind;
  /** Where in the turn's frames the frame is. */
  readonly start: number;
  readonly end: number;
}

/** A reply that is encoded when it leaves: only then is it known how many disks have what it says. */
interface CopiedOutput {
  readonly outlet: Outlet;
  readonly encode: CopiedReply;
  readonly needed: CopiesNeeded;
}

/** Over this, the memory of a turn's frames is not kept for the next one, bytes. */
const FRAMES_BYTES_KEPT = 1_048_576;

/** One turn of the node. */
export class Turn {
  /** To be durable before anything of this turn leaves. */
  readonly entries: Entry[] = [];
  readonly #outputs: (FrameOutput | CopiedOutput)[] = [];

  /** @param frames the frames that leave, one behind the other; empty */
  constructor(readonly frames: ByteWriter) {}

  /** Whether nothing has happened in it. */
  get empty(): boolean {
    return this.entries.length === 0 && this.#outputs.length === 0;
  }

  /** Lets the frame that stands in `frames` from `start` to `end` leave with this turn. */
  add(outlet: Outlet, kind: OutputKind, start: number, end: number): void {
    this.#outputs.push({ outlet, kind, start, end });
  }

  /** Lets a reply leave with this turn, or later: once what it says is on enough disks. */
  addCopied(outlet: Outlet, encode: CopiedReply, needed: CopiesNeeded): void {
    this.#outputs.push({ outlet, encode, needed });
  }

  /** Lets a call be made with this turn. */
  addCall(call: () => void): void {
    this.add({ leaves: call, leavesCopied: call }, "end", 0, 0);
  }

  /** Lets everything leave, in order. Returns the frames' memory, for another turn. */
  release(): ByteWriter {
    for (const output of this.#outputs) {
      if ("encode" in output) output.outlet.leavesCopied(output.encode, output.needed);
      else output.outlet.leaves(output.kind, this.frames.view(output.start, output.end));
    }
    if (this.frames.length > FRAMES_BYTES_KEPT) return new ByteWriter();
    this.frames.truncate(0);
    return this.frames;
  }
}
