/**
 * Round trips in calm and busy spells, in turn: the disk and the processors of a shared machine change from second to
 * second.
 *
 * @module
 */

import type { GreedyReplies } from "./greedy_client.ts";
import type { NicedClients } from "./niced_clients.ts";
import { roundTrips, type SendingPair } from "./round_trips.ts";

/**
 * Calm spells of a round, and busy ones. The 99th percentile of one load is the median of its spells: the disk and the
 * processors of a shared machine stall a spell in ten by more than any load does, calm or busy.
 */
export const SPELLS = 10;

/** Length of a spell, ms. */
export const SPELL_MS = 400;

/** Time that greedy clients get to begin, and that is given to what they have left behind, ms. */
export const SETTLING_MS = 100;

/** What spells have measured so far. */
export interface Spells {
  /** Round trips of each calm spell, ms. */
  readonly calm: number[][];
  /** Round trips of each busy spell, ms. */
  readonly busy: number[][];
  replies: number;
  refusals: number;
}

/** No spells yet. */
export function noSpells(): Spells {
  return { calm: [], busy: [], replies: 0, refusals: 0 };
}

/** Lets greed come and go, and adds the round trips of both. */
export async function addSpells(
  spells: Spells,
  greedy: NicedClients<GreedyReplies>,
  pairs: readonly SendingPair[],
): Promise<void> {
  for (let spell = 0; spell < SPELLS; spell++) {
    await pause(SETTLING_MS);
    spells.calm.push(await roundTrips(pairs, SPELL_MS));
    await greedy.begin();
    await pause(SETTLING_MS);
    spells.busy.push(await roundTrips(pairs, SPELL_MS));
    const { replies, refusals } = await greedy.rest();
    spells.replies += replies;
    spells.refusals += refusals;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
