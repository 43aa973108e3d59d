/**
 * Time from the start of the process to the first answered connection, of the sources and of the executable.
 *
 * @module
 */

import { Client } from "./client.ts";
import type { Finding, Report } from "./report.ts";
import { spreadOf } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const STARTS = 9;
const TARGET_MS = 300;

/**
 * Starts a server on a data folder and connects; returns the time until HELLO is answered, ms.
 *
 * @param executable program to start in place of the sources
 */
export async function startAndConnectMs(data: string, executable?: string): Promise<number> {
  const program = executable === undefined ? {} : { executable };
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS, ...program });
  const listeningMs = performance.now();
  const client = await Client.connect(server.port);
  const answeredMs = performance.now() - listeningMs;
  client.close();
  await server.stop();
  return server.startMs + answeredMs;
}

/** Times of starts with an empty log, ms, once Deno is warm. @param folder for the servers' data */
export async function emptyStarts(folder: string, count: number): Promise<number[]> {
  await startAndConnectMs(`${folder}/start-warm`);
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await startAndConnectMs(`${folder}/start-${i}`));
  return times;
}

/** Measures starts. @param folder for the servers' data */
export async function measureStart(folder: string): Promise<Report> {
  const compiled = await compile(folder);
  await startAndConnectMs(`${folder}/start-warm`);
  const [sources, executables]: [number[], number[]] = [[], []];
  for (let i = 0; i < STARTS; i++) {
    sources.push(await startAndConnectMs(`${folder}/sources-${i}`));
    if (!("executable" in compiled)) continue;
    executables.push(await startAndConnectMs(`${folder}/executable-${i}`, compiled.executable));
  }
  const notes = [
    `${STARTS} starts in new folders, after one to warm Deno up; from the start of the process until HELLO ` +
    `is answered.`,
  ];
  const findings = [finding("start to first connection", sources)];
  if ("executable" in compiled) {
    findings.push(finding("the same of the executable", executables), ratio(executables, sources));
  } else {
    notes.push(`The executable was not measured: ${compiled.reason}`);
  }
  return { title: "Start with an empty log", notes, findings };
}

function finding(what: string, times: readonly number[]): Finding {
  const { median, min, max } = spreadOf(times);
  return {
    what: `${what}, median (least to most)`,
    figure: `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`,
    target: `at most ${TARGET_MS} ms`,
    reached: median <= TARGET_MS,
  };
}

function ratio(executables: readonly number[], sources: readonly number[]): Finding {
  const figure = (spreadOf(executables).median / spreadOf(sources).median).toFixed(2);
  return { what: "executable / sources", figure };
}

/** The compiled server, or the reason there is none. */
async function compile(
  folder: string,
): Promise<{ readonly executable: string } | { readonly reason: string }> {
  const args = ["task", "--quiet", "compile", `--output=${folder}/executables`];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (success) return { executable: `${folder}/executables/chat-server` };
  return { reason: new TextDecoder().decode(stderr).trim() };
}
