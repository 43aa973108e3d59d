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
    /\(1\) stop all nodes\. \(2\) .* both of (\w+), .* run chat-server (.*?)\. .*\(3\) Start all nodes, \1 on one/
      .exec(message);
  assert(found?.[1] !== undefined && found[2] !== undefined, message);
  const [, node, command] = found;
  return {
    node,
    repair: async (data) => {
      const { status, stdout, stderr } = await runProgram(...command.replace("FOLDER", data).split(" "));
      assertEquals([status, stderr], [0, ""]);
      assertMatch(stdout, /nothing was lost|the log has no entry|nothing was changed/);
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
  await Promise.all(cluster.nodes.filter(({ isRunning }) => isRunning).map((each) => each.end()));
  const others = cluster.nodes.filter((other) => other !== node);
  for (const data of [...folders, ...others.map(({ data }) => data)]) await steps.repair(data);
  await Promise.all(others.map((other) => other.start()));
  for (const [i, folder] of folders.entries()) {
    if (i > 0) await node.end();
    await moveInto(node.data, folder);
    await node.start();
    await eventually(
      `${node.name} is in sync`,
      async () => (await others[0]?.peers())?.includes(`${node.name} in sync`) ?? false,
    );
  }
}

/** Puts a folder in the place of the one before, which is kept. */
async function moveInto(place: string, folder: string): Promise<void> {
  if (folder === place) return;
  await Deno.rename(place, `${place}.repaired`);
  await Deno.rename(folder, place);
}
