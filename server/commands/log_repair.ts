/**
 * The command `log repair`.
 *
 * @module
 */

import type { LogRepairCommand } from "../cli/command.ts";
import { defaultDataFolder, NODE_NAME } from "../config/node_configuration.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import { isOpen, readForks } from "../log/fork_file.ts";
import { LogRefused } from "../log/log_errors.ts";
import { lastHolder, lockDataFolder } from "../log/lock.ts";
import { giveNewOrigin, keepOrigin, planNewOrigin } from "../log/new_origin.ts";
import { planRepair, repairLog, type RepairPlan } from "../log/repair_log.ts";
import { sha256, systemClock } from "../process/system_ports.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { giveToOwner } from "./folder_owner.ts";
import { openLogFolder } from "./log_folder.ts";
import { branchPlanText, keptOriginText, movedText } from "./fork_report.ts";
import { planText, repairText } from "./log_report.ts";

/** Repairs a log, or prints the plan of a repair; returns the exit status: 1 if a repair is still needed. */
export async function repairLogCommand(command: LogRepairCommand): Promise<number> {
  try {
    const files = openLogFolder(command.data);
    const isOrder = command.acceptLoss || command.fork !== undefined;
    return await (isOrder ? repair(files, command) : showPlan(files, command.data));
  } catch (error) {
    return await fail(error);
  }
}

async function showPlan(files: DenoFiles, data: string): Promise<number> {
  const hasFork = readForks(files).some(isOpen);
  const plan = planRepair(files);
  await printVisibly(Deno.stdout, hasFork ? forkPlanText(files, plan, data) : planText(plan, data));
  return hasFork || plan.isNeeded ? FAILURE_STATUS : 0;
}

/** The plan for a fork; a damaged log has to be repaired before. */
function forkPlanText(files: DenoFiles, plan: RepairPlan, data: string): string {
  try {
    return branchPlanText(planNewOrigin(files, sha256));
  } catch (error) {
    if (error instanceof LogRefused) return `${planText(plan, data)}\n${error.message}`;
    throw error;
  }
}

/** @throws {DataFolderLocked} if the node is running */
async function repair(files: DenoFiles, { data, fork }: LogRepairCommand): Promise<number> {
  const node = nodeOfFolder(data) ?? lastHolder(data)?.node;
  const nowMs = systemClock.wallMs();
  const lock = lockDataFolder(data, { node: node ?? "(log repair)", pid: Deno.pid, startedMs: nowMs });
  try {
    const done = {
      "as-new-origin": () => movedText(giveNewOrigin(files, sha256, nowMs), data),
      "keep-origin": () => keptOriginText(keepOrigin(files), data),
      "accept-loss": () => repairText(repairLog(files, nowMs, node), data),
    };
    await printVisibly(Deno.stdout, done[fork ?? "accept-loss"]());
    return 0;
  } finally {
    lock.release();
    giveToOwner(data);
  }
}

/** The node with this default folder, for a log without a segment that names its node. */
function nodeOfFolder(data: string): string | undefined {
  const name = data.slice(data.lastIndexOf("/") + 1);
  return NODE_NAME.pattern.test(name) && defaultDataFolder(name) === data ? name : undefined;
}
