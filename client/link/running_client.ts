/**
 * A running client: passes inputs to the core, and performs its effects.
 *
 * @module
 */

import type { Failure } from "../core/failures.ts";
import type { CommonInput, Input } from "../core/inputs.ts";
import type { Item } from "../core/items.ts";
import type { Message } from "../core/message.ts";
import { type Model, newModel, type Options } from "../core/model.ts";
import { type NodePlace, shownPlace, type TriedPlace } from "../core/node_list.ts";
import type { Cause } from "../core/pending_requests.ts";
import type { Notice } from "../core/notices.ts";
import type { Outbox } from "../core/saved.ts";
import type { Effect, LeaveReason } from "../core/step.ts";
import { type Handlers, update } from "../core/update.ts";
import { LateLogouts } from "./late_logouts.ts";
import { Link } from "./link.ts";
import type { Transport } from "./transport.ts";

/** The interface of a client to the person or program that uses it. */
export interface Face {
  /** @param cause name of the line that this is a consequence of, here and below */
  show(item: Item, cause: Cause): void;
  /** These messages have changed. */
  refresh?(ids: readonly string[]): void;
  /** An event is worth telling. */
  notice(notice: Notice, cause: Cause): void;
  /** Something did not work. */
  fail(failure: Failure, cause: Cause): void;
  /**
   * The messages that no server has, or the drafts, have changed: they are to be kept before this returns, or before
   * the promise resolves, which nothing is asked of a node before. It never rejects.
   */
  save?(outbox: Outbox): void | Promise<void>;
  /** Something saved was not put back, or not all of it: it is to be kept in another place before this returns. */
  setAside?(saved: unknown): void;
  /** These messages, if any, came by themselves and were shown: those that are unread ask for attention. */
  arrived?(messages: readonly Message[]): void;
  /** The client has nothing left to do. */
  leave(reason: LeaveReason): void;
  /** An input was dealt with: called after all others. */
  updated(): void;
  /** No node was found so far; see `LinkListener`. */
  searching(tried: readonly TriedPlace[], allTried: boolean): void;
}

/** The cluster of a client, and the place where a login may outlive it. */
interface Surroundings {
  readonly places: readonly NodePlace[];
  /** Name of the cluster of these places, if it is known. */
  readonly cluster?: string | undefined;
  /** Keeps a login that has changed for the next run; without it, the login ends with the client. */
  readonly keep?: ((login: KeptLogin) => void) | undefined;
  /** The person has left the account: nothing of its login is to stay in that place. */
  readonly forget?: (() => void) | undefined;
}

/** A login that can be resumed. */
export interface KeptLogin {
  readonly user: string;
  readonly cluster: string;
  readonly token: string;
  /** Id of the account, once a node has told it. */
  readonly account?: string | undefined;
}

/** True if two logins are the same in every part. */
export function isSameLogin(one: KeptLogin, two: KeptLogin): boolean {
  return one.user === two.user && one.cluster === two.cluster && one.token === two.token &&
    one.account === two.account;
}

/** Time limit for the end of a login, ms. */
const LOGOUT_MS = 1_000;

/** A client that runs: its model, and its link to the nodes. */
export class RunningClient<Any extends Input = CommonInput> {
  readonly model: Model;
  readonly #link: Link;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #wakeUp: ReturnType<typeof setTimeout> | undefined;
  readonly #keep: Surroundings["keep"];
  readonly #forget: Surroundings["forget"];
  /** The login that was kept last; undefined after its end. */
  #kept: KeptLogin | undefined;
  /** Number of accounts that were left, after the last input. */
  #forgotten = 0;
  readonly #logouts: LateLogouts;
  #face: Face | undefined;
  /** Resolves when the outbox is kept; undefined if it is. */
  #saved: Promise<void> | undefined;
  /** True once nobody is interested in what happens. */
  #isLeaving = false;

