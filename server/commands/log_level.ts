/**
 * The command `log-level`.
 *
 * @module
 */

import { askForLevel } from "../admin/ask_node.ts";
import type { LevelAnswer } from "../admin/level_request.ts";
import type { LogLevelCommand } from "../cli/command.ts";
import { ANSWER_MS, failureText, reachNode } from "./reach_node.ts";
import { fail, printVisibly } from "./speak.ts";
import { durationText } from "./status_report.ts";

/** Changes the level of a node on this machine for a while; returns the exit status. */
export async function logLevelCommand(command: LogLevelCommand): Promise<number> {
  const reached = await reachNode(command);
  if ("problem" in reached) return await fail(reached.problem, reached.status);
  const { data, address } = reached;
  const { level, forMs } = command;
  const answer = await askForLevel(data, address, { level, forMs }, ANSWER_MS);
  if ("failure" in answer) return await fail(failureText(answer, address, ANSWER_MS));
  if ("refused" in answer) return await fail(answer.refused);
  await printVisibly(Deno.stdout, levelText(answer));
  return 0;
}

function levelText({ node, level, leftMs }: LevelAnswer): string {
  return leftMs === null
    ? `${node} logs at level ${level}, as it was started`
    : `${node} logs at level ${level} for ${durationText(leftMs)}, then as it was started`;
}
