/**
 * `deno task sim`: runs simulated clusters.
 *
 *     deno task sim --schedules=10000 --from=1   runs as many seeds on two threads
 *     deno task sim --seed=7                     runs one seed and says everything that happens
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { inWords } from "./checks.ts";
import { runCampaign } from "./crew.ts";
import { failureReport } from "./report.ts";
import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";
import { inLines } from "./tally.ts";

const WORKERS = 2;
const SCHEDULES = 2_000;

/** Exit status for an invalid command line. */
const USAGE_STATUS = 2;

const USAGE =
  `usage: deno task sim [--schedules=N] [--from=N]   runs N seeds (${SCHEDULES}), the first is --from (1)
       deno task sim --seed=N                     runs one seed and says everything that happens`;

/** Values of the flags; `undefined` for each that was not given. */
type Flags = Readonly<Record<"seed" | "schedules" | "from", number | undefined>>;

/** Reads the command line; `undefined` if it contains anything but the flags with whole numbers from 1 on. */
function readFlags(args: readonly string[]): Flags | undefined {
  let isGood = true;
  const refuse = (): false => isGood = false;
  const { seed, schedules, from } = parseArgs(args, {
    string: ["seed", "schedules", "from"],
    unknown: refuse,
  });
  const read = (value: unknown): number | undefined => {
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,14}$/.test(String(value))) refuse();
    return Number(value);
  };
  const flags = { seed: read(seed), schedules: read(schedules), from: read(from) };
  return isGood ? flags : undefined;
}

/** Runs one seed and prints its trace; returns true if all invariants hold. */
function replay(seed: number): boolean {
  const { violation, trace, steps, traceHash } = simulate(scheduleOf(seed), { isTraced: true });
  for (const line of trace) console.log(line);
  if (violation !== undefined) console.log(inWords(violation));
  else console.log(`seed ${seed}: all invariants hold after ${steps} steps; trace ${traceHash}`);
  return violation === undefined;
}

/** Runs many seeds and prints their sums; returns true if all invariants hold. */
async function run(from: number, count: number): Promise<boolean> {
  const say = (lines: readonly string[]): void => lines.forEach((line) => console.log(line));
  const beganMs = performance.now();
  const tally = await runCampaign({
    from,
    count,
    untilMs: Infinity,
    workers: WORKERS,
    onProgress: (soFar, elapsedMs) => say(inLines(soFar, elapsedMs).slice(0, 1)),
  });
  say(inLines(tally, performance.now() - beganMs));
  const [failure] = tally.failures;
  if (failure !== undefined) say(failureReport(failure.seed));
  return failure === undefined;
}

/** Runs the command; returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const flags = readFlags(args);
  if (flags === undefined) {
    console.error(USAGE);
    return USAGE_STATUS;
  }
  const { seed, schedules = SCHEDULES, from = 1 } = flags;
  const isGood = seed === undefined ? await run(from, schedules) : replay(seed);
  return isGood ? 0 : 1;
}

Deno.exit(await main(Deno.args));
