/**
 * The times of a node's turns, taken from outside: the node itself reads no clock for it.
 *
 * @module
 */

import type { NodePorts } from "../node/node_settings.ts";
import type { EntryLog } from "../ports/node.ts";
import type { Clock } from "../ports/outside.ts";

/** Takes the duration of a turn or of its sync, ms. */
type Observe = (what: "chat_turn_seconds" | "chat_sync_seconds", ms: number) => void;

/** Times turns that write; the others wait for none but these. */
export class TurnClock {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #observe: Observe;
  /** Time of the first request of the turn that is open; `undefined` if none is known to be. */
  #openedMs: number | undefined;
  #writing: { readonly openedMs: number; readonly committedMs: number } | undefined;

  constructor(clock: Pick<Clock, "monotonicMs">, observe: Observe) {
    this.#clock = clock;
    this.#observe = observe;
  }

  /** The same ports, whose calls are timed. */
  timed(ports: NodePorts): NodePorts {
    const { log } = ports;
    const timedLog: EntryLog = {
      get readOnly() {
        return log.readOnly;
      },
      commit: (entries) => {
        this.#committed();
        log.commit(entries);
      },
    };
    const requestTurn = (): void => {
      this.#requested();
      ports.requestTurn();
    };
    return { ...ports, log: timedLog, requestTurn };
  }

  /** The turn that was written is durable. To be called before the node hears of it. */
  synced(): void {
    if (this.#writing === undefined) return;
    const { openedMs, committedMs } = this.#writing;
    this.#writing = undefined;
    const nowMs = this.#clock.monotonicMs();
    this.#observe("chat_sync_seconds", nowMs - committedMs);
    this.#observe("chat_turn_seconds", nowMs - openedMs);
  }

  /** A turn that wrote nothing has left without a word, unless it waits for one that is being written. */
  #requested(): void {
    if (this.#writing === undefined || this.#openedMs === undefined) {
      this.#openedMs = this.#clock.monotonicMs();
    }
  }

  #committed(): void {
    const committedMs = this.#clock.monotonicMs();
    this.#writing = { openedMs: this.#openedMs ?? committedMs, committedMs };
    this.#openedMs = undefined;
  }
}
