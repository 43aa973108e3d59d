/**
 * A node on a data folder with a stored log, through all its starts.
 *
 * @module
 */

import { serverArguments, THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { until } from "./cluster_subjects.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

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
  readonly heap: { readonly usedBytes: number };
  readonly archive: { readonly position: number; readonly lag: number; readonly problem?: string };
}

/** A started node, and the time from the start of its process to its first answer to HELLO, ms. */
interface Started {
  readonly subject: Subject;
  readonly firstAnswerMs: number;
}

/**
 * Starts a node, and waits for its first answer.
 *
 * @throws {Error} with its output, if it does not start
 */
export async function startStored(data: string): Promise<Started> {
  const subject = await startServer({ data, settings: CHEAP_ACCOUNTS });
  const listeningMs = performance.now();
  (await Client.connect(subject.port)).close();
  return { subject, firstAnswerMs: subject.startMs + performance.now() - listeningMs };
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
