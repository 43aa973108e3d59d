/**
 * The command `backup`.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { BackupRefused } from "../backup/backup_errors.ts";
import { claimFolder } from "../backup/backup_folder.ts";
import { makeBackup } from "../backup/make_backup.ts";
import { verifyBackup } from "../backup/verify_backup.ts";
import { type BackupCommand, USAGE_STATUS } from "../cli/command.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder, type NodeConfiguration } from "../config/node_configuration.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import { syncFileNow } from "../log/folder_sync.ts";
import { nodeOfLog } from "../log/log_owner.ts";
import { systemClock } from "../process/system_ports.ts";
import { openBackup, placeFailure, takePlace } from "./backup_place.ts";
import { madeText, wholeText } from "./backup_report.ts";
import { openLogFolder } from "./log_folder.ts";
import { inPaces } from "./paced.ts";
import { fail, printVisibly } from "./speak.ts";

/** Backs up the log of a node, also while it runs, or verifies a backup; returns the exit status. */
export async function backupCommand(command: BackupCommand): Promise<number> {
  if (command.verify) return await verify(command.folder);
  const chosen = chooseNode(await loadConfiguration(command.config), command.node);
  if ("problems" in chosen) return await fail(chosen.problems.join("; "), USAGE_STATUS);
  const { node } = chosen;
  const data = command.data ?? defaultDataFolder(node.name);
  let source: DenoFiles;
  try {
    source = openLogFolder(data);
    refuseOther(node, nodeOfLog(source));
  } catch (error) {
    return await fail(error);
  }
  return await backUp(node, data, source, command.folder);
}

function refuseOther({ name }: NodeConfiguration, owner: string | undefined): void {
  if (owner === undefined || owner === name) return;
  throw new BackupRefused(`the log is of ${owner}, not of ${name}: name the node with --node ${owner}`);
}

async function backUp(
  { name, cluster }: NodeConfiguration,
  data: string,
  source: DenoFiles,
  folder: string,
): Promise<number> {
  try {
    const { files: target, lock, names } = takePlace(folder, data, name);
    try {
      const time = new Date(systemClock.wallMs()).toISOString();
      const head = { cluster, node: name, time, program: VERSION };
      const before = claimFolder(target, names, head);
      const settle = (path: string): void => syncFileNow(`${data}/${path}`);
      const made = await inPaces(makeBackup({ source, settle, target, before, time, program: VERSION }));
      await printVisibly(Deno.stdout, madeText(made, folder));
      return 0;
    } finally {
      lock.release();
    }
  } catch (error) {
    return await fail(placeFailure("no backup was made in", folder, error));
  }
}

async function verify(folder: string): Promise<number> {
  try {
    using backup = openBackup(folder);
    const { files, manifest } = backup;
    await inPaces(verifyBackup(files, manifest));
    await printVisibly(Deno.stdout, wholeText(manifest, folder));
    return 0;
  } catch (error) {
    return await fail(placeFailure("there is no whole backup in", folder, error));
  }
}
