/**
 * One server beside the relays: pairs that wait for each answer, and pairs that do not.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { compare, methodNote, openRelays, type Schedule } from "./comparison.ts";
import type { Report } from "./report.ts";
import { allAt, type Load, openSide, PIPELINED, type Side, WAITING } from "./send_side.ts";
import { againstFindings, comparisonTable, rateFinding, RELAYS } from "./standings.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const SCHEDULE: Schedule = { warmUpMs: 2_000, rounds: 7, roundMs: 1_000 };

const SERVER = "server";

/** Least ratios of the server's messages per second to those of the relays. */
interface Targets {
  readonly ofSynced: number;
  readonly ofPlain: number;
}

/** Measures pairs that wait for each answer. @param against folder of another checkout to measure as well */
export function measurePairs(folder: string, against?: string): Promise<Report> {
  return measure(WAITING, { ofSynced: 0.85, ofPlain: 0.7 }, folder, against);
}

/** Measures pairs with many messages under way. @param against folder of another checkout to measure as well */
export function measurePipelined(folder: string, against?: string): Promise<Report> {
  return measure(PIPELINED, { ofSynced: 0.6, ofPlain: 0.15 }, folder, against);
}

async function measure(load: Load, targets: Targets, folder: string, against?: string): Promise<Report> {
  const sides = [...await openRelays(load, folder), await openServer(SERVER, load, `${folder}/server`)];
  const other = against && `${SERVER} of ${against}`;
  if (other) sides.push(await openServer(other, load, `${folder}/against`, against));
  const standings = await compare(load, sides, SCHEDULE);
  return {
    title: load.title,
    notes: [
      `${load.pairs} pairs, ${load.outstanding} outstanding each, 100 bytes of content; recipients are online and ` +
      "confirm each MESSAGE with a DELIVERED. The same frames travel on all sides.",
      "The plain relay forwards and answers. The synced relay also appends a line for each SEND_MSG and DELIVERED, " +
      "one append and one fdatasync a turn. The server syncs everything before it answers.",
      methodNote(SCHEDULE),
    ],
    tables: [comparisonTable("", standings)],
    findings: [
      rateFinding(standings, load, SERVER, RELAYS.synced, targets.ofSynced),
      rateFinding(standings, load, SERVER, RELAYS.plain, targets.ofPlain),
      ...againstFindings(standings, load, SERVER, other),
    ],
  };
}

async function openServer(name: string, load: Load, data: string, checkout = THIS_CHECKOUT): Promise<Side> {
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS, checkout });
  return await openSide(name, [server], load, allAt(server));
}
