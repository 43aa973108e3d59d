/**
 * A data folder with a log whose replay takes long enough to look at it.
 *
 * @module
 */

import { assert } from "@std/assert";
import { writeLog } from "../../bench/replay.ts";
import { readAdminFile } from "../../server/admin/admin_file.ts";
import { askNode } from "../../server/admin/ask_node.ts";
import type { ReadingStep, StartStep } from "../../server/admin/starting_status.ts";
import { eventually } from "./eventually.ts";
import type { ServerProcess } from "./server_process.ts";

/** Time limit of an answer, ms. */
const ANSWER_MS = 10_000;

/** The folder of node1. `await using` removes it. */
export class LongLog implements AsyncDisposable {
  private constructor(readonly data: string, readonly entries: number) {}

  /** Writes a log of so many entries, which is closed in order. */
  static async write(entries: number): Promise<LongLog> {
    const data = await Deno.makeTempDir({ prefix: "chat-long-log-test-" });
    await writeLog(data, entries);
    return new LongLog(data, entries);
  }

  /** Length and time of the last change of every file of the log, and whether the log was closed in order. */
  async files(): Promise<readonly (readonly unknown[])[]> {
    const names = (await Array.fromAsync(Deno.readDir(`${this.data}/log`))).map(({ name }) => `log/${name}`);
    return await Promise.all(
      [...names, "clean"].sort().map(async (name) => {
        const { size, mtime } = await Deno.stat(`${this.data}/${name}`);
        return [name, size, mtime?.getTime()];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.data, { recursive: true });
  }
}

/** The step of a node that starts on that folder; `undefined` if it does not answer, or has started. */
export async function startStepOf(server: ServerProcess, data = server.data): Promise<StartStep | undefined> {
  const address = await readAdminFile(data);
  if (address?.pid !== server.child.pid) return undefined;
  const answer = await askNode(data, address, ANSWER_MS);
  return "starting" in answer ? answer.starting.starting : undefined;
}

/** Waits until a node is in the middle of its replay; returns how far it is. */
export async function replaying(server: ServerProcess): Promise<ReadingStep> {
  let step: StartStep | undefined;
  await eventually("the log is being replayed", async () => {
    assert(!server.isOver && server.stdout === "", `it did not replay:\n${server.stdout}${server.stderr}`);
    step = await startStepOf(server);
    return step?.step === "log" && step.bytes > 0;
  });
  assert(step?.step === "log");
  return step;
}
