/**
 * The worker thread: one bcrypt at a time, which would block the event loop for 60 ms and more.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import bcrypt from "bcryptjs";
import type { WorkerAnswer, WorkerTask } from "./worker_protocol.ts";

self.onmessage = ({ data }: MessageEvent<WorkerTask>): void => self.postMessage(answer(data));

function answer(task: WorkerTask): WorkerAnswer {
  if (task.hash === undefined) return { hash: bcrypt.hashSync(task.password, task.cost) };
  return { fits: bcrypt.compareSync(task.password, task.hash) };
}
