/**
 * The command `log repair`.
 *
 * @module
 */

import type { LogRepairCommand } from "../cli/command.ts";
import { defaultDataFolder, NODE_NAME } from "../config/node_configuration.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import { lastHolder, lockDataFolder } from "../log/lock.ts";
import { planRepair, repairLog } from "../log/repair_log.ts";
import { systemClock } from "../process/system_ports.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { openLogFolder } from "./log_folder.ts";
import { planText, repairText } from "./log_report.ts";

/** Repairs a log, or prints the plan of a repair; returns the exit status: 1 if a repair is still needed. */
export async function repairLogCommand({ data, acceptLoss }: LogRepairCommand): Promise<number> {
  try {
    const files = openLogFolder(data);
    return await (acceptLoss ? repair(files, data) : showPlan(files, data));
  } catch (error) {
    return await fail(error);
  }
}

async function showPlan(files: DenoFiles, data: string): Promise<number> {
  const plan = planRepair(files);
  await printVisibly(Deno.stdout, planText(plan, data));
  return plan.isNeeded ? FAILURE_STATUS : 0;
}

/** @throws {DataFolderLocked} if the node is running */
async function repair(files: DenoFiles, data: string): Promise<number> {
  const node = nodeOfFolder(data) ?? lastHolder(data)?.node;
  const startedMs = systemClock.wallMs();
  const lock = lockDataFolder(data, { node: node ?? "(log repair)", pid: Deno.pid, startedMs });
  try {
    await printVisibly(Deno.stdout, repairText(repairLog(files, startedMs, node), data));
    return 0;
  } finally {
    lock.release();
  }
}

/** The node with this default folder, for a log without a segment that names its node. */
function nodeOfFolder(data: string): string | undefined {
  const name = data.slice(data.lastIndexOf("/") + 1);
  return NODE_NAME.pattern.test(name) && defaultDataFolder(name) === data ? name : undefined;
}
