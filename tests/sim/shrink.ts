/**
 * Shortens a failing schedule by leaving out operations, faults and acts for as long as it still fails (delta
 * debugging: Zeller and Hildebrandt, 2002).
 *
 * @module
 */

import type { Fault, Operation, OperatorAct, Schedule } from "./schedule.ts";
import type { Result } from "./simulation.ts";

/** A part of a schedule that can be left out. */
type Part = { readonly operation: Operation } | { readonly fault: Fault } | { readonly act: OperatorAct };

/**
 * Shortens a schedule.
 *
 * @param run simulates a schedule
 * @param triesMax most runs
 * @returns a schedule that violates the same invariant
 */
export function shrink(schedule: Schedule, run: (schedule: Schedule) => Result, triesMax: number): Schedule {
  const wanted = run(schedule).violation?.invariant;
  let tries = 1;
  const fails = (parts: readonly Part[]): boolean => {
    tries++;
    return run(assembled(schedule, parts)).violation?.invariant === wanted;
  };
  let parts = partsOf(schedule);
  for (let chunk = Math.ceil(parts.length / 2); tries < triesMax;) {
    const shorter = withoutOneChunk(parts, chunk, (rest) => tries < triesMax && fails(rest));
    if (shorter !== undefined) parts = shorter;
    else if (chunk === 1) break;
    if (shorter === undefined || chunk > parts.length) chunk = Math.max(1, Math.ceil(chunk / 2));
  }
  return assembled(schedule, parts);
}

function withoutOneChunk(
  parts: readonly Part[],
  chunk: number,
  fails: (rest: readonly Part[]) => boolean,
): Part[] | undefined {
  for (let start = 0; start < parts.length; start += chunk) {
    const rest = [...parts.slice(0, start), ...parts.slice(start + chunk)];
    if (fails(rest)) return rest;
  }
  return undefined;
}

function partsOf({ operations, faults, acts }: Schedule): Part[] {
  return [
    ...faults.map((fault) => ({ fault })),
    ...acts.map((act) => ({ act })),
    ...operations.map((operation) => ({ operation })),
  ];
}

function assembled(schedule: Schedule, parts: readonly Part[]): Schedule {
  return {
    ...schedule,
    operations: parts.flatMap((part) => "operation" in part ? [part.operation] : []),
    faults: parts.flatMap((part) => "fault" in part ? [part.fault] : []),
    acts: parts.flatMap((part) => "act" in part ? [part.act] : []),
  };
}

/** A schedule as lines for people: its settings, then its steps in order. */
export function scheduleLines({ settings, operations, faults, acts, healsAtMs }: Schedule): string[] {
  const steps = [
    ...operations.map(({ atMs, kind, client, machine, pick }) => ({
      atMs,
      text: `client${client} at node${machine + 1}: ${kind} (${pick})`,
    })),
    ...faults.map(({ atMs, kind, machine, forMs, amount }) => ({
      atMs,
      text: `node${machine + 1}: ${kind} for ${Math.round(forMs)} ms (${amount})`,
    })),
    ...acts.map(({ atMs, kind, machine, person }) => ({
      atMs,
      text: `operator at node${machine + 1}: ${kind} (person ${person})`,
    })),
    { atMs: healsAtMs, text: "everything is healed" },
  ];
  steps.sort((a, b) => a.atMs - b.atMs);
  return [
    JSON.stringify(settings),
    ...steps.map(({ atMs, text }) => `${atMs.toFixed(1).padStart(9)}  ${text}`),
  ];
}
