/**
 * The place of an origin's last entry with its chain, for entries whose stamps are known.
 *
 * @module
 */

import { FIRST_CHAIN, nextChain } from "../../server/core/chain.ts";
import type { ChainedPlace } from "../../server/core/version.ts";

/** @param stampOf stamp of each entry of the origin, by sequence number */
export function chainedPlace(
  origin: string,
  seq: number,
  stampOf: (seq: number) => number = (seq) => seq * 10,
): ChainedPlace {
  let chain = FIRST_CHAIN;
  for (let each = 1; each <= seq; each++) chain = nextChain(chain, each, stampOf(each));
  return { origin, seq, stamp: stampOf(seq), chain };
}
