/**
 * The writing of what the operator does: logged at once, answered once it is on every disk that a client would wait for.
 *
 * @module
 */

import type { Refusal } from "../core/decision.ts";
import type { Event } from "../core/events.ts";
import { seqOf } from "../core/version.ts";
import { COPIES_WAIT_MS } from "../core/waiting.ts";
import type { Node } from "../node/node.ts";
import type { CopiesNeeded } from "../ports/node.ts";
import type { ActDone, OperatorRequest } from "../ports/operator.ts";
import type { Logger, Timers } from "../ports/outside.ts";
import { roomProblem } from "../sessions/room.ts";

/** Interval at which an act that waits for other disks is looked at, ms. */
const LOOK_MS = 50;

/** The events of an act about an account, or about an invitation. */
interface Written {
  readonly act: OperatorRequest["act"];
  /** The name of the account, or the id of the invitation. */
  readonly name: string;
  readonly events: readonly Event[];
  /** The member of the diagnostics that has the name; `user` unless given. */
  readonly kind?: "user" | "invitation";
}

/** Writes acts at one node. */
export class ActWriter {
  readonly #node: Node;
  readonly #ports: { readonly logger: Logger; readonly timers: Timers };

  constructor(node: Node, ports: { readonly logger: Logger; readonly timers: Timers }) {
    this.#node = node;
    this.#ports = ports;
  }

  /**
   * Logs events, and answers once all disks have them that a client would wait for.
   *
   * @param apply applies the events; returns the number of sessions that this has ended
   */
  write(
    { act, name, events, kind = "user" }: Written,
    done: (answer: { readonly done: ActDone } | { readonly refused: string }) => void,
    apply: () => number,
  ): void {
    const problem = this.problem(events);
    if (problem) return done({ refused: problem.message });
    const sessions = apply();
    this.#ports.logger.info("operatorAct", { act, [kind]: name, sessions });
    const { settings: { clusterSize: nodes } } = this.#node;
    if (events.length === 0) return done({ done: { name, sessions, copies: 0, nodes } });
    this.#whenKept((copies) => done({ done: { name, sessions, copies, nodes } }));
  }

  /** The reason why events cannot be written now, if there is one. */
  problem(events: readonly Pick<Event, "type">[]): Pick<Refusal, "message"> | undefined {
    const { closing, drain, ports } = this.#node;
    if (events.length === 0) return undefined;
    // A drain that is over has said that the other nodes have everything.
    if (closing || drain.status?.phase === "over") {
      return { message: "this node is being stopped; ask another node" };
    }
    const { unavailable } = ports.replication;
    if (unavailable !== undefined) return { message: `this node serves nobody now: ${unavailable}` };
    return roomProblem(ports, events);
  }

  #whenKept(then: (copies: number) => void): void {
    const { state, settings, ports: { clock } } = this.#node;
    const needed = { seq: seqOf(state.version, settings.origin) };
    this.#node.whenDurable(() => this.#awaitCopies(needed, clock.monotonicMs(), then));
  }

  #awaitCopies(needed: CopiesNeeded, sinceMs: number, then: (copies: number) => void): void {
    const { replication, clock } = this.#node.ports;
    if (clock.monotonicMs() - sinceMs < COPIES_WAIT_MS && replication.isAwaited(needed)) {
      this.#ports.timers.after(LOOK_MS, () => this.#awaitCopies(needed, sinceMs, then));
    } else then(1 + replication.copies(needed));
  }
}
