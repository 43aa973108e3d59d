/**
 * What leaves over one connection: replies in the order of the requests, those that must not vanish with one
 * node once they are on enough disks; pushes as they come.
 *
 * @module
 */

import { appendOriginalReply, appendReply } from "../../common/protocol/codec.ts";
import type { ConfirmedReply, OriginalReply } from "../../common/protocol/replies.ts";
import { ByteWriter } from "../../common/wire/bytes.ts";
import { seqOf, type Version } from "../core/version.ts";
import type { ClientLink, CopiesNeeded } from "../ports/node.ts";
import { HeldReplies } from "./held_replies.ts";
import type { Node } from "../node/node.ts";
import type { CopiedReply, Outlet, OutputKind } from "../node/turn.ts";

/** See the module. */
export class SessionOutput implements Outlet {
  /** Replies that have not left yet. */
  #repliesUnsent = 0;
  #replyBytesUnsent = 0;
  readonly #held = new HeldReplies();
  #isOver = false;
  readonly #node: Node;
  readonly #link: ClientLink;
  readonly #onRoom: () => void;

  /** @param onRoom called when a reply has left: more may be asked */
  constructor(node: Node, link: ClientLink, onRoom: () => void) {
    this.#node = node;
    this.#link = link;
    this.#onRoom = onRoom;
  }

  /** Whether so much waits to be answered that no more may be asked. */
  get isFull(): boolean {
    const { requestsInFlight, outboundBytesSoft } = this.#node.settings.limits;
    return this.#repliesUnsent >= requestsInFlight || this.#replyBytesUnsent > outboundBytesSoft;
  }

  /** Answers in the confirmed dialect. */
  reply(reply: ConfirmedReply): void {
    const { frames } = this.#node.turn;
    const start = frames.length;
    appendReply(frames, reply);
    this.#stage("reply", start, frames.length);
  }

  /** Answers in the original dialect: such a reply has no pages and is as long as it is. */
  replyOriginal(reply: OriginalReply): void {
    const { frames } = this.#node.turn;
    const start = frames.length;
    appendOriginalReply(frames, reply);
    this.#stage("whole reply", start, frames.length);
  }

  #stage(kind: OutputKind, start: number, end: number): void {
    this.#repliesUnsent++;
    this.#replyBytesUnsent += end - start;
    this.#node.turn.add(this, kind, start, end);
  }

  /**
   * Answers in the confirmed dialect once everything that this node has logged so far is on enough disks.
   *
   * @param version what else must be there
   */
  replyCopied(reply: ConfirmedReply, version?: Version): void {
    if (this.#node.settings.clusterSize === 1) return this.reply(reply);
    this.#stageCopied((frame, copies) => appendReply(frame, withCopies(reply, 1 + copies)), version);
  }

  /** The same in the original dialect. */
  replyOriginalCopied(reply: OriginalReply): void {
    if (this.#node.settings.clusterSize === 1) return this.replyOriginal(reply);
    this.#stageCopied((frame) => appendOriginalReply(frame, reply));
  }

  #stageCopied(append: (frame: ByteWriter, copies: number) => void, version?: Version): void {
    const { state, settings, turn } = this.#node;
    const seq = seqOf(state.version, settings.origin);
    const encode = (copies: number): Uint8Array => {
      const frame = new ByteWriter();
      append(frame, copies);
      return frame.view(0, frame.length);
    };
    this.#repliesUnsent++;
    turn.addCopied(this, encode, version ? { seq, version } : { seq });
  }

  /** See `Outlet`. */
  leaves(kind: OutputKind, frame: Uint8Array): void {
    if (this.#isOver) return;
    if (kind === "push" || this.#held.isEmpty) return this.#leave(kind, frame);
    const kept = frame.slice();
    this.#hold(undefined, () => this.#leave(kind, kept));
  }

  /** See `Outlet`. */
  leavesCopied(encode: CopiedReply, needed: CopiesNeeded): void {
    if (this.#isOver) return;
    this.#hold(needed, (copies) => {
      this.#link.send(encode(copies), true);
      this.#repliesUnsent--;
      this.#onRoom();
    });
  }

  /** Lets leave what has waited for other nodes and need not any longer; returns whether nothing waits now. */
  releaseHeld(): boolean {
    const { replication, clock } = this.#node.ports;
    this.#held.release(replication, clock.monotonicMs());
    return this.#held.isEmpty;
  }

  /** The connection has ended: nothing more leaves. */
  end(): void {
    this.#isOver = true;
    this.#held.clear();
    this.#node.holding.delete(this);
  }

  #hold(needed: CopiesNeeded | undefined, leave: (copies: number) => void): void {
    const { replication, clock } = this.#node.ports;
    const sinceMs = clock.monotonicMs();
    this.#held.add({ needed, sinceMs, leave }, replication, sinceMs);
    if (!this.#held.isEmpty) this.#node.holding.add(this);
  }

  #leave(kind: OutputKind, frame: Uint8Array): void {
    if (kind === "end") return this.#link.close();
    this.#link.send(frame, kind === "whole reply");
    if (kind === "push") return;
    this.#repliesUnsent--;
    this.#replyBytesUnsent -= frame.length;
    this.#onRoom();
  }
}

/** A reply that says on how many disks something is, with their number. */
function withCopies(reply: ConfirmedReply, copies: number): ConfirmedReply {
  return reply.name === "sent" ? { ...reply, payload: { ...reply.payload, copies } } : reply;
}
