/**
 * The output that one session is owed while its link has no room: replies as bytes, pushes as references, in order.
 * A push that a later one replaces is not owed any more.
 *
 * @module
 */

import { encodePush } from "../../common/protocol/codec.ts";
import type { FeatureSet } from "../../common/protocol/features.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { Account } from "../core/accounts/account.ts";
import { type Message, shownMessage } from "../core/messages/message.ts";
import type { OutputKind, PushSource } from "../node/turn.ts";

/** Kind of a frame that leaves: one of a turn, a reply that has waited for its copies, or a part of a whole reply. */
export type LeavingKind = Exclude<OutputKind, "end"> | "copied reply" | "block";

/** An encoded output: a reply, or a push that leaves now. */
interface OwedFrame {
  readonly kind: LeavingKind;
  readonly frame: Uint8Array;
}

/** A push that is encoded when it leaves. */
interface OwedPush {
  readonly kind: "push" | "push in order";
  readonly push: Push;
  /** Length of its frame, bytes. */
  readonly length: number;
}

/** A MESSAGE: it leaves with the status of that moment, or not at all if the message is deleted. */
interface OwedMessage {
  readonly kind: "push" | "push in order";
  readonly message: Message;
  readonly to: Account;
  readonly length: number;
}

/** The payload of DELETED. */
type DeletedMessages = Extract<Push, { readonly name: "deleted" }>["payload"];

type Owed = OwedFrame | OwedPush | OwedMessage;

/** Memory of one reference, with its place in the order and its share of the push, bytes. */
const REFERENCE_BYTES = 256;

/** Memory of one message id in a push; its text is the message's own, bytes. */
const ID_BYTES = 8;

/** A queue of owed output. */
export class OwedOutput {
  /** In order: a `Map` iterates in the order of insertion. The key is the same for pushes that replace each other. */
  readonly #byKey = new Map<unknown, Owed>();
  /** Stands before the oldest output: a new iterator would pass over the place of every output that has left. */
  #oldest = this.#byKey.keys();
  /** Length of all frames that count against the bounds of a slow reader, bytes. */
  bytes = 0;
  /** Memory of all that is owed, bytes. */
  memoryBytes = 0;
  /** The owed messages by their ids. */
  readonly #messages = new Map<string, Set<OwedMessage>>();
  /** Number of frames added. CLUSTER answers FEATURES: it replaces none from before a reply. */
  #frames = 0;

  /** True if nothing is owed. */
  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** Adds a reply, of which it keeps a copy. */
  addFrame(kind: LeavingKind, frame: Uint8Array): void {
    this.#addFrame({ kind, frame: frame.slice() });
  }

  /** Adds a whole reply in blocks that nobody changes. */
  addBlocks(blocks: readonly Uint8Array[]): void {
    blocks.forEach((frame, i) =>
      this.#addFrame({ kind: i < blocks.length - 1 ? "block" : "whole reply", frame })
    );
  }

  #addFrame(owed: OwedFrame): void {
    this.#frames++;
    this.#byKey.set(owed, owed);
    this.#count(owed, 1);
  }

  /** Adds a push in place of the one that it replaces, if there is one. */
  addPush(kind: OwedPush["kind"], { push, message, to }: PushSource, length: number): void {
    if (push.name === "deleted") this.#dropDeleted(push.payload);
    const owed: Owed = message && to ? { kind, message, to, length } : { kind, push, length };
    const key = this.#replacementKey(push) ?? owed;
    this.#remove(key);
    this.#byKey.set(key, owed);
    this.#count(owed, 1);
  }

  /**
   * Drops the owed messages that a DELETED names. One that has left memory since it was owed hears of its deletion in no
   * other way, and the archive may be the only one that knows of it later.
   */
  #dropDeleted({ ids, by }: DeletedMessages): void {
    for (const id of ids) {
      for (const owed of this.#messages.get(id) ?? []) {
        const { message: { sender }, to } = owed;
        if (by === sender.name || by === to.name) this.#remove(owed);
      }
    }
  }

  /** Pushes with the same key replace each other. */
  #replacementKey({ name, payload }: Push): string | undefined {
    switch (name) {
      case "cluster":
        return `cluster ${this.#frames}`;
      case "nodes":
        return "nodes";
      case "user": {
        const isPresence = payload.change === "online" || payload.change === "offline";
        return isPresence && payload.account !== undefined ? `user ${payload.account}` : undefined;
      }
      case "person":
        return payload.change === "online" || payload.change === "offline"
          ? `person ${payload.account}`
          : undefined;
      case "status":
        return payload.ids.length === 1 ? `status ${payload.by} ${payload.ids[0]}` : undefined;
      default:
        return undefined;
    }
  }

  /**
   * Takes the oldest output that is not gone.
   *
   * @param features features that the session uses by now
   */
  take(features: FeatureSet): OwedFrame | undefined {
    while (!this.isEmpty) {
      const { value: key, done } = this.#oldest.next();
      // An iterator that was at the end stays there, whatever comes later.
      if (done) this.#oldest = this.#byKey.keys();
      const owed = this.#remove(key);
      const leaving = owed && leavingOf(owed, features);
      if (leaving !== undefined) return leaving;
    }
    return undefined;
  }

  /** Drops the pushes. The replies leave, in order. */
  takeFrames(): OwedFrame[] {
    const frames = [...this.#byKey.values()].filter((owed) => "frame" in owed);
    this.clear();
    return frames;
  }

  /** Drops everything. */
  clear(): void {
    this.#byKey.clear();
    this.#messages.clear();
    this.#oldest = this.#byKey.keys();
    this.bytes = 0;
    this.memoryBytes = 0;
  }

  #remove(key: unknown): Owed | undefined {
    const owed = this.#byKey.get(key);
    if (owed === undefined) return undefined;
    this.#byKey.delete(key);
    this.#count(owed, -1);
    return owed;
  }

  #count(owed: Owed, sign: 1 | -1): void {
    this.bytes += sign * boundedBytes(owed);
    this.memoryBytes += sign * memoryOf(owed);
    if ("message" in owed) this.#index(owed, sign);
  }

  #index(owed: OwedMessage, sign: 1 | -1): void {
    const { id } = owed.message;
    const same = this.#messages.get(id);
    if (sign > 0) this.#messages.set(id, (same ?? new Set()).add(owed));
    else if (same?.delete(owed) && same.size === 0) this.#messages.delete(id);
  }
}

/** The frame of an output; `undefined` if its message is deleted. */
function leavingOf(owed: Owed, features: FeatureSet): OwedFrame | undefined {
  if ("frame" in owed) return owed;
  if ("push" in owed) return { kind: owed.kind, frame: encodePush(owed.push, features) };
  const { kind, message, to } = owed;
  if (message.isGoneFor(to)) return undefined;
  return { kind, frame: encodePush({ name: "message", payload: shownMessage(message, to) }, features) };
}

function boundedBytes(owed: Owed): number {
  if (!("frame" in owed)) return owed.length;
  return isUnbounded(owed.kind) ? 0 : owed.frame.length;
}

function memoryOf(owed: Owed): number {
  if ("frame" in owed) return REFERENCE_BYTES + owed.frame.length;
  if (!("push" in owed) || !("ids" in owed.push.payload)) return REFERENCE_BYTES;
  return REFERENCE_BYTES + owed.push.payload.ids.length * ID_BYTES;
}

/** True if no bound of a slow reader holds for it: the number of such replies is bounded by the requests. */
export function isUnbounded(kind: LeavingKind): boolean {
  return kind === "whole reply" || kind === "copied reply" || kind === "block";
}
