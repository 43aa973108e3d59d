/**
 * Connections that have not shown yet that they may be a node's. A connection costs little here: TLS and HTTP/2 begin
 * once its first bytes fit, and then only so often.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { judge } from "./first_bytes.ts";
import { Rate } from "./rate.ts";

/** Connections that wait here at the same time; the oldest gives way to the next one. */
export const WAITING_MAX = 256;

/** Time for the first bytes, and for the turn of a connection that has sent them, ms. */
const WAITING_MS = 2_000;

/**
 * Connections that go on to TLS or HTTP/2 in a second. A node of a handful needs one for each peer, and TLS takes some
 * milliseconds of the processor for each.
 */
const PASSED_PER_SECOND = 50;

/** Those that go on at once after a pause: every peer dials at the same moment when the network is back. */
const BURST = 16;

/** Interval at which waiting connections are looked at, ms. */
const LOOK_MS = 50;

/** Beginning of an HTTP/2 server, an empty SETTINGS frame: a node with TLS recognises that this one has none. */
const SETTINGS = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);

/** A connection that waits. */
interface Waiting {
  readonly socket: Socket;
  readonly sinceMs: number;
  /** Bytes that were read so far. */
  bytes: Buffer;
  /** True once they are enough, and fit. */
  fits: boolean;
}

/** Callbacks of a doorstep. */
interface DoorstepOptions {
  /** True if the port speaks TLS. */
  readonly isSecure: boolean;
  /** Takes a connection whose first bytes fit; they are still to be read. */
  pass(socket: Socket): void;
  /** A connection was ended, and why. */
  refused(address: string, reason: string): void;
}

/** The connections of one kind of addresses, with a share of their own. */
export class Doorstep {
  readonly #options: DoorstepOptions;
  readonly #waiting = new Map<Socket, Waiting>();
  readonly #rate = new Rate(PASSED_PER_SECOND, BURST, performance.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: DoorstepOptions) {
    this.#options = options;
  }

  /** Takes a connection that was just accepted. */
  add(socket: Socket): void {
    if (this.#waiting.size >= WAITING_MAX) {
      this.#end(this.#oldest, `it was the oldest of ${WAITING_MAX} connections that had not begun`);
    }
    const waiting: Waiting = { socket, sinceMs: performance.now(), bytes: Buffer.alloc(0), fits: false };
    this.#waiting.set(socket, waiting);
    socket.on("error", () => {});
    socket.on("close", () => this.#forget(socket));
    const look = (): void => this.#look(waiting, look);
    socket.once("readable", look);
    this.#timer ??= setInterval(() => this.#tick(), LOOK_MS);
  }

  /** Ends all. */
  endAll(): void {
    for (const socket of [...this.#waiting.keys()]) {
      this.#forget(socket);
      socket.destroy();
    }
  }

  get #oldest(): Waiting | undefined {
    return this.#waiting.values().next().value;
  }

  #look(waiting: Waiting, again: () => void): void {
    const { socket } = waiting;
    if (!this.#waiting.has(socket)) return;
    const more = socket.read() as Buffer | null;
    if (more !== null) waiting.bytes = Buffer.concat([waiting.bytes, more]);
    const verdict = judge(waiting.bytes, this.#options.isSecure);
    if (verdict === "unfit") return this.#refuse(waiting);
    // Bytes that are put back before they are enough would be readable at once, again and again.
    if (verdict === "too few") return void socket.once("readable", again);
    waiting.fits = true;
    this.#passSome();
  }

  #refuse(waiting: Waiting): void {
    this.#end(waiting, this.#unfitText, saysTls(waiting.bytes) ? SETTINGS : undefined);
  }

  /** Lets waiting connections go on, in no order that a stranger could use. */
  #passSome(): void {
    const fitting = [...this.#waiting.values()].filter(({ fits }) => fits);
    while (fitting.length > 0 && this.#rate.take(performance.now())) {
      const [chosen] = fitting.splice(Math.floor(Math.random() * fitting.length), 1);
      if (chosen === undefined) return;
      this.#forget(chosen.socket);
      chosen.socket.unshift(chosen.bytes);
      this.#options.pass(chosen.socket);
    }
  }

  #tick(): void {
    this.#passSome();
    const beforeMs = performance.now() - WAITING_MS;
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.sinceMs > beforeMs) return;
      this.#end(
        waiting,
        waiting.fits ? "too many came in a second" : `it sent nothing within ${WAITING_MS} ms`,
      );
    }
  }

  #end(waiting: Waiting | undefined, reason: string, lastWords?: Uint8Array): void {
    if (waiting === undefined) return;
    const { socket } = waiting;
    this.#forget(socket);
    this.#options.refused(socket.remoteAddress ?? "unknown", reason);
    if (lastWords === undefined) socket.destroy();
    else socket.end(lastWords, () => socket.destroy());
  }

  #forget(socket: Socket): void {
    this.#waiting.delete(socket);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #unfitText(): string {
    return this.#options.isSecure
      ? "the TLS handshake failed: received corrupt message in its place; if it is a node, check that it uses TLS, " +
        "as this one does"
      : "it ended without having opened a stream, and did not begin as HTTP/2 does; if it is a node, check that it " +
        "does not use TLS, as this one does not";
  }
}

function saysTls(bytes: Uint8Array): boolean {
  return judge(bytes, true) === "fits";
}
