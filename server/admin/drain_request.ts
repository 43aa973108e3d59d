/**
 * The request to drain a node, and its answer.
 *
 * @module
 */

import { DRAIN_MS_MAX, DRAIN_MS_MIN } from "../ports/node.ts";
import { type Checks, isCount, isText, parseChecked } from "./checks.ts";

/** A request to drain. */
export interface DrainRequest {
  /** Time after which the node ends in any case, ms. */
  readonly forMs: number;
}

/** The answer: the node drains, or says why not. */
export interface DrainAnswer {
  /** Name of the node. */
  readonly node: string;
  /** `null` if it drains. */
  readonly problem: string | null;
}

const REQUEST: Checks<DrainRequest> = {
  forMs: (value) => isCount(value) && Number(value) >= DRAIN_MS_MIN && Number(value) <= DRAIN_MS_MAX,
};

/** Parses a request; the problem with it, for whoever sends it, if it is none. */
export function parseDrainRequest(json: string): DrainRequest | string {
  return parseChecked(json, REQUEST) ?? `forMs must be a time from ${DRAIN_MS_MIN} to ${DRAIN_MS_MAX} ms`;
}

const ANSWER: Checks<DrainAnswer> = {
  node: isText,
  problem: (value) => value === null || isText(value),
};

/** Parses the JSON of an answer; `undefined` if it is none. */
export function parseDrainAnswer(json: string): DrainAnswer | undefined {
  return parseChecked(json, ANSWER);
}
