/**
 * The commands `sessions` and `sessions end`.
 *
 * @module
 */

import type { EndSessionsCommand, SessionsCommand } from "../cli/people_command.ts";
import { Desk } from "./ask_desk.ts";
import { doneText, loggedOutText, sessionLine, sessionsHead } from "./people_report.ts";
import { print } from "./print.ts";
import { fail, printVisibly } from "./speak.ts";

/** Lists the sessions of a node, page by page; returns the exit status. */
export async function sessionsCommand(command: SessionsCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  let count = 0;
  for (let after = 0, more = true; more;) {
    const page = await desk.ask({ act: "listSessions", after }, "sessions");
    if (typeof page === "number") return page;
    const lines = page.sessions.map((session) =>
      command.json ? JSON.stringify(session) : sessionLine(session)
    );
    if (count === 0 && lines.length > 0 && !command.json) lines.unshift(sessionsHead());
    if (lines.length > 0 && !await print(Deno.stdout, lines.join("\n"))) return 0;
    count += page.sessions.length;
    after = page.sessions.at(-1)?.id ?? after;
    more = page.more;
  }
  if (count === 0) await fail(`nobody is logged in at ${desk.node}`);
  return 0;
}

/** Ends a session, or every login of an account; returns the exit status. */
export async function endSessionsCommand(command: EndSessionsCommand): Promise<number> {
  const { whose } = command;
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  const answer = await desk.ask(
    "id" in whose ? { act: "endSession", id: whose.id } : { act: "endLogins", name: whose.user },
    "done",
  );
  if (typeof answer === "number") return answer;
  const fact = "id" in whose ? "is logged out of that session" : loggedOutText(answer.done);
  await printVisibly(Deno.stdout, doneText(fact, answer.done));
  return 0;
}
