/**
 * Waiting for the archive of a node.
 *
 * @module
 */

import { Client } from "./client.ts";
import { until } from "./cluster_subjects.ts";

/** Pause between two attempts, ms: an attempt makes the archive hurry. */
const PAUSE_MS = 100;

/**
 * Waits until a node answers a search, which it does once its archive has come up with the log.
 *
 * @param name account that asks
 * @throws {Error} if that takes too long
 */
export async function untilSearchable(port: number, name: string, patienceMs: number): Promise<void> {
  const client = await Client.loggedIn(port, name);
  await until("the archive has come up with the log", async () => {
    const { name, payload } = await client.ask({ name: "search", payload: { words: "anything" } });
    // A checkout without an archive refuses for another reason.
    if (name !== "error" || payload.code !== "busy") return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return false;
  }, patienceMs);
  client.close();
}
