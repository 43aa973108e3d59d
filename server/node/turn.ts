/**
 * A turn: everything decided since the last one, which is written together, and everything that leaves once
 * that is durable.
 *
 * @module
 */

import type { FeatureSet } from "../../common/protocol/features.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { Account } from "../core/accounts/account.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Message } from "../core/messages/message.ts";
import type { CopiesNeeded } from "../ports/node.ts";

/** The way out of a turn to one session's connection. */
export interface Outlet {
  /** Features that the session uses. */
  readonly features: FeatureSet;
  /**
   * Takes something of a turn that may leave.
   *
   * @param frame valid during the call only
   * @param source the push of the frame, if it is one
   */
  leaves(kind: OutputKind, frame: Uint8Array, source?: PushSource): void;
  /**
   * Takes several pushes in order that may leave.
   *
   * @param frames one behind the other; valid during the call only
   * @param sources the push of each frame
   */
  leavesTogether(frames: Uint8Array, sources: readonly PushSource[]): void;
  /** Takes a reply of a turn that may leave, in blocks that nobody changes. */
  leavesInBlocks(blocks: readonly Uint8Array[]): void;
  /** Takes a reply of a turn that may leave once enough disks have what it says. */
  leavesCopied(encode: CopiedReply, needed: CopiesNeeded): void;
  /** Lets held replies leave that need not wait any longer; true if none waits after that. */
  releaseHeld(): boolean;
  /**
   * Ends the connection without anything that has not left yet.
   *
   * @param lastFrame leaves before the end
   */
  drop(lastFrame?: Uint8Array): void;
}

/** The push of a frame, shared by all sessions that it is for: enough to encode it again. */
export interface PushSource {
  readonly push: Push;
  /** The message that a MESSAGE shows, and the account of the sessions that it is for. */
  readonly message?: Message | undefined;
  readonly to?: Account;
}

/** Encodes a reply that says that something is on `copies` disks of other nodes. */
export type CopiedReply = (copies: number) => Uint8Array;

/**
 * Kind of an output: a reply, a reply that is exempt from the bounds of a slow reader, a push, a push that does not
 * overtake replies, or the end of the connection.
 */
export type OutputKind = "reply" | "whole reply" | "push" | "push in order" | "end";

interface FrameOutput {
  readonly outlet: Outlet;
  readonly kind: OutputKind;
  /** Bounds of the frame in the turn's frames. */
  readonly start: number;
  readonly end: number;
  readonly source: PushSource | undefined;
}

/** Pushes in order whose frames stand one behind the other: a session that watches a crowd gets many at a time. */
interface PushesOutput {
  readonly kind: "pushes";
  readonly outlet: Outlet;
  readonly start: number;
  end: number;
  readonly sources: PushSource[];
}

/** A reply that is too long for the turn's frames. */
interface BlocksOutput {
  readonly kind: "blocks";
  readonly outlet: Outlet;
  readonly blocks: readonly Uint8Array[];
}

/** A reply that is encoded when it leaves: the number of its copies is not known before. */
interface CopiedOutput {
  readonly kind: "copied reply";
  readonly outlet: Outlet;
  readonly encode: CopiedReply;
  readonly needed: CopiesNeeded;
}

interface CallOutput {
  readonly kind: "call";
  call(): void;
}

/** Above this size, bytes, the memory of a turn's frames is not kept for the next one. */
const FRAMES_BYTES_KEPT = 1_048_576;

/** One turn of the node. */
export class Turn {
  /** Entries that must be durable before anything of this turn leaves. */
  readonly entries: EncodedEntry[] = [];
  readonly #outputs: (FrameOutput | PushesOutput | BlocksOutput | CopiedOutput | CallOutput)[] = [];

  /** @param frames the outgoing frames, one behind the other; empty at first */
  constructor(readonly frames: ByteWriter) {}

  /** True while nothing has happened in it. */
  get empty(): boolean {
    return this.entries.length === 0 && this.#outputs.length === 0;
  }

  /** Adds the frame that stands in `frames` from `start` to `end`. */
  add(outlet: Outlet, kind: OutputKind, start: number, end: number, source?: PushSource): void {
    if (kind === "push in order" && source !== undefined) return this.#addPush(outlet, start, end, source);
    this.#outputs.push({ outlet, kind, start, end, source });
  }

  #addPush(outlet: Outlet, start: number, end: number, source: PushSource): void {
    const last = this.#outputs.at(-1);
    if (last?.kind !== "pushes" || last.outlet !== outlet || last.end !== start) {
      this.#outputs.push({ kind: "pushes", outlet, start, end, sources: [source] });
      return;
    }
    last.end = end;
    last.sources.push(source);
  }

  /** Adds a reply that stands in blocks. */
  addBlocks(outlet: Outlet, blocks: readonly Uint8Array[]): void {
    this.#outputs.push({ kind: "blocks", outlet, blocks });
  }

  /** Adds a reply that leaves once enough disks have what it says. */
  addCopied(outlet: Outlet, encode: CopiedReply, needed: CopiesNeeded): void {
    this.#outputs.push({ kind: "copied reply", outlet, encode, needed });
  }

  /** Adds a call to be made once the turn is durable. */
  addCall(call: () => void): void {
    this.#outputs.push({ kind: "call", call });
  }

  /** Lets nothing leave; the calls are made all the same. */
  dropOutputs(): void {
    const calls = this.#outputs.filter(({ kind }) => kind === "call");
    this.#outputs.splice(0, this.#outputs.length, ...calls);
  }

  /** Lets everything leave, in order. Returns the memory of the frames, for another turn. */
  release(): ByteWriter {
    for (const output of this.#outputs) {
      if (output.kind === "call") output.call();
      else if (output.kind === "pushes") {
        output.outlet.leavesTogether(this.frames.view(output.start, output.end), output.sources);
      } else if (output.kind === "blocks") output.outlet.leavesInBlocks(output.blocks);
      else if (output.kind === "copied reply") output.outlet.leavesCopied(output.encode, output.needed);
      else output.outlet.leaves(output.kind, this.frames.view(output.start, output.end), output.source);
    }
    if (this.frames.length > FRAMES_BYTES_KEPT) return new ByteWriter();
    this.frames.truncate(0);
    return this.frames;
  }
}
