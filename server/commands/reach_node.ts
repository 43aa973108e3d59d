/**
 * The way from a command to the node that runs on this machine.
 *
 * @module
 */

import { type AdminAddress, readAdminFile } from "../admin/admin_file.ts";
import type { NoAnswer } from "../admin/ask_node.ts";
import { USAGE_STATUS } from "../cli/command.ts";
import type { NodeChoice } from "../cli/people_command.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder } from "../config/node_configuration.ts";
import { FAILURE_STATUS } from "./speak.ts";

/** Time for a node to answer what it knows at once, ms. */
export const ANSWER_MS = 3_000;

/** A running node: its data folder, and the address of its admin service. */
interface ReachedNode {
  readonly data: string;
  readonly address: AdminAddress;
}

/** The reason why no node is reached. */
interface Unreached {
  readonly problem: string;
  /** Exit status of the command. */
  readonly status: number;
}

/** Finds the admin service of the chosen node. */
export async function reachNode(choice: NodeChoice): Promise<ReachedNode | Unreached> {
  const chosen = await chooseFolder(choice);
  if ("problems" in chosen) return { problem: chosen.problems.join("; "), status: USAGE_STATUS };
  const { data } = chosen;
  let address: AdminAddress | undefined;
  try {
    address = await readAdminFile(data);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), status: FAILURE_STATUS };
  }
  if (address !== undefined) return { data, address };
  const problem =
    `no node runs on the data folder ${data}. Name the node with --node NAME, or its data folder with ` +
    "--data FOLDER";
  return { problem, status: FAILURE_STATUS };
}

type Chosen = { readonly data: string } | { readonly problems: readonly string[] };

/** The data folder of the chosen node. */
async function chooseFolder({ node, data, config }: NodeChoice): Promise<Chosen> {
  if (data !== undefined) return { data };
  const loaded = await loadConfiguration(config);
  // A running node must be reached even while the list of nodes is missing or broken.
  const hasList = "configuration" in loaded && loaded.file !== undefined;
  if (node !== undefined && !hasList) return { data: defaultDataFolder(node) };
  const chosen = chooseNode(loaded, node);
  return "problems" in chosen ? chosen : { data: defaultDataFolder(chosen.node.name) };
}

/** The reason why a node has not answered, for people. @param waitedMs time that it had */
export function failureText(
  { failure }: NoAnswer,
  { node, pid, port }: AdminAddress,
  waitedMs: number,
): string {
  const place = port === undefined ? "the socket in its data folder" : `port ${port}`;
  switch (failure) {
    case "nothing answers":
      return `${node} is not running (nothing answers on ${place})`;
    case "too slow":
      return `${node} runs (process ${pid}, ${place}) and has not answered within ${waitedMs / 1_000} s: ` +
        "it cannot accept connections (its log says outOfDescriptors then), is frozen, or has far too much to do";
    case "stranger":
      return `what answers on ${place} is not ${node}: it was ended without a word, or started again just ` +
        "now. Ask again";
    case "unknown":
      return `${node} runs a version that cannot do this; restart it with this one`;
  }
}
