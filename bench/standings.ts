/**
 * Figures of the sides of a comparison, side by side: a table, and ratios with their targets.
 *
 * @module
 */

import type { Finding, Table } from "./report.ts";
import type { Figures, Load } from "./send_side.ts";
import { median, type Spread, spreadOf } from "./statistics.ts";

/** Names of the relays in every table. */
export const RELAYS = { plain: "plain relay", synced: "synced relay" } as const;

/** All rounds of one side. */
export interface Standing {
  readonly name: string;
  readonly rounds: readonly Figures[];
}

/** One row for each side: medians, and its ratios to the relays. */
export function comparisonTable(title: string, standings: readonly Standing[]): Table {
  return {
    columns: [
      title,
      "messages/s",
      "SENT p50 / p99 ms",
      "MESSAGE p50 / p99 ms",
      "CPU us/message",
      "of synced relay",
      "of plain relay",
      "busy: it / generator",
      "measured",
    ],
    rows: standings.map((standing) => rowOf(standing, standings)),
  };
}

function rowOf({ name, rounds }: Standing, standings: readonly Standing[]): string[] {
  const messages = rounds.reduce((sum, { messages }) => sum + messages, 0);
  return [
    name,
    middle(rounds, (of) => of.messagesPerSecond, 0),
    `${middle(rounds, (of) => of.answeredP50Ms, 2)} / ${middle(rounds, (of) => of.answeredP99Ms, 2)}`,
    `${middle(rounds, (of) => of.deliveredP50Ms, 2)} / ${middle(rounds, (of) => of.deliveredP99Ms, 2)}`,
    middle(rounds, (of) => of.processorMicroseconds, 2),
    ratioCell(standings, name, RELAYS.synced),
    ratioCell(standings, name, RELAYS.plain),
    `${middle(rounds, (of) => of.processorShare, 2)} / ${middle(rounds, (of) => of.generatorShare, 2)}`,
    `${messages} messages`,
  ];
}

function ratioCell(standings: readonly Standing[], name: string, yardstick: string): string {
  return name === yardstick ? "1" : shownRatio(rateRatio(standings, name, yardstick));
}

function middle(rounds: readonly Figures[], figure: (figures: Figures) => number, digits: number): string {
  return median(rounds.map(figure)).toFixed(digits);
}

/** The ratio of the messages per second of two sides. */
export function ratioFinding(
  standings: readonly Standing[],
  load: Load,
  name: string,
  yardstick: string,
): Finding {
  return {
    what: `${load.title}: messages/s, ${name} / ${yardstick}`,
    figure: shownRatio(rateRatio(standings, name, yardstick)),
  };
}

/** The same with a least ratio as its target. */
export function rateFinding(
  standings: readonly Standing[],
  load: Load,
  name: string,
  yardstick: string,
  min: number,
): Finding {
  return {
    ...ratioFinding(standings, load, name, yardstick),
    target: `at least ${min}`,
    reached: rateRatio(standings, name, yardstick).median >= min,
  };
}

/** Findings that set this checkout beside another one; none without another. */
export function againstFindings(
  standings: readonly Standing[],
  load: Load,
  name: string,
  other: string | undefined,
): Finding[] {
  if (other === undefined) return [];
  const effort = ratio(standings, name, other, ({ processorMicroseconds }) => processorMicroseconds);
  return [
    ratioFinding(standings, load, name, other),
    { what: `${load.title}: CPU a message, ${name} / ${other}`, figure: shownRatio(effort) },
  ];
}

function rateRatio(standings: readonly Standing[], name: string, yardstick: string): Spread {
  return ratio(standings, name, yardstick, ({ messagesPerSecond }) => messagesPerSecond);
}

function ratio(
  standings: readonly Standing[],
  name: string,
  yardstick: string,
  figure: (figures: Figures) => number,
): Spread {
  const [above, below] = [roundsOf(standings, name), roundsOf(standings, yardstick)];
  return spreadOf(above.map((figures, i) => {
    const other = below[i];
    return other === undefined ? NaN : figure(figures) / figure(other);
  }));
}

function roundsOf(standings: readonly Standing[], name: string): readonly Figures[] {
  const standing = standings.find((each) => each.name === name);
  if (standing === undefined) throw new Error(`no side is called ${name}`);
  return standing.rounds;
}

function shownRatio({ median, min, max }: Spread): string {
  return `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`;
}
