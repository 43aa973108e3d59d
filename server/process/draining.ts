/**
 * The drain of a running node, from its beginning to its end.
 *
 * @module
 */

import type { Node } from "../node/node.ts";
import type { Logger } from "../ports/outside.ts";
import { after } from "./system_ports.ts";

/** Interval of the looks at clients and peers, ms. */
const LOOK_MS = 100;

/** Time for which the outcome can be asked for, before the node ends, ms. */
const OUTCOME_MS = 600;

/** Drains a node. */
export class Draining {
  readonly #over = Promise.withResolvers<void>();
  readonly #logger: Logger;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Resolves when the node is to end. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Begins, or gives a drain that has begun another time from now on.
   *
   * @param forMs time after which it is over in any case
   * @returns the problem, if there can be no drain
   */
  begin(node: Node, forMs: number): string | undefined {
    const problem = node.drain.begin(forMs);
    if (problem !== undefined) return problem;
    this.#logger.info("draining", { forMs, sessions: node.audience.size });
    this.#timer ??= setInterval(() => this.#look(node), LOOK_MS);
    return undefined;
  }

  #look(node: Node): void {
    node.drain.look();
    const { status } = node.drain;
    const isOver = status?.phase === "over";
    if (isOver || node.closing) clearInterval(this.#timer);
    if (!isOver) return;
    const lacking = status.lacking.map(({ name }) => name).join(", ");
    this.#logger.info("drained", { moved: status.moved, here: status.here, lacking });
    void after(OUTCOME_MS, undefined).then(this.#over.resolve);
  }
}