  /** @param handlers the inputs that the client takes */
  constructor(
    options: Options,
    { places, cluster, keep, forget }: Surroundings,
    transport: Transport,
    readonly handlers: Handlers<Any | CommonInput>,
  ) {
    this.model = newModel(options);
    this.#keep = keep;
    this.#forget = forget;
    this.#link = new Link(places, cluster, transport, {
      connected: (welcome) => {
        this.dispatch({ kind: "connected", welcome });
        void this.#logouts.tell();
      },
      disconnected: (reason) => this.dispatch({ kind: "disconnected", reason }),
      push: (push) => this.dispatch({ kind: "push", push }),
      searching: (tried, allTried) => this.#face?.searching(tried, allTried),
      foreign: (place, cluster) => this.dispatch({ kind: "foreignNode", place: shownPlace(place), cluster }),
    });
    this.#logouts = new LateLogouts(
      (signal) => this.#link.openAside(signal),
      (name) => this.#face?.notice({ kind: "logoutHeard", name }, undefined),
    );
  }

  /** Looks for a node, and stays connected. Resolves once `close` was called. */
  async run(face: Face): Promise<void> {
    this.#face = face;
    await this.#link.run();
  }

  /** Looks for a node at once, or at whether the present one is still there. */
  hurry(): void {
    this.#link.hurry();
  }

  /** Ends the login, unless it is kept, so that its token does not outlive the program. Never rejects. */
  async logOut(): Promise<void> {
    if (this.#keep !== undefined || !this.model.loggedIn || this.model.account?.token === undefined) return;
    this.#isLeaving = true;
    const answered = this.#link.request({ name: "logout", payload: null }).catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([answered, new Promise((resolve) => timer = setTimeout(resolve, LOGOUT_MS))]);
    clearTimeout(timer);
  }

  /** Ends the client: its connection and its timers. */
  close(): void {
    this.#link.close();
    this.#logouts.close();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /**
   * Passes an input to the core, and performs its effects.
   *
   * @param cause name of the line that it comes from
   */
  dispatch(input: Any | CommonInput, cause?: Cause): void {
    if (this.#isLeaving) return;
    for (const effect of update(this.model, input, this.handlers, cause)) this.#perform(effect);
    this.#keepLogin();
    this.#face?.updated();
  }

  #keepLogin(): void {
    const { loggedIn, account, node, pending, forgotten } = this.model;
    // A log out is meant at once, even if no node can be asked for it.
    const isLeaving = pending.has("logout");
    if (isLeaving || forgotten !== this.#forgotten) this.#forget?.();
    this.#forgotten = forgotten;
    if (isLeaving || account?.token === undefined) this.#kept = undefined;
    if (isLeaving || !loggedIn || account?.token === undefined || node === undefined) return;
    const { name: user, token, id } = account;
    const login = { user, cluster: node.welcome.cluster, token, account: id };
    if (this.#kept !== undefined && isSameLogin(this.#kept, login)) return;
    this.#kept = login;
    this.#keep?.(login);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "ask":
        return void this.#ask(effect);
      case "show":
        return this.#face?.show(effect.item, effect.cause);
      case "refresh":
        return this.#face?.refresh?.(effect.ids);
      case "notice":
        return this.#face?.notice(effect.notice, effect.cause);
      case "failure":
        return this.#face?.fail(effect.failure, effect.cause);
      case "save":
        return this.#save(effect);
      case "setAside":
        return this.#face?.setAside?.(effect.saved);
      case "arrived":
        return this.#face?.arrived?.(effect.messages);
      case "wakeUpAfter":
        return this.#wakeUpAfter(effect.ms);
      case "tellMarksAfter":
        return void this.#after(effect.ms, { kind: "tellMarks" });
      case "lookAtClusterAfter":
        return void this.#after(effect.ms, { kind: "lookAtCluster" });
      case "lookAfter":
        return void this.#after(effect.ms, { kind: "look", turn: effect.turn });
      case "learnNodes":
        return this.#link.learn(effect.nodes);
      case "moveOn":
        return this.#link.moveOn();
      case "moveTo":
        return this.#link.moveTo(effect.node);
      case "endLogin":
        return this.#logouts.add(effect.name, effect.token);
      case "leave":
        return this.#face?.leave(effect.reason);
    }
  }

  #save(outbox: Outbox): void {
    const saving = this.#face?.save?.(outbox);
    if (saving === undefined) return;
    const saved = saving.then(() => {
      if (this.#saved === saved) this.#saved = undefined;
    });
    this.#saved = saved;
  }

  async #ask({ serial, request }: Extract<Effect, { kind: "ask" }>): Promise<void> {
    const { connection } = this.model;
    if (this.#saved !== undefined) await this.#saved;
    // Another connection asks everything again itself.
    if (this.model.connection !== connection) return;
    let reply;
    try {
      reply = await this.#link.request(request);
    } catch {
      // The connection has ended: the core hears of that, and asks again on the next one.
      return;
    }
    this.dispatch({ kind: "reply", serial, reply });
  }

  /** One timer: a person who does not wait must not leave another one behind each time. */
  #wakeUpAfter(ms: number): void {
    if (this.#wakeUp !== undefined) {
      clearTimeout(this.#wakeUp);
      this.#timers.delete(this.#wakeUp);
    }
    this.#wakeUp = this.#after(ms, { kind: "wakeUp" });
  }

  #after(ms: number, input: CommonInput): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dispatch(input);
    }, ms);
    this.#timers.add(timer);
    return timer;
  }
}
