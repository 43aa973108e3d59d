/**
 * Counts of the requests of one node, by name and outcome.
 *
 * @module
 */

import { ERROR_CODES, type ErrorCode } from "../../common/protocol/error_codes.ts";
import { type RequestName, REQUESTS } from "../../common/protocol/requests.ts";

/** A request, or `unknown` for a number that no request has. */
export type CountedRequest = RequestName | "unknown";

/** `ok`, or the code of the refusal. */
export type Outcome = "ok" | ErrorCode;

/** One count. */
interface RequestCount {
  readonly request: CountedRequest;
  readonly outcome: Outcome;
  readonly count: number;
}

const REQUEST_NAMES = [...Object.keys(REQUESTS) as RequestName[], "unknown"] as const;

const OUTCOMES: readonly Outcome[] = ["ok", ...ERROR_CODES];

/** Counts since the start of the node. Counting allocates nothing. */
export class RequestCounts {
  readonly #counts = Object.fromEntries(
    REQUEST_NAMES.map((name) => [name, Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]))]),
  ) as Record<CountedRequest, Record<Outcome, number>>;

  /** Counts a request that was decided. */
  add(request: CountedRequest, outcome: Outcome): void {
    this.#counts[request][outcome]++;
  }

  /** All counts of `ok`, and those of refusals that occurred. */
  all(): RequestCount[] {
    return REQUEST_NAMES.flatMap((request) =>
      OUTCOMES.map((outcome) => ({ request, outcome, count: this.#counts[request][outcome] }))
    ).filter(({ outcome, count }) => outcome === "ok" || count > 0);
  }
}
