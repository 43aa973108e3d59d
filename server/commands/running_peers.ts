/**
 * Looks for the other nodes of a cluster that is to be stopped.
 *
 * @module
 */

import { BackupRefused } from "../backup/backup_errors.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";

/** Time for a node to answer, ms. */
const ANSWER_MS = 2_000;

/** @throws {BackupRefused} if anything answers at the address of another node */
export async function refuseRunning(peers: NodeConfiguration["peers"]): Promise<void> {
  for (const { name, host, port } of peers) {
    if (!await answers(host, port)) continue;
    throw new BackupRefused(
      `something answers at ${host}:${port}, the address of ${name}: --until is for a cluster that is stopped as a ` +
        "whole; stop all nodes first",
    );
  }
}

async function answers(hostname: string, port: number): Promise<boolean> {
  try {
    const connection = await Deno.connect({ hostname, port, signal: AbortSignal.timeout(ANSWER_MS) });
    connection.close();
    return true;
  } catch {
    return false;
  }
}
