/**
 * A running client: passes inputs to the core, and performs its effects.
 *
 * @module
 */

import type { Failure } from "../core/failures.ts";
import type { Input } from "../core/inputs.ts";
import type { Item } from "../core/items.ts";
import { type Model, newModel, type Options } from "../core/model.ts";
import { type NodePlace, shownPlace, type TriedPlace } from "../core/node_list.ts";
import type { Notice } from "../core/notices.ts";
import type { Effect, LeaveReason } from "../core/step.ts";
import { update } from "../core/update.ts";
import { Link } from "./link.ts";
import type { ConnectionOptions } from "./node_connection.ts";

/** The interface of a client to the person or program that uses it. */
export interface Face {
  show(item: Item): void;
  /** These messages have changed. */
  refresh(ids: readonly string[]): void;
  /** An event is worth telling. */
  notice(notice: Notice): void;
  /** Something did not work. */
  fail(failure: Failure): void;
  /** News ask for attention. */
  ring(): void;
  /** The client has nothing left to do. */
  leave(reason: LeaveReason): void;
  /** An input was dealt with: called after all others. */
  updated(): void;
  /** No node was found so far; see `LinkListener`. */
  searching(tried: readonly TriedPlace[], allTried: boolean): void;
}

/** A client that runs: its model, and its link to the nodes. */
export class RunningClient {
  readonly model: Model;
  readonly #link: Link;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #face: Face | undefined;

  /** @param cluster name of the cluster of these places, if it is known */
  constructor(
    options: Options,
    { places, cluster }: { readonly places: readonly NodePlace[]; readonly cluster?: string | undefined },
    connection: ConnectionOptions,
  ) {
    this.model = newModel(options);
    this.#link = new Link(places, cluster, connection, {
      connected: (welcome) => this.dispatch({ kind: "connected", welcome }),
      disconnected: (reason) => this.dispatch({ kind: "disconnected", reason }),
      push: (push) => this.dispatch({ kind: "push", push }),
      searching: (tried, allTried) => this.#face?.searching(tried, allTried),
      foreign: (place, cluster) => this.dispatch({ kind: "foreignNode", place: shownPlace(place), cluster }),
    });
  }

  /** Looks for a node, and stays connected. Resolves once `close` was called. */
  async run(face: Face): Promise<void> {
    this.#face = face;
    await this.#link.run();
  }

  /** Ends the client: its connection and its timers. */
  close(): void {
    this.#link.close();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Passes an input to the core, and performs its effects. */
  dispatch(input: Input): void {
    for (const effect of update(this.model, input)) this.#perform(effect);
    this.#face?.updated();
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "ask":
        return void this.#ask(effect);
      case "show":
        return this.#face?.show(effect.item);
      case "refresh":
        return this.#face?.refresh(effect.ids);
      case "notice":
        return this.#face?.notice(effect.notice);
      case "failure":
        return this.#face?.fail(effect.failure);
      case "ring":
        return this.#face?.ring();
      case "wakeUpAfter":
        return this.#after(effect.ms, { kind: "wakeUp" });
      case "lookAtClusterAfter":
        return this.#after(effect.ms, { kind: "lookAtCluster" });
      case "learnNodes":
        return this.#link.learn(effect.nodes);
      case "moveOn":
        return this.#link.moveOn(effect.reason);
      case "moveTo":
        return this.#link.moveTo(effect.node);
      case "leave":
        return this.#face?.leave(effect.reason);
    }
  }

  async #ask({ serial, request }: Extract<Effect, { kind: "ask" }>): Promise<void> {
    let reply;
    try {
      reply = await this.#link.request(request);
    } catch {
      // The connection has ended: the core hears of that, and asks again on the next one.
      return;
    }
    this.dispatch({ kind: "reply", serial, reply });
  }

  #after(ms: number, input: Input): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dispatch(input);
    }, ms);
    this.#timers.add(timer);
  }
}
