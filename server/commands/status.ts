/**
 * The command `status`.
 *
 * @module
 */

import { visibleJson } from "../../common/visible_text.ts";
import { type AdminAddress, readAdminFile } from "../admin/admin_file.ts";
import { askNode, type NodeAnswer } from "../admin/ask_node.ts";
import { type StatusCommand, USAGE_STATUS } from "../cli/command.ts";
import { print } from "./print.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder } from "../config/node_configuration.ts";
import { fail, FAILURE_STATUS } from "./speak.ts";
import { startingReport, statusReport } from "./status_report.ts";

/** Time for a node to answer, ms. */
const ANSWER_MS = 3_000;

/** Prints the status of a node on this machine; returns the exit status: 0 once the node has started. */
export async function statusCommand(command: StatusCommand): Promise<number> {
  const chosen = await chooseFolder(command);
  if ("problems" in chosen) return await fail(chosen.problems.join("; "), USAGE_STATUS);
  const { data } = chosen;
  let address: AdminAddress | undefined;
  try {
    address = await readAdminFile(data);
  } catch (error) {
    return await fail(error);
  }
  if (address === undefined) {
    return await fail(
      `no node runs on the data folder ${data}. Name the node with --node NAME, or its data folder with ` +
        "--data FOLDER",
    );
  }
  const answer = await askNode(data, address, ANSWER_MS);
  if ("failure" in answer) return await fail(failureText(answer.failure, address));
  const isStarting = "starting" in answer;
  const status = isStarting ? answer.starting : answer.status;
  const report = isStarting ? startingReport(answer.starting) : statusReport(answer.status);
  await print(Deno.stdout, command.json ? visibleJson(JSON.stringify(status)) : report);
  return isStarting ? FAILURE_STATUS : 0;
}

type Chosen = { readonly data: string } | { readonly problems: readonly string[] };

/** The data folder of the chosen node. */
async function chooseFolder({ node, data, config }: StatusCommand): Promise<Chosen> {
  if (data !== undefined) return { data };
  const loaded = await loadConfiguration(config);
  // The status must be available even while the list of nodes is missing or broken.
  const hasList = "configuration" in loaded && loaded.file !== undefined;
  if (node !== undefined && !hasList) return { data: defaultDataFolder(node) };
  const chosen = chooseNode(loaded, node);
  return "problems" in chosen ? chosen : { data: defaultDataFolder(chosen.node.name) };
}

function failureText(
  failure: Extract<NodeAnswer, { failure: string }>["failure"],
  { node, pid, port }: AdminAddress,
): string {
  const place = port === undefined ? "the socket in its data folder" : `port ${port}`;
  switch (failure) {
    case "nothing answers":
      return `${node} is not running (nothing answers on ${place})`;
    case "too slow":
      return `${node} runs (process ${pid}, ${place}) and has not answered within ${ANSWER_MS / 1_000} s: ` +
        "it cannot accept connections (its log says outOfDescriptors then), is frozen, or has far too much to do";
    case "stranger":
      return `what answers on ${place} is not ${node}: it was ended without a word, or started again just ` +
        "now. Ask again";
  }
}
