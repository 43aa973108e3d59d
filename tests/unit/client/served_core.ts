/**
 * The core of a client, with the test as its server.
 *
 * @module
 */

import type { CommonInput, Input } from "../../../client/core/inputs.ts";
import { type Model, newModel, type Options } from "../../../client/core/model.ts";
import type { Effect } from "../../../client/core/step.ts";
import { type Handlers, update } from "../../../client/core/update.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";

/** A client's core with the requests that it has sent; a face of it does the rest. */
export abstract class ServedCore<Any extends Input> {
  readonly model: Model;
  /** Features that the next node has; undefined for a node of an earlier version. */
  features: readonly string[] | undefined;
  /** False if no time passes while marks are gathered. */
  gathers = false;
  /** The inputs that it takes. */
  protected abstract readonly handlers: Handlers<Any | CommonInput>;
  #asked: { readonly serial: number; readonly request: Request }[] = [];

  constructor(options: Partial<Options> = {}) {
    this.model = newModel({ script: false, receives: true, creates: true, ...options });
  }

  /** Requests that were sent and not answered, oldest first. */
  get asked(): readonly Request[] {
    return this.#asked.map((each) => each.request);
  }

  /** @param cause name of the line that the input comes from */
  abstract give(input: Any | CommonInput, cause?: string): void;

  /** Gives an input to the core; returns its effects but for the requests. */
  protected step(input: Any | CommonInput, cause?: string): readonly Exclude<Effect, { kind: "ask" }>[] {
    const effects = this.#askOf(update(this.model, input, this.handlers, cause));
    const isGathering = effects.some(({ kind }) => kind === "tellMarksAfter");
    if (this.gathers || !isGathering) return effects;
    return [...effects, ...this.#askOf(update(this.model, { kind: "tellMarks" }, this.handlers))];
  }

  #askOf(effects: readonly Effect[]): readonly Exclude<Effect, { kind: "ask" }>[] {
    return effects.filter((effect) => {
      if (effect.kind === "ask") this.#asked.push(effect);
      return effect.kind !== "ask";
    });
  }

  connect(node = "node1"): void {
    const nodes = [{ name: "node1", host: "127.0.0.1", port: 5000 }, {
      name: "node2",
      host: "127.0.0.1",
      port: 5001,
    }];
    const welcome = {
      version: 2,
      server: "chat-server/1",
      node,
      cluster: "c",
      nodes,
      limits: new Map<string, number>(),
      ...(this.features === undefined ? {} : { features: this.features }),
    };
    this.give({ kind: "connected", welcome });
    if (this.features !== undefined) this.reply("useFeatures", "ok", null);
  }

  disconnect(reason = "connection reset"): void {
    this.#asked = [];
    this.give({ kind: "disconnected", reason });
  }

  /** Answers the oldest request, which must have that name. */
  reply<Name extends ConfirmedReply["name"]>(
    request: Request["name"],
    name: Name,
    payload: Extract<ConfirmedReply, { name: Name }>["payload"],
  ): Request {
    const asked = this.#asked.shift();
    if (asked?.request.name !== request) {
      throw new Error(`${request} was not asked, but ${asked?.request.name}`);
    }
    this.give({ kind: "reply", serial: asked.serial, reply: { name, payload } as ConfirmedReply });
    return asked.request;
  }

  /** Refuses the oldest request, which must have that name. */
  refuse(
    request: Request["name"],
    code: Extract<ConfirmedReply, { name: "error" }>["payload"]["code"],
  ): void {
    this.reply(request, "error", { code, message: `refused: ${code}` });
  }

  push(message: ChatMessage): void {
    this.give({ kind: "push", push: { name: "message", payload: message } });
  }
}
