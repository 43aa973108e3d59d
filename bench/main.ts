/**
 * The benchmark: what is asked of the server's speed and memory, measured on this machine.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { measureCluster } from "./cluster.ts";
import { makeDataFolder, measureDisk } from "./disk.ts";
import { measureLogin } from "./login.ts";
import { measureMemory } from "./memory.ts";
import { measureOffline } from "./offline.ts";
import { measurePairs } from "./pairs.ts";
import { measurePipelined } from "./pipelined.ts";
import { loadAverage } from "./process_figures.ts";
import { measureReplay } from "./replay.ts";
import { type Report, reportText, summaryText } from "./report.ts";
import { measureStart } from "./start.ts";
import { killSubjects } from "./subject.ts";

/** Every measurement by its name on the command line, in the order in which they are taken. */
const MEASUREMENTS: Readonly<Record<string, (folder: string) => Promise<Report>>> = {
  pairs: measurePairs,
  pipelined: measurePipelined,
  offline: measureOffline,
  memory: measureMemory,
  replay: measureReplay,
  start: measureStart,
  login: measureLogin,
  cluster: measureCluster,
};

const NAMES = Object.keys(MEASUREMENTS);

/** The measurements that a command line asks for, or what is wrong with it. */
function chosen(args: readonly string[]): readonly string[] | string {
  const unknown: string[] = [];
  const { only } = parseArgs(args, {
    string: ["only"],
    unknown: (word) => {
      unknown.push(word);
      return false;
    },
  });
  const usage = `usage: deno task bench [--only=${NAMES.join(",")}]`;
  if (unknown.length > 0) return `unknown: ${unknown.join(" ")}\n${usage}`;
  if (only === undefined) return NAMES;
  const wanted = String(only).split(",");
  const strangers = wanted.filter((name) => !NAMES.includes(name));
  if (strangers.length > 0) return `no measurement is called ${strangers.join(" or ")}\n${usage}`;
  return NAMES.filter((name) => wanted.includes(name));
}

async function measureAll(names: readonly string[], folder: string): Promise<Report[]> {
  const reports: Report[] = [];
  console.log(reportText(await measureDisk(folder)));
  for (const name of names) {
    const report = await MEASUREMENTS[name]?.(folder);
    if (report === undefined) continue;
    reports.push(report);
    console.log(reportText(report));
  }
  return reports;
}

/** Rejects when something goes wrong that nobody waits for, as in a connection, or when a signal comes. */
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
  const names = chosen(Deno.args);
  if (typeof names === "string") {
    console.error(names);
    return 2;
  }
  const startMs = performance.now();
  const { deno, v8 } = Deno.version;
  console.log(
    `Deno ${deno}, V8 ${v8}, ${navigator.hardwareConcurrency} processors, load average ${loadAverage()} ` +
      "before the start: whatever else runs on this machine is in the figures.",
  );
  const folder = await makeDataFolder();
  try {
    console.log(summaryText(await Promise.race([measureAll(names, folder), failure()])));
  } catch (error) {
    console.error("could not measure:", error);
    return 1;
  } finally {
    killSubjects();
    await Deno.remove(folder, { recursive: true });
  }
  console.log(`measured in ${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
  return 0;
}

if (import.meta.main) Deno.exit(await main());
