/**
 * Requests without a reply, in order. A broken connection loses only those that must not be sent twice: a message
 * carries an id under which the server takes it once; a question or a mark changes nothing the second time.
 *
 * @module
 */

import { type Ask, type Purpose, rowOf, type SentRequest } from "./requests.ts";

/** The name that a program gave to a line; undefined if nothing that it named is the cause. */
export type Cause = string | undefined;

/** A request that waits for its reply, or for a connection to be sent on. */
export interface PendingRequest {
  readonly serial: number;
  readonly request: SentRequest;
  readonly purpose: Purpose;
  /** Name of the line that it is sent for. */
  readonly cause: Cause;
  /** True if it was sent on the present connection. */
  sent: boolean;
  /** Number of times that it was sent, on any connection, and how many of these were refused for the moment. */
  attempts: number;
  refusals: number;
  /** `MessageStore.tellings` when it was sent last. */
  tellings: number;
}

/** True if a node may have taken the request: it was sent once more than it was refused. */
function mayBeServed({ attempts, refusals }: PendingRequest): boolean {
  return attempts > refusals;
}

/** All requests without a reply. */
export class PendingRequests {
  readonly #waiting = new Map<number, PendingRequest>();
  readonly #delayed = new Set<number>();
  #lastSerial = 0;
  #sendRevision = 0;
  /** The shortest wait that a delayed request was given since the last `wakeUp`, ms. */
  #waitMs = Infinity;

  /** Number of requests without a reply. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Ids of the messages that no node has confirmed yet, oldest first. */
  get messageIds(): readonly string[] {
    return [...this.#waiting.values()].flatMap(({ purpose }) => purpose.kind === "send" ? [purpose.id] : []);
  }

  /** True if a request of this purpose waits. */
  has(kind: Purpose["kind"]): boolean {
    return [...this.#waiting.values()].some((each) => each.purpose.kind === kind);
  }

  /** True if the reply to a request of this purpose is on its way. */
  isUnderWay(kind: Purpose["kind"]): boolean {
    return [...this.#waiting.values()].some(({ purpose, sent, serial }) =>
      purpose.kind === kind && sent && !this.#delayed.has(serial)
    );
  }

  /** Puts a request behind all others. */
  add(cause: Cause, ...[request, purpose]: Ask): void {
    this.#add(cause, 0, request, purpose);
  }

  /** As `add`, for a request that was sent before, and to which no reply came. */
  addAgain(cause: Cause, ...[request, purpose]: Ask): void {
    this.#add(cause, 1, request, purpose);
  }

  #add(cause: Cause, attempts: number, request: SentRequest, purpose: Purpose): void {
    const serial = ++this.#lastSerial;
    const counts = { attempts, refusals: 0, tellings: 0 };
    this.#waiting.set(serial, { serial, request, purpose, cause, sent: false, ...counts });
  }

  /**
   * The requests to send now, in order; they count as sent from here on.
   *
   * @param waits true for a request that is not to be sent yet
   */
  takeUnsent(
    loggedIn: boolean,
    waits: (request: PendingRequest) => boolean = () => false,
  ): readonly PendingRequest[] {
    const unsent = [...this.#waiting.values()].filter((each) =>
      !each.sent && (loggedIn || rowOf(each.request).beforeLogin) && !waits(each)
    );
    for (const each of unsent) {
      each.sent = true;
      each.attempts++;
      if (each.purpose.kind === "send") this.#sendRevision++;
    }
    return unsent;
  }

  /** The cause of the request with that serial number. */
  causeOf(serial: number): Cause {
    return this.#waiting.get(serial)?.cause;
  }

  /** Takes out the request that a reply answers. */
  answered(serial: number): PendingRequest | undefined {
    const waiting = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    return waiting;
  }

  /** The connection broke: returns the requests that are lost with it; all others count as unsent. */
  connectionLost(): readonly PendingRequest[] {
    const lost = [...this.#waiting.values()].filter((each) => rowOf(each.request).afterBreak !== "again");
    for (const each of lost) this.#waiting.delete(each.serial);
    for (const each of this.#waiting.values()) each.sent = false;
    this.#delayed.clear();
    return lost;
  }

  /**
   * Puts a request that was refused for the moment back, to be sent after `wakeUp`.
   *
   * @returns true if `wakeUp` must come after that wait; false if it comes before, for another request
   */
  delay(refused: PendingRequest, waitMs: number): boolean {
    this.putBack(refused);
    this.#delayed.add(refused.serial);
    if (waitMs >= this.#waitMs) return false;
    this.#waitMs = waitMs;
    return true;
  }

  /** Puts a request back whose reply was none. */
  unanswered(waiting: PendingRequest): void {
    this.#waiting.set(waiting.serial, waiting);
  }

  /** Puts a request that was refused back, to be sent on the next connection. */
  putBack(refused: PendingRequest): void {
    refused.refusals++;
    if (refused.purpose.kind === "send") this.#sendRevision++;
    this.#waiting.set(refused.serial, refused);
  }

  /** Delayed requests count as unsent. */
  wakeUp(): void {
    this.#waitMs = Infinity;
    for (const serial of this.#delayed) {
      const waiting = this.#waiting.get(serial);
      if (waiting !== undefined) waiting.sent = false;
    }
    this.#delayed.clear();
  }

  /** Ids of the messages that were sent without a reply: a node may have stored them. */
  get mayBeStored(): ReadonlySet<string> {
    return new Set(
      [...this.#waiting.values()].flatMap((each) =>
        each.purpose.kind === "send" && mayBeServed(each) ? [each.purpose.id] : []
      ),
    );
  }

  /** True if the newest messages of a chat with that name are asked for, since it is opened. */
  opens(name: string): boolean {
    return [...this.#waiting.values()].some(({ purpose }) =>
      purpose.kind === "open" && purpose.with === name
    );
  }

  /** True if a request to mark that message as read waits. */
  marks(id: string): boolean {
    return [...this.#waiting.values()].some(({ purpose }) =>
      purpose.kind === "read" && purpose.ids?.includes(id)
    );
  }

  /** Number of times that a message was sent, or refused for the moment: `mayBeStored` changes with it. */
  get sendRevision(): number {
    return this.#sendRevision;
  }

  /** Takes out a message that was never sent, or refused each time; false if a node may have stored it. */
  withdraw(id: string): boolean {
    for (const each of this.#waiting.values()) {
      if (each.purpose.kind !== "send" || each.purpose.id !== id || mayBeServed(each)) continue;
      return this.#waiting.delete(each.serial);
    }
    return false;
  }

  /** Takes out the requests of one purpose. */
  drop(kind: Purpose["kind"]): void {
    for (const each of this.#waiting.values()) {
      if (each.purpose.kind === kind) this.#waiting.delete(each.serial);
    }
  }

  /** Removes everything: another account must not send it. Returns the number of messages removed. */
  clear(): number {
    const messages = this.messageIds.length;
    this.#waiting.clear();
    this.#delayed.clear();
    return messages;
  }
}
