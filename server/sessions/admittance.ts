/**
 * What the first frame of a connection may be, and requests that it may make while the minute of its address is spent.
 *
 * @module
 */

import type { RequestName } from "../../common/protocol/requests.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import type { ClientLink, MinuteCharge } from "../ports/clients.ts";

/** Requests up to a login by token, which an address has free. */
const FREE: ReadonlySet<RequestName | undefined> = new Set(["hello", "useFeatures", "resume"]);

const NO_HELLO = refusal(
  "bad-request",
  "the first frame must be HELLO: a WebSocket takes the confirmed dialect only",
);

/** The admittance of one connection, paid with its first frame. */
export class Admittance {
  readonly #link: Pick<ClientLink, "charge" | "isConfirmedOnly">;
  #charge: MinuteCharge | undefined;
  #isFree = false;

  constructor(link: Pick<ClientLink, "charge" | "isConfirmedOnly">) {
    this.#link = link;
  }

  /**
   * Charges the first frame, and refuses those that the minute does not cover, or that begin another dialect than the
   * link takes.
   *
   * @param name request of the frame; `undefined` if there is no such request
   */
  problem(name: RequestName | undefined): Refusal | undefined {
    if (this.#charge === undefined && this.#link.isConfirmedOnly && name !== "hello") return NO_HELLO;
    this.#charge ??= this.#link.charge();
    return this.#isFree || FREE.has(name) ? undefined : this.#charge.refusal;
  }

  /** Takes the charge back after a login by token. */
  giveBack(): void {
    this.#isFree = true;
    this.#charge?.giveBack();
  }
}
