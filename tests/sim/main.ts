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

/** Runs one seed; returns whether all invariants hold. */
function replay(seed: number): boolean {
  const { violation, trace, steps, traceHash } = simulate(scheduleOf(seed), { isTraced: true });
  for (const line of trace) console.log(line);
  if (violation !== undefined) console.log(inWords(violation));
  else console.log(`seed ${seed}: all invariants hold after ${steps} steps; trace ${traceHash}`);
  return violation === undefined;
}

/** Runs many seeds; returns whether all invariants hold. */
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

const words = parseArgs(Deno.args, { string: ["seed", "schedules", "from"] });
const isGood = words["seed"] === undefined
  ? await run(Number(words["from"] ?? 1), Number(words["schedules"] ?? SCHEDULES))
  : replay(Number(words["seed"]));
if (!isGood) Deno.exit(1);
