/**
 * A node on a data folder with a stored log, through all its starts.
 *
 * @module
 */

import { serverArguments, THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { until } from "./cluster_subjects.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

/** Limit of the heap where the runtime's own is too small, MiB. */
const LARGE_HEAP_MIB = 14_336;

/** Share of the heap that a node may take at its start: the measurement sends more, and 80 % is full. */
const HEAP_SHARE_MAX = 0.6;

const BYTES_PER_MEBIBYTE = 1_048_576;

/** Attempts to get a status, of which each ends after three seconds at most. */
const STATUS_ATTEMPTS = 20;

/** Time between two looks at the status, which takes a process of its own, ms. */
const LOOK_MS = 2_000;

/** The part of the status of a node that is looked at (`chat-server status --json`). */
interface StoredStatus {
  readonly entries: number;
  readonly accounts: number;
  /** Number of messages in memory. */
  readonly residentMessages: number;
  readonly residentBytes: number;
  readonly heap: { readonly usedBytes: number; readonly limitBytes: number };
  readonly archive: { readonly position: number; readonly lag: number; readonly problem?: string };
}

/** A started node, and the time from the start of its process to its first answer to HELLO, ms. */
interface Started {
  readonly subject: Subject;
  readonly firstAnswerMs: number;
}

/** Starts nodes; with a large heap once one has not started without. */
export class StoredNodes {
  /** The reason why the runtime's own limit of the heap is not enough; undefined while it is. */
  heapProblem: string | undefined;

  /**
   * Starts a node that takes messages, and waits for its first answer.
   *
   * @throws {Error} with its output, if it does not start
   */
  async start(data: string): Promise<Started> {
    if (this.heapProblem !== undefined) return await this.#start(data);
    try {
      const started = await this.#start(data);
      const { usedBytes, limitBytes } = (await statusOf(data)).heap;
      if (usedBytes < HEAP_SHARE_MAX * limitBytes) return started;
      await started.subject.stop();
      this.heapProblem = `${mebibytes(usedBytes)} of ${mebibytes(limitBytes)} MiB are taken after the start`;
    } catch (error) {
      this.heapProblem = reasonIn(String(error));
    }
    return await this.#start(data);
  }

  async #start(data: string): Promise<Started> {
    const flag = `--v8-flags=--max-old-space-size=${LARGE_HEAP_MIB}`;
    const runtimeFlags = this.heapProblem === undefined ? [] : [flag];
    const subject = await startServer({ data, settings: CHEAP_ACCOUNTS, runtimeFlags });
    const listeningMs = performance.now();
    (await Client.connect(subject.port)).close();
    return { subject, firstAnswerMs: subject.startMs + performance.now() - listeningMs };
  }
}

function mebibytes(bytes: number): string {
  return (bytes / BYTES_PER_MEBIBYTE).toFixed(0);
}

/** The line of a failed start that says why. */
function reasonIn(text: string): string {
  const lines = text.split("\n").filter((line) => /memory|heap/i.test(line));
  return lines[0]?.slice(0, 300) ?? text.slice(0, 300);
}

/**
 * The status of the node that runs on a data folder. A node that has just loaded ten million messages may be busy with
 * its memory for longer than the command waits.
 *
 * @throws {Error} with the output of the command, if it has failed time after time
 */
async function statusOf(data: string): Promise<StoredStatus> {
  for (let attempt = 1;; attempt++) {
    try {
      return await askStatus(data);
    } catch (error) {
      if (attempt === STATUS_ATTEMPTS) throw error;
    }
  }
}

async function askStatus(data: string): Promise<StoredStatus> {
  const args = [...serverArguments(THIS_CHECKOUT), "status", `--data=${data}`, "--json"];
  const options = { args, cwd: THIS_CHECKOUT, stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`the node on ${data} does not tell its status: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}

/**
 * Waits until the archive of a running node has the whole log; returns the last status.
 *
 * @throws {Error} if that takes too long
 */
export async function untilArchived(data: string, patienceMs: number): Promise<StoredStatus> {
  let status = await statusOf(data);
  await until(`the archive of ${data} has the whole log`, async () => {
    if (status.archive.lag === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    status = await statusOf(data);
    return status.archive.lag === 0;
  }, patienceMs);
  return status;
}

/** Waits until no more messages leave the memory of a node, but no longer than that; returns the last status. */
export async function untilSettled(data: string, patienceMs: number): Promise<StoredStatus> {
  const endMs = performance.now() + patienceMs;
  for (let before = await statusOf(data);;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const status = await statusOf(data);
    if (status.residentMessages === before.residentMessages || performance.now() > endMs) return status;
    before = status;
  }
}
