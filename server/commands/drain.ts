/**
 * The command `drain`.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import type { AdminAddress } from "../admin/admin_file.ts";
import { askNode, askToDrain } from "../admin/ask_node.ts";
import type { NodeStatus } from "../admin/node_status.ts";
import type { DrainCommand } from "../cli/command.ts";
import { ANSWER_MS, failureText, reachNode } from "./reach_node.ts";
import { fail, printVisibly } from "./speak.ts";
import { durationText, lackingTexts } from "./status_report.ts";

/** Interval of the looks at the node, ms: shorter than the outcome can be asked for. */
const LOOK_MS = 200;

/** Drains a node on this machine, and waits until it has ended; returns the exit status. */
export async function drainCommand(command: DrainCommand): Promise<number> {
  const reached = await reachNode(command);
  if ("problem" in reached) return await fail(reached.problem, reached.status);
  const { data, address } = reached;
  const { forMs } = command;
  const answer = await askToDrain(data, address, { forMs }, ANSWER_MS);
  if ("failure" in answer) return await fail(failureText(answer, address, ANSWER_MS));
  if ("refused" in answer) return await fail(answer.refused);
  if (answer.problem !== null) return await fail(answer.problem);
  const { node } = address;
  await printVisibly(Deno.stdout, `${node} drains, and ends within ${durationText(forMs)}`);
  const problem = drainProblem(node, await lastStatus(data, address));
  if (problem !== undefined) return await fail(problem);
  await printVisibly(
    Deno.stdout,
    `${node} has ended: no client is left, and every node in reach has its entries`,
  );
  return 0;
}

/** Follows the node to its end; returns its last status. */
async function lastStatus(data: string, address: AdminAddress): Promise<NodeStatus | undefined> {
  let last: NodeStatus | undefined;
  while (true) {
    const answer = await askNode(data, address, ANSWER_MS);
    if ("status" in answer && answer.status.pid === address.pid) last = answer.status;
    // A node that is too slow to answer may still end in order.
    else if (!("failure" in answer) || answer.failure !== "too slow") return last;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The problem of a drain whose node has ended, given its last status. */
export function drainProblem(node: string, last: NodeStatus | undefined): string | undefined {
  if (last?.draining?.phase !== "over") {
    return `${node} has ended before all of it was done: by a signal or a fault, as its diagnostics say`;
  }
  const { here, lacking } = last.draining;
  const missing = [
    ...(here > 0 ? [`${counted(here, "session")} had not ended`] : []),
    ...lackingTexts(lacking),
  ];
  if (missing.length === 0) return undefined;
  return `${node} has ended, as its time was over: ${
    missing.join(", ")
  }. What is missing elsewhere is on its disk, ` +
    "and leaves when it runs again; give more time with --for";
}
