/**
 * One step of the client: its changes to the model, and the effects that must happen outside.
 *
 * @module
 */

import type { Request } from "../../common/protocol/requests.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { Failure } from "./failures.ts";
import type { Item } from "./items.ts";
import { addressed, neededFeature, waitsForNames } from "./addressing.ts";
import type { LossReason } from "./loss.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import type { Cause, PendingRequest } from "./pending_requests.ts";
import type { Notice } from "./notices.ts";
import type { Ask } from "./requests.ts";
import type { Outbox } from "./saved.ts";

/** The reason for which the client ends. */
export type LeaveReason =
  /** The person ends it, with so many messages that were not sent. */
  | { readonly kind: "quit"; readonly unsent: number }
  /** Nobody logs in. */
  | { readonly kind: "notLoggedIn" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An effect that must happen outside; `cause` of those that a program reads. */
export type Effect =
  | { readonly kind: "ask"; readonly serial: number; readonly request: Request }
  | { readonly kind: "show"; readonly item: Item; readonly cause: Cause }
  /** The messages that no server has, or the drafts, have changed. It comes before every `ask` that it is about. */
  | { readonly kind: "save" } & Outbox
  /**
   * A `restore` did not put this back, or not all of it, or put it back before another account logged in. The next
   * `save` would overwrite it: it is to be kept in another place. It comes before that `save`.
   */
  | { readonly kind: "setAside"; readonly saved: unknown }
  /** The messages with these ids have changed. */
  | { readonly kind: "refresh"; readonly ids: readonly string[] }
  | { readonly kind: "notice"; readonly notice: Notice; readonly cause: Cause }
  | { readonly kind: "failure"; readonly failure: Failure; readonly cause: Cause }
  /** These messages, if any, came by themselves and were shown. */
  | { readonly kind: "arrived"; readonly messages: readonly Message[] }
  /** `wakeUp` is to come after that many milliseconds, in place of any that is still to come. */
  | { readonly kind: "wakeUpAfter"; readonly ms: number }
  /** `tellMarks` is to come after that many milliseconds. */
  | { readonly kind: "tellMarksAfter"; readonly ms: number }
  /** `lookAtCluster` is to come after that many milliseconds. */
  | { readonly kind: "lookAtClusterAfter"; readonly ms: number }
  /** `look` is to come with that turn after that many milliseconds. */
  | { readonly kind: "lookAfter"; readonly ms: number; readonly turn: number }
  /** The cluster has these nodes, and no others. */
  | { readonly kind: "learnNodes"; readonly nodes: readonly NodeAddress[] }
  /** Go on with any other node. */
  | { readonly kind: "moveOn"; readonly reason: LossReason }
  /** Go on with the node of that name. */
  | { readonly kind: "moveTo"; readonly node: string }
  /** A login has ended here, and no node has heard of it: the next one is to be told. */
  | { readonly kind: "endLogin"; readonly name: string; readonly token: string }
  | { readonly kind: "leave"; readonly reason: LeaveReason };

/** A step under way: the model to change, and the effects so far. */
export class Step {
  readonly effects: Effect[] = [];

  /** @param cause name of the line that this step is a consequence of */
  constructor(readonly model: Model, public cause: Cause = undefined) {}

  /** Sends a request: now, or as soon as a node is there and the login allows it. */
  ask(...asked: Ask): void {
    this.model.pending.add(this.cause, ...asked);
    this.flush();
  }

  /** Sends an own message, or queues it until there is a node. */
  send(message: Message): void {
    this.queue(message, false);
    this.flush();
  }

  /** Queues an own message; `mayBeStored` if it was sent before, and no reply came. */
  queue({ recipient, content, id }: Message, mayBeStored: boolean): void {
    const { pending } = this.model;
    const asked: Ask = [{ name: "sendMessage", payload: { to: recipient, content, id } }, {
      kind: "send",
      id,
    }];
    if (mayBeStored) pending.addAgain(this.cause, ...asked);
    else pending.add(this.cause, ...asked);
  }

  /** Sends all requests that can be sent. */
  flush(): void {
    const { model } = this;
    if (model.node === undefined) return;
    const unsent = model.pending.takeUnsent(model.loggedIn, (each) => waitsForNames(model, each));
    for (const waiting of unsent) {
      waiting.tellings = model.messages.tellings;
      const request = addressed(model, waiting);
      if (request !== undefined) this.effects.push({ kind: "ask", serial: waiting.serial, request });
      else this.#withdraw(waiting);
    }
  }

  /** Puts a request that was refused for the moment back, to be sent again after that wait. */
  delay(refused: PendingRequest, ms: number): void {
    if (this.model.pending.delay(refused, ms)) this.effects.push({ kind: "wakeUpAfter", ms });
  }

  /** Sends the requests that were delayed. */
  wakeUp(): void {
    this.model.pending.wakeUp();
    this.flush();
  }

  #withdraw({ serial, purpose, cause }: PendingRequest): void {
    const { messages, pending, node } = this.model;
    pending.answered(serial);
    const message = purpose.kind === "send" ? messages.get(purpose.id) : undefined;
    if (message !== undefined) this.because(cause, () => this.hold(message));
    const feature = neededFeature(purpose);
    if (feature === undefined) return;
    this.because(cause, () => this.fail({ kind: "unable", feature, node: node?.name }));
  }

  /** Does something that has another cause than the rest of the step. */
  because(cause: Cause, act: () => void): void {
    const { cause: before } = this;
    this.cause = cause;
    act();
    this.cause = before;
  }

  /** Holds a message whose recipient is gone, and asks the person to decide. */
  hold(message: Message): void {
    this.model.messages.change(message, { status: "held" });
    this.refresh(message.id);
    if (this.model.options.script) this.show({ kind: "message", message: { ...message } });
    this.fail({ kind: "held", id: message.id, number: message.number, to: message.recipient });
  }

  /** Shows data: the program is there for it. */
  show(item: Item): void {
    this.effects.push({ kind: "show", item, cause: this.cause });
  }

  /** Tells of an event. */
  notice(notice: Notice): void {
    this.effects.push({ kind: "notice", notice, cause: this.cause });
  }

  /** Tells of something that did not work. */
  fail(failure: Failure): void {
    this.effects.push({ kind: "failure", failure, cause: this.cause });
  }

  /** Keeps something saved that is not put back, or not all of it. Before all other effects of the step. */
  setAside(saved: unknown): void {
    this.effects.unshift({ kind: "setAside", saved });
  }

  /** Shows these messages as they are now, where they stand. */
  refresh(...ids: readonly string[]): void {
    if (ids.length > 0) this.effects.push({ kind: "refresh", ids });
  }

  /** Leaves the node for another one. */
  moveOn(reason: LossReason): void {
    this.model.leaving = reason;
    this.effects.push({ kind: "moveOn", reason });
  }

  /** Ends the client. */
  leave(reason: LeaveReason): void {
    this.effects.push({ kind: "leave", reason });
  }
}
