/**
 * The request to drain a node, and its answer.
 *
 * @module
 */

import { DRAIN_MS_MAX, DRAIN_MS_MIN } from "../ports/node.ts";
import { type Checks, isText, parseChecked } from "./checks.ts";

/** Method of the request. */
export const DRAIN_METHOD = "PUT";

/** The answer: the node drains, or says why not. */
export interface DrainAnswer {
  /** Name of the node. */
  readonly node: string;
  /** `null` if it drains. */
  readonly problem: string | null;
}

/** Path of the request. @param forMs time after which the node ends in any case */
export function drainPath(forMs: number): string {
  return `/drain/${forMs}`;
}

/** The time that a path gives, ms; `undefined` if it asks for no drain, or for one beyond the bounds. */
export function parseDrainPath(path: string): number | undefined {
  const [, digits] = /^\/drain\/(\d{1,8})$/.exec(path) ?? [];
  const forMs = Number(digits);
  return forMs >= DRAIN_MS_MIN && forMs <= DRAIN_MS_MAX ? forMs : undefined;
}

const CHECKS: Checks<DrainAnswer> = {
  node: isText,
  problem: (value) => value === null || isText(value),
};

/** Parses the JSON of an answer; `undefined` if it is none. */
export function parseDrainAnswer(json: string): DrainAnswer | undefined {
  return parseChecked(json, CHECKS);
}
