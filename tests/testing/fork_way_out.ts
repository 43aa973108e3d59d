/**
 * An operator who knows nothing but the messages of the program, and follows the way out of a fork that they give.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { runProgram } from "../io/commands_harness.ts";
import type { ClusterNode } from "./cluster_node.ts";
import type { ClusterProcesses } from "./cluster_processes.ts";
import { eventually } from "./eventually.ts";

/** The steps of a message. */
interface Steps {
  /** Name of the node to stop. */
  readonly node: string;
  /** Runs the command of the first step for a data folder. */
  repair(data: string): Promise<void>;
}

function stepsOf(message: string): Steps {
  const found =
    /\(1\) stop (\w+), .* run chat-server (.*?)\. \(2\) Start \1 .*wait until chat-server status .*\(3\) /
      .exec(message);
  assert(found?.[1] !== undefined && found[2] !== undefined, message);
  const [, node, command] = found;
  return {
    node,
    repair: async (data) => {
      const { status, stdout, stderr } = await runProgram(...command.replace("FOLDER", data).split(" "));
      assertEquals([status, stderr], [0, ""]);
      assertMatch(stdout, /nothing was lost|the log has no entry/);
    },
  };
}

/**
 * Follows the three steps.
 *
 * @param folders data folders that the node has run on
 */
export async function followWayOut(
  message: string,
  cluster: ClusterProcesses,
  folders: readonly string[],
): Promise<void> {
  const steps = stepsOf(message);
  const node = cluster.nodes.find(({ name }) => name === steps.node) as ClusterNode;
  for (const folder of folders) await steps.repair(folder);
  for (const [i, folder] of folders.entries()) {
    if (i > 0) await node.end();
    await moveInto(node.data, folder);
    await node.start();
    const other = cluster.nodes.find((other) => other !== node) as ClusterNode;
    await eventually(
      `${other.name} has ${node.name} in sync`,
      async () => (await other.peers()).includes(`${node.name} in sync`),
      20_000,
    );
  }
  while (await repairOneBranch(cluster));
}

/** Puts a folder in the place of the one before, which is kept. */
async function moveInto(place: string, folder: string): Promise<void> {
  if (folder === place) return;
  await Deno.rename(place, `${place}.repaired`);
  await Deno.rename(folder, place);
}

/** Does the third step, as the line `forks` of a status gives it; returns false if there is none. */
async function repairOneBranch(cluster: ClusterProcesses): Promise<boolean> {
  for (const { data } of cluster.nodes) {
    const { stdout } = await runProgram("status", `--data=${data}`);
    const [line, , branch] =
      /^forks +\S+ has two branches.*?: (.*) holds? one, (.*) the other\. .*$/m.exec(stdout) ?? [];
    if (line === undefined || branch === undefined) continue;
    const holders = cluster.nodes.filter(({ name }) => branch.split(/, | and /).includes(name));
    await Promise.all(holders.map((holder) => holder.end()));
    for (const holder of holders) await stepsOf(line).repair(holder.data);
    for (const holder of holders) await holder.start();
    await cluster.settled();
    return true;
  }
  return false;
}
