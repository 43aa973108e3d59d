/**
 * Output of one connection: replies in the order of the requests, held as long as they wait for other disks, and
 * pushes as they come. All of it waits in `OwedOutput` while the link has no room.
 *
 * @module
 */

import { appendOriginalReply, appendReply } from "../../common/protocol/codec.ts";
import { firstReleaseCode } from "../../common/protocol/error_codes.ts";
import { type FeatureSet, NO_FEATURES } from "../../common/protocol/features.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { frameEnd } from "../../common/wire/frame.ts";
import type { Refusal } from "../core/decision.ts";
import { seqOf, type Version } from "../core/version.ts";
import type { ClientLink, ClientOutput } from "../ports/clients.ts";
import type { CopiesNeeded } from "../ports/node.ts";
import { HeldReplies } from "./held_replies.ts";
import { isUnbounded, type LeavingKind, OwedOutput } from "./owed_output.ts";
import type { Node } from "../node/node.ts";
import type { CopiedReply, Outlet, OutputKind, PushSource } from "../node/turn.ts";

/** Stages the output of a session in the open turn, and hands it to the link when it may leave. */
export class SessionOutput implements Outlet, ClientOutput {
  features: FeatureSet = NO_FEATURES;
  /** True if the client refuses error codes of later versions. */
  isFirstRelease = false;
  /** Number of replies that have not left yet, and their bytes. */
  #repliesUnsent = 0;
  #replyBytesUnsent = 0;
  readonly #held = new HeldReplies();
  readonly #owed = new OwedOutput();
  #isOver = false;
  readonly #node: Node;
  readonly #link: ClientLink;
  readonly #onRoom: () => void;

  /** @param onRoom called when a reply has left: there may be room for another request */
  constructor(node: Node, link: ClientLink, onRoom: () => void) {
    this.#node = node;
    this.#link = link;
    this.#onRoom = onRoom;
  }

  /** True while so many replies have not left that no further request is taken. */
  get isFull(): boolean {
    const { requestsInFlight, outboundBytesSoft } = this.#node.settings.limits;
    return this.#repliesUnsent >= requestsInFlight || this.#replyBytesUnsent > outboundBytesSoft;
  }

  /** Replies in the confirmed dialect, once the disk of this node has everything before. */
  reply(reply: ConfirmedReply): void {
    const { frames } = this.#node.openTurn();
    const start = frames.length;
    appendReply(frames, reply, this.features);
    this.#stage("reply", start, frames.length);
  }

  /** Replies in the confirmed dialect that a request is refused. */
  refuse({ code, message, retryAfter }: Refusal): void {
    const known = this.isFirstRelease ? firstReleaseCode(code) : code;
    const payload = { code: known, message };
    this.reply({ name: "error", payload: retryAfter === undefined ? payload : { ...payload, retryAfter } });
  }

  /** Replies in the original dialect; such a reply has no pages, and no bound of a slow reader holds for it. */
  replyOriginal(reply: OriginalReply): void {
    const { frames } = this.#node.openTurn();
    const start = frames.length;
    appendOriginalReply(frames, reply);
    this.#stage("whole reply", start, frames.length);
  }

  /** Replies with a long frame of the original dialect, in blocks that nobody changes. */
  replyInBlocks(blocks: readonly Uint8Array[]): void {
    this.#repliesUnsent++;
    for (const block of blocks) this.#replyBytesUnsent += block.length;
    this.#node.openTurn().addBlocks(this, blocks);
  }

