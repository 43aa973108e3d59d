/**
 * People who write to each other all the time with the client of the console and of the page, each with a token, and
 * what they notice of a disturbance.
 *
 * @module
 */

import type { Item } from "../../client/core/items.ts";
import { hasReached } from "../../client/core/message.ts";
import { HANDLERS } from "../../client/core/update.ts";
import { type Face, RunningClient } from "../../client/link/running_client.ts";
import { SocketTransport } from "../../client/net/socket_transport.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { eventually } from "./eventually.ts";

/** Pause of a person between two messages, ms. */
const PAUSE_MS = 1_000;

/** Number of people who make their accounts at the same time. */
const TOGETHER = 20;

/** One person, who writes to one other. */
class SteadyPerson implements Face {
  readonly client: RunningClient;
  /** Errors, as the client would show them. */
  readonly errors: string[] = [];
  /** Times without a login, longest first; ms. */
  readonly gapsMs: number[] = [];
  /** Number of times that each message of the other was shown. */
  readonly shown = new Map<string, number>();
  readonly unanswered = new Set<string>();
  readonly running: Promise<void>;
  #outSinceMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  constructor(
    readonly name: string,
    readonly other: string,
    nodes: readonly ClusterNode[],
    readonly crowd: SteadyCrowd,
  ) {
    this.client = new RunningClient(
      { script: false, receives: true, creates: false },
      { places: nodes.map(({ port }) => ({ host: "127.0.0.1", port })) },
      new SocketTransport({ tls: false, caCerts: [] }),
      HANDLERS,
    );
    this.running = this.client.run(this);
  }

  register(): void {
    this.client.dispatch({ kind: "register", name: this.name, password: `password of ${this.name}` });
  }

  /** Writes until `rest`, the first time after a while. */
  work(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#write();
      this.work(PAUSE_MS);
    }, afterMs);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }

  #write(): void {
    const id = crypto.randomUUID();
    const text = `${this.name} ${++this.#count}`;
    this.crowd.sent.set(id, { text, sentMs: performance.now() });
    this.unanswered.add(id);
    this.client.dispatch({ kind: "send", to: this.other, text, id, timestamp: Date.now() / 1_000 });
  }

  show(item: Item): void {
    if (item.kind !== "message" || item.message.sender === this.name) return;
    const { id } = item.message;
    this.shown.set(id, (this.shown.get(id) ?? 0) + 1);
    this.crowd.arrived(id);
  }

  refresh(ids: readonly string[]): void {
    for (const id of ids) {
      const message = this.client.model.messages.get(id);
      if (message === undefined || !hasReached(message, "unread") || !this.unanswered.delete(id)) continue;
      this.crowd.answered(id);
    }
  }

  updated(): void {
    if (!this.client.model.loggedIn) this.#outSinceMs ??= performance.now();
    else if (this.#outSinceMs !== undefined) {
      this.gapsMs.push(performance.now() - this.#outSinceMs);
      this.#outSinceMs = undefined;
    }
  }

  fail = (failure: unknown): void => void this.errors.push(JSON.stringify(failure));
  leave = (reason: unknown): void => void this.errors.push(`left: ${JSON.stringify(reason)}`);
  searching = (_tried: unknown, allTried: boolean): void => {
    if (allTried) this.errors.push("no node answers");
  };
  notice = (): void => {};
  ring = (): void => {};
}

/** Everything that people have noticed. */
interface Noticed {
  readonly messages: number;
  readonly errors: readonly string[];
  /** Messages that the recipient was never shown, or twice. */
  readonly lost: number;
  readonly doubled: number;
  /** Number of times that somebody was moved. */
  readonly moves: number;
  /** Longest time without a login, to an answer, and to the recipient's screen; ms. */
  readonly gapMs: number;
  readonly answerMs: number;
  readonly arrivalMs: number;
}

/** The people, in pairs at different nodes. */
export class SteadyCrowd implements AsyncDisposable {
  readonly sent = new Map<string, { readonly text: string; readonly sentMs: number }>();
  readonly #people: readonly SteadyPerson[];
  #answerMs = 0;
  #arrivalMs = 0;

  private constructor(nodes: readonly ClusterNode[], count: number) {
    const name = (i: number): string => `person${i}`;
    this.#people = Array.from({ length: count }, (_, i) => {
      const first = i % nodes.length;
      return new SteadyPerson(name(i), name(i ^ 1), [...nodes.slice(first), ...nodes.slice(0, first)], this);
    });
  }

  /** Lets each person make an account, some at a time; the client holds its token. @param count an even number */
  static async gather(nodes: readonly ClusterNode[], count: number): Promise<SteadyCrowd> {
    const crowd = new SteadyCrowd(nodes, count);
    for (let from = 0; from < count; from += TOGETHER) {
      const some = crowd.#people.slice(from, from + TOGETHER);
      for (const person of some) person.register();
      await eventually("people are logged in", () => some.every(({ client }) => client.model.loggedIn));
    }
    return crowd;
  }

  /** Lets everybody write. */
  work(): void {
    for (const [i, person] of this.#people.entries()) person.work(i * PAUSE_MS / this.#people.length);
  }

  /** Measures times from now on. */
  reset(): void {
    for (const person of this.#people) person.gapsMs.length = 0;
    this.#answerMs = 0;
    this.#arrivalMs = 0;
  }

  /** Nobody writes any more. */
  rest(): void {
    for (const person of this.#people) person.rest();
  }

  /** True once every message was answered and shown. */
  get isSettled(): boolean {
    return this.#people.every(({ unanswered }) => unanswered.size === 0) && this.noticed().lost === 0;
  }

  answered(id: string): void {
    this.#answerMs = Math.max(this.#answerMs, this.#sinceMs(id));
  }

  arrived(id: string): void {
    this.#arrivalMs = Math.max(this.#arrivalMs, this.#sinceMs(id));
  }

  #sinceMs(id: string): number {
    return performance.now() - (this.sent.get(id)?.sentMs ?? -Infinity);
  }

  /** Everything that was noticed so far. */
  noticed(): Noticed {
    const shown = this.#people.flatMap((person) => [...person.shown]);
    const gapsMs = this.#people.flatMap((person) => person.gapsMs);
    return {
      messages: this.sent.size,
      errors: this.#people.flatMap(({ name, errors }) => errors.map((error) => `${name}: ${error}`)),
      lost: this.sent.size - shown.length,
      doubled: shown.filter(([, times]) => times > 1).length,
      moves: gapsMs.length,
      gapMs: Math.max(0, ...gapsMs),
      answerMs: this.#answerMs,
      arrivalMs: this.#arrivalMs,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.rest();
    for (const { client } of this.#people) client.close();
    await Promise.all(this.#people.map(({ running }) => running));
  }
}
