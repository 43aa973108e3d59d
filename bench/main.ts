/**
 * The benchmark: speed and memory of the server on this machine.
 *
 * - `deno task bench` takes every measurement but `storage`, which makes a data folder of 6 GB and takes a quarter of
 *   an hour, the first time longer.
 * - `--only=pairs,cluster` takes some of them.
 * - `--against=FOLDER` also measures the server of another checkout of this repository, in the same run and in
 *   turn with this one: before and after, side by side. It starts as that checkout's `deno task server` does,
 *   and joins the measurements `pairs`, `pipelined`, `guessing`, `cluster`, `flood`, `stalled`, `flapping`, `fair` and
 *   `watching`.
 * - `--only=storage --messages=N` is smaller, and makes a folder for each N.
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
import { measureStorage, STORED_MESSAGES } from "./storage.ts";
import { killSubjects } from "./subject.ts";
import { measureTls } from "./tls.ts";
import { measureWatching } from "./watching.ts";
import { measureWeb } from "./web.ts";

/** Takes one measurement. */
type Measure = (folder: string, choice: Choice) => Promise<Report>;

/** A measurement that may compare the server with that of another checkout. */
function comparing(measure: (folder: string, against?: string) => Promise<Report>): Measure {
  return (folder, { against }) => measure(folder, against);
}

/** Every measurement by its name on the command line, in the order in which they are taken. */
const MEASUREMENTS: Readonly<Record<string, Measure>> = {
  pairs: comparing(measurePairs),
  pipelined: comparing(measurePipelined),
  offline: measureOffline,
  memory: measureMemory,
  replay: measureReplay,
  start: measureStart,
  login: measureLogin,
  guessing: comparing(measureGuessing),
  stalled: comparing(measureStalled),
  flapping: comparing(measureFlapping),
  cluster: comparing(measureCluster),
  flood: comparing(measurePeerFlood),
  tls: measureTls,
  web: measureWeb,
  fair: comparing(measureFairShares),
  watching: comparing(measureWatching),
  storage: (folder, { messages }) => measureStorage(folder, messages),
};

const NAMES = Object.keys(MEASUREMENTS);

/** Measurements that are taken without `--only`. */
const USUAL = NAMES.filter((name) => name !== "storage");

/** Fewest messages of a stored history: fewer would not give every account its role. */
const MESSAGES_MIN = 10_000;

const USAGE = `usage: deno task bench [--only=${NAMES.join(",")}] [--against=FOLDER] [--messages=N]
  --only     the measurements to take, by name; all but storage by default
  --against  folder of another checkout, whose server is measured as well: pairs, pipelined, guessing, cluster,
             flood, stalled, flapping, fair and watching
  --messages number of messages of the history of storage, ${MESSAGES_MIN} or more; ${STORED_MESSAGES} by default`;

interface Choice {
  readonly names: readonly string[];
  readonly against: string | undefined;
  readonly messages: number;
}

/** The choice of a command line, or the mistake in it. */
function choiceOf(args: readonly string[]): Choice | string {
  const unknown: string[] = [];
  const { only, against, messages: wantedMessages = STORED_MESSAGES } = parseArgs(args, {
    string: ["only", "against", "messages"],
    unknown: (word) => {
      unknown.push(word);
      return false;
    },
  });
  if (unknown.length > 0) return `unknown: ${unknown.join(" ")}`;
  const wanted = only === undefined ? USUAL : String(only).split(",");
  const strangers = wanted.filter((name) => !NAMES.includes(name));
  if (strangers.length > 0) return `no measurement is called ${strangers.join(" or ")}`;
  const names = NAMES.filter((name) => wanted.includes(name));
  const messages = Number(wantedMessages);
  if (!Number.isSafeInteger(messages) || messages < MESSAGES_MIN) {
    return `--messages is ${wantedMessages}; it must be a number from ${MESSAGES_MIN} on`;
  }
  if (against === undefined) return { names, against, messages };
  try {
    serverArguments(String(against));
  } catch (error) {
    return `--against: ${(error as Error).message}`;
  }
  return { names, against: Deno.realPathSync(String(against)), messages };
}

async function measureAll(choice: Choice, folder: string): Promise<Report[]> {
  const reports: Report[] = [];
  console.log(reportText(await measureDisk(folder)));
  for (const name of choice.names) {
    const own = `${folder}/${name}`;
    await Deno.mkdir(own);
    const report = await MEASUREMENTS[name]?.(own, choice);
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
