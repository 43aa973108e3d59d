/**
 * Sides under the same load, in turn. The relays are among them: the synced one is the yardstick, because no
 * server that syncs before it answers can do less (`docs/speed.md`).
 *
 * @module
 */

import {
  allAt,
  checkSameFrames,
  closeSide,
  type Figures,
  type Load,
  openSide,
  runRound,
} from "./send_side.ts";
import type { Side } from "./send_side.ts";
import { RELAYS, type Standing } from "./standings.ts";
import { startRelay } from "./subject.ts";

/** Rounds of every side. */
export interface Schedule {
  readonly warmUpMs: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Starts both relays. @param folder where the synced one has its log */
export async function openRelays(load: Load, folder: string): Promise<Side[]> {
  const [plain, synced] = [await startRelay(), await startRelay(`${folder}/relay.log`)];
  return [
    await openSide(RELAYS.plain, [plain], load, allAt(plain)),
    await openSide(RELAYS.synced, [synced], load, allAt(synced)),
  ];
}

/** Runs the rounds of all sides in turn and closes the sides. */
export async function compare(load: Load, sides: readonly Side[], schedule: Schedule): Promise<Standing[]> {
  const standings = await takeTurns(load, sides, schedule);
  for (const side of sides) await closeSide(side);
  return standings;
}

/** Runs the rounds of all sides in turn. */
export async function takeTurns(load: Load, sides: readonly Side[], schedule: Schedule): Promise<Standing[]> {
  checkSameFrames(sides);
  const standings = sides.map((side) => ({ side, name: side.name, rounds: [] as Figures[] }));
  for (const side of sides) await runRound(side, load, schedule.warmUpMs);
  for (let round = 0; round < schedule.rounds; round++) {
    // Each side has each place in the order about as often: drift of the machine cancels out.
    const first = round % sides.length;
    for (const { side, rounds } of [...standings.slice(first), ...standings.slice(0, first)]) {
      rounds.push(await runRound(side, load, schedule.roundMs));
    }
  }
  return standings;
}

/** Says how figures of a schedule came about. */
export function methodNote({ rounds, roundMs, warmUpMs }: Schedule): string {
  return `${rounds} rounds of ${roundMs} ms of each side, in turn, after a warm-up of ${warmUpMs} ms. Figures are ` +
    "medians over the rounds; ratios are medians of the ratios of each round, with least and most.";
}
