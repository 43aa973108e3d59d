/**
 * What was asked and not answered yet, in order. What can be asked again without harm survives a broken
 * connection: messages, because each carries an id of its own under which the server takes it only once;
 * questions and marks, because they change nothing the second time.
 *
 * @module
 */

import type { Request, RequestName } from "../../common/protocol/requests.ts";
import type { LoginIntent } from "./model.ts";

/** What a request was sent for: who is told of its reply. */
export type Purpose =
  | {
    readonly kind: "startLogin";
    readonly name: string;
    readonly intent: LoginIntent;
    readonly password?: string;
  }
  | { readonly kind: "finishLogin" }
  | { readonly kind: "resume" }
  | { readonly kind: "send"; readonly id: string }
  | { readonly kind: "undelivered" }
  | { readonly kind: "refresh"; readonly with: string }
  | { readonly kind: "open"; readonly with: string }
  | { readonly kind: "history"; readonly with: string; readonly count: number; readonly page: HistoryPage }
  | { readonly kind: "chats"; readonly show: "nothing" | "welcome" | "chats" | "unread" }
  | { readonly kind: "users"; readonly onlineOnly: boolean; readonly found: number; readonly match?: string }
  | { readonly kind: "read"; readonly with: string; readonly ids?: readonly string[] }
  | { readonly kind: "names" }
  | { readonly kind: "delivered" }
  | { readonly kind: "delete"; readonly ids: readonly string[] }
  | { readonly kind: "changePassword" }
  | { readonly kind: "deleteAccount" }
  | { readonly kind: "logout" }
  | { readonly kind: "status" };

/** Pages of a history that came so far, and whether it is the one `/more` goes on with. */
export interface HistoryPage {
  readonly ids: readonly string[];
  readonly older: boolean;
}

/** A request that waits for its reply, or for a connection to be sent on. */
export interface Waiting {
  readonly serial: number;
  readonly request: Request;
  readonly purpose: Purpose;
  /** Whether it was sent on the present connection. */
  sent: boolean;
  /** How often it was sent, on any connection. */
  attempts: number;
}

/** Asked again, these would answer for another connection or change something twice. */
const ONCE: ReadonlySet<RequestName> = new Set<RequestName>([
  "startLogin",
  "finishLogin",
  "resume",
  "logout",
  "changePassword",
  "deleteAccount",
  "nodeStatus",
]);

/** These may be asked before the login. */
const BEFORE_LOGIN: ReadonlySet<RequestName> = new Set<RequestName>(["startLogin", "finishLogin", "resume"]);

/** See the module. */
export class PendingRequests {
  readonly #waiting = new Map<number, Waiting>();
  readonly #delayed = new Set<number>();
  #lastSerial = 0;

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Messages that no node has confirmed yet, oldest first. */
  get messageIds(): readonly string[] {
    return [...this.#waiting.values()].flatMap(({ purpose }) => purpose.kind === "send" ? [purpose.id] : []);
  }

  /** Whether something waits that was asked for this. */
  has(kind: Purpose["kind"]): boolean {
    return [...this.#waiting.values()].some((each) => each.purpose.kind === kind);
  }

  /** Puts a request behind all others. */
  add(request: Request, purpose: Purpose): void {
    const serial = ++this.#lastSerial;
    this.#waiting.set(serial, { serial, request, purpose, sent: false, attempts: 0 });
  }

  /** What is to be sent now, in order; counts as sent from here on. */
  takeUnsent(loggedIn: boolean): readonly Waiting[] {
    const unsent = [...this.#waiting.values()].filter((each) =>
      !each.sent && (loggedIn || BEFORE_LOGIN.has(each.request.name))
    );
    for (const each of unsent) {
      each.sent = true;
      each.attempts++;
    }
    return unsent;
  }

  /** Takes out what a reply answers. */
  answered(serial: number): Waiting | undefined {
    const waiting = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    return waiting;
  }

  /** The connection broke: returns what was lost; all else counts as unsent. */
  connectionLost(): readonly Waiting[] {
    const lost = [...this.#waiting.values()].filter((each) => ONCE.has(each.request.name));
    for (const each of lost) this.#waiting.delete(each.serial);
    for (const each of this.#waiting.values()) each.sent = false;
    return lost;
  }

  /** Puts what was refused for the moment back, to be sent after `wakeUp`. */
  delay(waiting: Waiting): void {
    this.#waiting.set(waiting.serial, waiting);
    this.#delayed.add(waiting.serial);
  }

  /** What was delayed counts as unsent. */
  wakeUp(): void {
    for (const serial of this.#delayed) {
      const waiting = this.#waiting.get(serial);
      if (waiting !== undefined) waiting.sent = false;
    }
    this.#delayed.clear();
  }

  /** Takes a message out that was never sent; false if it may have reached a node. */
  withdraw(id: string): boolean {
    for (const each of this.#waiting.values()) {
      if (each.purpose.kind !== "send" || each.purpose.id !== id || each.attempts > 0) continue;
      return this.#waiting.delete(each.serial);
    }
    return false;
  }

  /** Forgets everything: another account is not to send it. Returns how many messages that were. */
  clear(): number {
    const messages = this.messageIds.length;
    this.#waiting.clear();
    return messages;
  }
}
