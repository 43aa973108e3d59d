/**
 * The benchmark: speed and memory of the server on this machine.
 *
 * - `deno task bench` takes every measurement.
 * - `--only=pairs,cluster` takes some of them.
 * - `--against=FOLDER` also measures the server of another checkout of this repository, in the same run and in
 *   turn with this one: before and after, side by side. It starts as that checkout's `deno task server` does,
 *   and joins the measurements `pairs`, `pipelined`, `guessing`, `cluster`, `flood`, `stalled` and `flapping`.
 *
 * The yardstick of `pairs`, `pipelined` and `cluster` is the synced relay: the same frames, one append and one
 * fdatasync a turn, nothing else (`docs/speed.md`).
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { serverArguments } from "./checkout.ts";
import { measureCluster } from "./cluster.ts";
import { makeDataFolder, measureDisk } from "./disk.ts";
import { measureFairShares } from "./fair_shares.ts";
import { measureFlapping } from "./flapping.ts";
import { measureGuessing } from "./guessing.ts";
import { measureLogin } from "./login.ts";
import { measureMemory } from "./memory.ts";
import { measureOffline } from "./offline.ts";
import { loadAverage } from "./process_figures.ts";
import { measureReplay } from "./replay.ts";
import { type Report, reportText, summaryText } from "./report.ts";
import { measurePeerFlood } from "./peer_flood.ts";
import { measurePairs, measurePipelined } from "./sends.ts";
import { measureStart } from "./start.ts";
import { measureStalled } from "./stalled.ts";
import { killSubjects } from "./subject.ts";
import { measureTls } from "./tls.ts";

/** Takes one measurement. @param against folder of another checkout, for those that compare servers */
type Measure = (folder: string, against?: string) => Promise<Report>;

/** Every measurement by its name on the command line, in the order in which they are taken. */
const MEASUREMENTS: Readonly<Record<string, Measure>> = {
  pairs: measurePairs,
  pipelined: measurePipelined,
  offline: measureOffline,
  memory: measureMemory,
  replay: measureReplay,
  start: measureStart,
  login: measureLogin,
  guessing: measureGuessing,
  stalled: measureStalled,
  flapping: measureFlapping,
  cluster: measureCluster,
  flood: measurePeerFlood,
  tls: measureTls,
  fair: measureFairShares,
};

const NAMES = Object.keys(MEASUREMENTS);

const USAGE = `usage: deno task bench [--only=${NAMES.join(",")}] [--against=FOLDER]
  --only     the measurements to take, by name; all by default
  --against  folder of another checkout, whose server is measured as well: pairs, pipelined, guessing, cluster,
             flood, stalled and flapping`;

interface Choice {
  readonly names: readonly string[];
  readonly against: string | undefined;
}

/** The choice of a command line, or the mistake in it. */
function choiceOf(args: readonly string[]): Choice | string {
  const unknown: string[] = [];
  const { only, against } = parseArgs(args, {
    string: ["only", "against"],
    unknown: (word) => {
      unknown.push(word);
      return false;
    },
  });
  if (unknown.length > 0) return `unknown: ${unknown.join(" ")}`;
  const wanted = only === undefined ? NAMES : String(only).split(",");
  const strangers = wanted.filter((name) => !NAMES.includes(name));
  if (strangers.length > 0) return `no measurement is called ${strangers.join(" or ")}`;
  const names = NAMES.filter((name) => wanted.includes(name));
  if (against === undefined) return { names, against };
  try {
    serverArguments(String(against));
  } catch (error) {
    return `--against: ${(error as Error).message}`;
  }
  return { names, against: Deno.realPathSync(String(against)) };
}

async function measureAll({ names, against }: Choice, folder: string): Promise<Report[]> {
  const reports: Report[] = [];
  console.log(reportText(await measureDisk(folder)));
  for (const name of names) {
    const own = `${folder}/${name}`;
    await Deno.mkdir(own);
    const report = await MEASUREMENTS[name]?.(own, against);
    // Logs of one measurement may be as large as the disk of a small machine.
    await Deno.remove(own, { recursive: true });
    if (report === undefined) continue;
    reports.push(report);
    console.log(reportText(report));
  }
  return reports;
}

/** Rejects with an error that no caller awaits, as of a connection, or with a signal. */
function failure(): Promise<never> {
  return new Promise((_, reject) => {
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => reject(new Error(`${signal} came before the end`)));
    }
  });
}

async function main(): Promise<number> {
  const choice = choiceOf(Deno.args);
  if (typeof choice === "string") {
    console.error(`${choice}\n${USAGE}`);
    return 2;
  }
  const startMs = performance.now();
  const { deno, v8 } = Deno.version;
  console.log(
    `Deno ${deno}, V8 ${v8}, ${navigator.hardwareConcurrency} processors, load average ${loadAverage()} ` +
      "before the start: other load on this machine is in the figures.",
  );
  const folder = await makeDataFolder();
  try {
    console.log(summaryText(await Promise.race([measureAll(choice, folder), failure()])));
  } catch (error) {
    console.error("could not measure:", error);
    return 1;
  } finally {
    killSubjects();
    await Deno.remove(folder, { recursive: true });
  }
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(0);
  console.log(`measured in ${seconds} s; load average ${loadAverage()} at the end`);
  return 0;
}

if (import.meta.main) Deno.exit(await main());
