/**
 * The command `restore`.
 *
 * @module
 */

import { BackupRefused } from "../backup/backup_errors.ts";
import { BackupLog } from "../backup/backup_log.ts";
import type { Manifest } from "../backup/manifest.ts";
import { refuseUsed, restoreLog } from "../backup/restore_log.ts";
import { type VerifiedBackup, verifyBackup } from "../backup/verify_backup.ts";
import { type RestoreCommand, USAGE_STATUS } from "../cli/command.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder, type NodeConfiguration } from "../config/node_configuration.ts";
import { wallMicroseconds } from "../core/stamp.ts";
import { takeDataFolder } from "../log/data_folder.ts";
import { DenoFiles } from "../log/deno_files.ts";
import type { FileReads } from "../ports/files.ts";
import { systemClock } from "../process/system_ports.ts";
import { kindOf, namesIn, openBackup, placeFailure } from "./backup_place.ts";
import { restoredText } from "./backup_report.ts";
import { giveToOwner } from "./folder_owner.ts";
import { inPaces } from "./paced.ts";
import { refuseRunning } from "./running_peers.ts";
import { fail, printVisibly } from "./speak.ts";

/** Makes the log of an empty data folder from a backup; returns the exit status. */
export async function restoreCommand(command: RestoreCommand): Promise<number> {
  const { folder, untilMs } = command;
  const isPart = untilMs !== undefined;
  const chosen = chooseNode(await loadConfiguration(command.config), command.node);
  if ("problems" in chosen) return await fail(chosen.problems.join("; "), USAGE_STATUS);
  const { node } = chosen;
  const data = command.data ?? defaultDataFolder(node.name);
  try {
    using backup = openBackup(folder);
    const { files, manifest } = backup;
    refuseOwner(manifest, node, isPart);
    if (kindOf(data) === "folder") refuseUsed(new DenoFiles(data), namesIn(data));
    if (isPart) await refuseRunning(node.peers);
    const verified = await inPaces(
      verifyBackup(files, manifest, isPart ? wallMicroseconds(untilMs) : undefined),
    );
    const log = new BackupLog(files, manifest.segments);
    const wasThere = await restoreInto(node, data, log, manifest, verified);
    const others = node.peers.map(({ name }) => name);
    const restored = { ...verified, manifest, node: node.name, data, others, isPart, wasThere };
    await printVisibly(Deno.stdout, restoredText(restored));
    return 0;
  } catch (error) {
    return await fail(placeFailure(`nothing was restored into ${data} from`, folder, error));
  }
}

/** @throws {BackupRefused} if the backup is not for this node, or its end is cut off under the same cluster name */
function refuseOwner({ node, cluster }: Manifest, own: NodeConfiguration, isPart: boolean): void {
  if (node !== own.name) {
    throw new BackupRefused(
      `it is a backup of ${node}, not of ${own.name}: name the node with --node ${node}`,
    );
  }
  if (isPart && cluster === own.cluster) {
    throw new BackupRefused(
      `--until leaves out what the cluster ${cluster} has acknowledged, and a node that still has it would bring it ` +
        'back: stop all nodes, give the cluster another name in the configuration ("cluster"), and start the ' +
        "other nodes with empty data folders",
    );
  }
  if (!isPart && cluster !== own.cluster) {
    throw new BackupRefused(
      `it is a backup of the cluster ${cluster}, and the configuration is of ${own.cluster}: give the cluster its ` +
        "name back, or say with --until TIME up to when the new cluster has its history",
    );
  }
}

/** Returns true if an interrupted restore had copied everything. */
async function restoreInto(
  { name }: NodeConfiguration,
  data: string,
  log: FileReads,
  manifest: Manifest,
  { end }: VerifiedBackup,
): Promise<boolean> {
  const timeMs = systemClock.wallMs();
  const { files: target, lock } = takeDataFolder(data, { node: name, pid: Deno.pid, startedMs: timeMs });
  try {
    refuseUsed(target, namesIn(data));
    return await inPaces(restoreLog({ log, end, target, timeMs, backupMs: Date.parse(manifest.time) }));
  } finally {
    lock.release();
    giveToOwner(data);
  }
}
