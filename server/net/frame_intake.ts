/**
 * The received bytes of one connection, on their way to its session.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { type Frame, FrameReader } from "../../common/wire/frame.ts";
import { workOfFrame } from "../core/slices.ts";
import type { ClientSession } from "../ports/clients.ts";
import type { ConnectionCounts } from "./connection_counts.ts";
import { PartialFrameWatch } from "./partial_frame.ts";
import type { Share } from "./rounds.ts";

/** Cuts bytes into frames, and gives them to the session as far as the share of the connection goes. */
export class FrameIntake {
  readonly #share: Share;
  readonly #reader = new FrameReader(0);
  readonly #partialFrame: PartialFrameWatch;
  readonly #counts: Pick<ConnectionCounts, "receivedBytes">;
  /** Frames handed to the session. */
  #frames = 0;

  /** @param frameCompletionMs time from the first byte of a frame to its last */
  constructor(share: Share, frameCompletionMs: number, counts: Pick<ConnectionCounts, "receivedBytes">) {
    this.#share = share;
    this.#counts = counts;
    this.#partialFrame = new PartialFrameWatch(frameCompletionMs);
  }

  /** Takes received bytes. The chunk must not change while `serveNext` returns a number. */
  push(chunk: Uint8Array): void {
    this.#counts.receivedBytes += chunk.length;
    this.#reader.push(chunk);
  }

  /**
   * Lets the session take the next frame, or go on with an unfinished request.
   *
   * @returns the pause that the session asks for, ms; "queue" if the share of this round is used up; "empty" if no
   * whole frame is there; the problem if the bytes break the protocol
   */
  serveNext(session: ClientSession): number | "queue" | "empty" | ProtocolError {
    if (session.isUnfinished) return this.#share.mayGoOn ? session.goOn() : "queue";
    if (this.#reader.pendingBytes === 0) return "empty";
    const bytes = this.#reader.wholePayloadBytes;
    if (bytes !== undefined && !this.#share.mayTake(workOfFrame(bytes))) return "queue";
    this.#reader.payloadBytesMax = session.payloadBytesMax;
    const frame = this.#nextFrame();
    if (frame === undefined) return "empty";
    if (frame instanceof ProtocolError) return frame;
    this.#frames++;
    this.#share.take(workOfFrame(frame.payload.length));
    return session.received(frame);
  }

  #nextFrame(): Frame | ProtocolError | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (error instanceof ProtocolError) return error;
      throw error;
    }
  }

  /**
   * The problem of a frame that is not completed in time, if there is one. To be called every second.
   *
   * @param mayBegin false while whole frames may be pending, because of a pause that is ours
   */
  look(mayBegin: boolean, nowMs: number): ProtocolError | undefined {
    const isPartial = mayBegin && this.#reader.pendingBytes > 0;
    return this.#partialFrame.observe(isPartial ? this.#frames : undefined, nowMs);
  }
}