  #stage(kind: OutputKind, start: number, end: number): void {
    this.#repliesUnsent++;
    this.#replyBytesUnsent += end - start;
    this.#node.openTurn().add(this, kind, start, end);
  }

  /**
   * Replies in the confirmed dialect once enough disks have everything that this node has logged so far.
   *
   * @param version further entries that those disks must have
   */
  replyCopied(reply: ConfirmedReply, version?: Version): void {
    const { features } = this;
    this.#stageCopied(
      (frame, copies) => appendReply(frame, withCopies(reply, 1 + copies), features),
      version,
    );
  }

  /** The same in the original dialect. */
  replyOriginalCopied(reply: OriginalReply): void {
    this.#stageCopied((frame) => appendOriginalReply(frame, reply));
  }

  #stageCopied(append: (frame: ByteWriter, copies: number) => void, version?: Version): void {
    const { state, settings } = this.#node;
    const seq = seqOf(state.version, settings.origin);
    const encode = (copies: number): Uint8Array => {
      const frame = new ByteWriter();
      append(frame, copies);
      return frame.view(0, frame.length);
    };
    this.#repliesUnsent++;
    this.#node.openTurn().addCopied(this, encode, version ? { seq, version } : { seq });
  }

  leaves(kind: OutputKind, frame: Uint8Array, source?: PushSource): void {
    if (this.#isOver) return;
    if (kind === "push" || this.#held.isEmpty) return this.#leave(kind, frame, source);
    const kept = frame.slice();
    this.#hold(undefined, () => this.#leave(kind, kept, source));
  }

  leavesTogether(frames: Uint8Array, sources: readonly PushSource[]): void {
    if (this.#isOver) return;
    if (this.#held.isEmpty && this.#owed.isEmpty && this.#link.hasRoom) return this.#link.send(frames, false);
    let start = 0;
    for (const source of sources) {
      const end = frameEnd(frames, start);
      this.leaves("push in order", frames.subarray(start, end), source);
      start = end;
    }
  }

  leavesInBlocks(blocks: readonly Uint8Array[]): void {
    if (this.#isOver) return;
    if (this.#held.isEmpty) this.#leaveInBlocks(blocks);
    else this.#hold(undefined, () => this.#leaveInBlocks(blocks));
  }

  /** Each block leaves when the link has room for it. */
  #leaveInBlocks(blocks: readonly Uint8Array[]): void {
    this.#owed.addBlocks(blocks);
    this.relieved();
  }

  leavesCopied(encode: CopiedReply, needed: CopiesNeeded): void {
    if (this.#isOver) return;
    this.#hold(needed, (copies) => this.#leave("copied reply", encode(copies)));
  }

  releaseHeld(): boolean {
    const { replication, clock } = this.#node.ports;
    this.#held.release(replication, clock.monotonicMs());
    return this.#held.isEmpty;
  }

  drop(lastFrame?: Uint8Array): void {
    if (this.#isOver) return;
    this.end();
    if (lastFrame !== undefined) this.#link.send(lastFrame, true);
    this.#link.because("node stops");
    this.#link.close();
  }

  relieved(): void {
    if (this.#owed.isEmpty) return;
    while (this.#link.hasRoom) {
      const leaving = this.#owed.take(this.features);
      if (leaving === undefined) break;
      this.#link.give(leaving.frame, isUnbounded(leaving.kind));
      this.#sent(leaving.kind, leaving.frame.length);
      // The next block waits until this one is written: the lists of ten clients take a turn of milliseconds otherwise.
      if (leaving.kind === "block") break;
    }
    this.#tellOwed();
  }

  closing(): void {
    if (this.#owed.isEmpty) return;
    for (const { kind, frame } of this.#owed.takeFrames()) this.#send(kind, frame);
    this.#tellOwed();
  }

  /** Drops everything: the connection has ended. */
  end(): void {
    this.#isOver = true;
    this.#held.clear();
    this.#owed.clear();
    this.#node.holding.delete(this);
  }

  #hold(needed: CopiesNeeded | undefined, leave: (copies: number) => void): void {
    const { replication, clock } = this.#node.ports;
    const sinceMs = clock.monotonicMs();
    this.#held.add({ needed, sinceMs, leave }, replication, sinceMs);
    if (!this.#held.isEmpty) this.#node.holding.add(this);
  }

  /** @param source the push of the frame, if it is one */
  #leave(kind: LeavingKind | "end", frame: Uint8Array, source?: PushSource): void {
    if (kind === "end") {
      // A session that has lost its rights gets its replies, and no more pushes.
      this.closing();
      return this.#link.close();
    }
    if (this.#owed.isEmpty && this.#link.hasRoom) return this.#send(kind, frame);
    if (source?.push.name === "closing") {
      this.closing();
      return this.#send(kind, frame);
    }
    if (source && (kind === "push" || kind === "push in order")) {
      this.#owed.addPush(kind, source, frame.length);
    } else this.#owed.addFrame(kind, frame);
    this.#tellOwed();
  }

  #tellOwed(): void {
    this.#link.owe(this.#owed.bytes, this.#owed.memoryBytes);
  }

  #send(kind: LeavingKind, frame: Uint8Array): void {
    this.#link.send(frame, isUnbounded(kind));
    this.#sent(kind, frame.length);
  }

  #sent(kind: LeavingKind, bytes: number): void {
    if (kind === "push" || kind === "push in order") return;
    if (kind !== "copied reply") this.#replyBytesUnsent -= bytes;
    if (kind === "block") return;
    this.#repliesUnsent--;
    this.#onRoom();
  }
}

/** Fills in the number of copies, in a reply that has one. */
function withCopies(reply: ConfirmedReply, copies: number): ConfirmedReply {
  return reply.name === "sent" ? { ...reply, payload: { ...reply.payload, copies } } : reply;
}
