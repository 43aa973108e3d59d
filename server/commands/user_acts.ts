/**
 * The commands that change an account: `users add`, `password`, `disable`, `enable` and `delete`.
 *
 * @module
 */

import type {
  AddUserCommand,
  DeleteUserCommand,
  DisableUserCommand,
  EnableUserCommand,
  NodeChoice,
  UserPasswordCommand,
} from "../cli/people_command.ts";
import type { ActDone, OperatorRequest } from "../ports/operator.ts";
import { Desk } from "./ask_desk.ts";
import { newPassword } from "./new_password.ts";
import { doneText } from "./people_report.ts";
import { print } from "./print.ts";
import { fail, printVisibly } from "./speak.ts";

/** Makes an account; returns the exit status. */
export async function addUserCommand(command: AddUserCommand): Promise<number> {
  return await withPassword(command, "addUser", "was made");
}

/** Sets another password; returns the exit status. */
export async function userPasswordCommand(command: UserPasswordCommand): Promise<number> {
  return await withPassword(command, "setPassword", "has another password");
}

async function withPassword(
  command: AddUserCommand | UserPasswordCommand,
  act: "addUser" | "setPassword",
  fact: string,
): Promise<number> {
  const desk = await Desk.find(command);
  if (typeof desk === "number") return desk;
  const chosen = await newPassword(command.password, command.user);
  if ("problem" in chosen) return await fail(chosen.problem);
  const { password } = chosen;
  const answer = await desk.ask({ act, name: command.user, password }, "done");
  if (typeof answer === "number") return answer;
  const text = doneText(fact, answer.done);
  if (command.password.kind !== "made") await printVisibly(Deno.stdout, text);
  else {
    // A script takes the password from standard output, and nothing else is there.
    await printVisibly(Deno.stderr, text);
    await print(Deno.stdout, password);
  }
  return 0;
}

/** Disables an account; returns the exit status. */
export async function disableUserCommand(command: DisableUserCommand): Promise<number> {
  return await act(command, { act: "disableUser", name: command.user }, () => "is disabled");
}

/** Enables an account; returns the exit status. */
export async function enableUserCommand(command: EnableUserCommand): Promise<number> {
  const fact = ({ copies }: ActDone): string => copies === 0 ? "was not disabled" : "is enabled";
  return await act(command, { act: "enableUser", name: command.user }, fact);
}

/** Deletes an account, once the operator has typed its name; returns the exit status. */
export async function deleteUserCommand(command: DeleteUserCommand): Promise<number> {
  const { user, yes } = command;
  if (!yes && !isConfirmed(user)) {
    return Deno.stdin.isTerminal() ? await fail(`${user} was not deleted`) : await fail(
      `nobody can be asked here (standard input is no terminal); --yes deletes ${user} without asking`,
    );
  }
  return await act(command, { act: "deleteUser", name: user }, () => "is deleted, with all messages");
}

function isConfirmed(user: string): boolean {
  if (!Deno.stdin.isTerminal()) return false;
  const question = `Deletes ${user} with every message from and to them, for good. The name again, to go on:`;
  return prompt(question)?.toLowerCase() === user.toLowerCase();
}

async function act(
  choice: NodeChoice,
  request: OperatorRequest,
  fact: (done: ActDone) => string,
): Promise<number> {
  const desk = await Desk.find(choice);
  if (typeof desk === "number") return desk;
  const answer = await desk.ask(request, "done");
  if (typeof answer === "number") return answer;
  await printVisibly(Deno.stdout, doneText(fact(answer.done), answer.done));
  return 0;
}
