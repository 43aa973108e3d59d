/**
 * The command `status`.
 *
 * @module
 */

import { visibleJson } from "../../common/visible_text.ts";
import { askNode } from "../admin/ask_node.ts";
import type { StatusCommand } from "../cli/command.ts";
import { print } from "./print.ts";
import { ANSWER_MS, failureText, reachNode } from "./reach_node.ts";
import { fail, FAILURE_STATUS } from "./speak.ts";
import { startingReport, statusReport } from "./status_report.ts";

/** Prints the status of a node on this machine; returns the exit status: 0 once the node has started. */
export async function statusCommand(command: StatusCommand): Promise<number> {
  const reached = await reachNode(command);
  if ("problem" in reached) return await fail(reached.problem, reached.status);
  const { data, address } = reached;
  const answer = await askNode(data, address, ANSWER_MS);
  if ("failure" in answer) return await fail(failureText(answer, address, ANSWER_MS));
  const isStarting = "starting" in answer;
  const status = isStarting ? answer.starting : answer.status;
  const report = isStarting ? startingReport(answer.starting) : statusReport(answer.status);
  await print(Deno.stdout, command.json ? visibleJson(JSON.stringify(status)) : report);
  return isStarting ? FAILURE_STATUS : 0;
}
