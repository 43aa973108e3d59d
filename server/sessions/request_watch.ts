/**
 * The request that a session is at: it is counted by its outcome once it is decided, and at level debug told to
 * diagnostics. Neither names nor contents are.
 *
 * @module
 */

import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { RequestName } from "../../common/protocol/requests.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { CountedRequest, Outcome } from "./request_counts.ts";
import type { Counted, SessionCensus } from "./session_census.ts";

/** A session, as its watch sees it. */
interface Watched extends Counted {
  /** IP address of the other end. */
  readonly address: string;
}

/** Parts of a watch. */
interface WatchParts {
  readonly census: SessionCensus;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly logger: Logger;
}

/** Watches the requests of one session, of which one at a time is undecided. */
export class RequestWatch {
  readonly #session: Watched;
  /** Number of the session. */
  readonly #number: number;
  readonly #parts: WatchParts;
  #request: CountedRequest | undefined;
  #outcome: Outcome = "ok";
  #beganMs = 0;

  /** The connection of the session is open. */
  constructor(session: Watched, parts: WatchParts) {
    this.#session = session;
    this.#parts = parts;
    this.#number = parts.census.enter(session);
    parts.logger.debug("connectionOpened", { session: this.#number, address: session.address });
  }

  /** A frame has come. @param name its request; `undefined` if there is no such request */
  begin(name: RequestName | undefined, nowMs: number): void {
    this.#request = name ?? "unknown";
    this.#outcome = "ok";
    this.#beganMs = nowMs;
  }

  /** The request is refused. */
  refused(code: ErrorCode): void {
    this.#outcome = code;
  }

  /** The request is decided, if there is one. Its reply may still wait for disks. */
  decided(): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#request = undefined;
    const { census, clock, logger } = this.#parts;
    census.requests.add(request, this.#outcome);
    if (!logger.showsDebug) return;
    const ms = Math.round((clock.monotonicMs() - this.#beganMs) * 1_000) / 1_000;
    logger.debug("request", { session: this.#number, request, outcome: this.#outcome, ms });
  }

  /** The connection has ended; an undecided request is nobody's any more, and not counted. */
  ended(): void {
    this.#request = undefined;
    this.#parts.census.leave(this.#session);
    this.#parts.logger.debug("connectionClosed", { session: this.#number });
  }
}
