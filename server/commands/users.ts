/**
 * The commands `users` and `users show`.
 *
 * @module
 */

import type { ShowUserCommand, UsersCommand } from "../cli/people_command.ts";
import { Desk } from "./ask_desk.ts";
import { userLine, userReport, usersHead } from "./people_report.ts";
import { print } from "./print.ts";
import { fail } from "./speak.ts";

/** Lists accounts, page by page; returns the exit status. */
export async function usersCommand(command: UsersCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  let count = 0;
  for (let after = "", more = true; more;) {
    const page = await desk.ask({ act: "listUsers", match: command.match, after }, "users");
    if (typeof page === "number") return page;
    const lines = page.users.map((user) => command.json ? JSON.stringify(user) : userLine(user));
    if (count === 0 && lines.length > 0 && !command.json) lines.unshift(usersHead());
    if (lines.length > 0 && !await print(Deno.stdout, lines.join("\n"))) return 0;
    count += page.users.length;
    after = page.users.at(-1)?.name ?? after;
    more = page.more;
  }
  if (count === 0) await fail(`no name matches ${JSON.stringify(command.match)}; * stands for any text`);
  return 0;
}

/** Shows an account; returns the exit status. */
export async function showUserCommand(command: ShowUserCommand): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  const answer = await desk.ask({ act: "showUser", name: command.user }, "user");
  if (typeof answer === "number") return answer;
  await print(Deno.stdout, command.json ? JSON.stringify(answer.user) : userReport(answer.user));
  return 0;
}
