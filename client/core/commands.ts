/**
 * The table of commands, and how a line is made one of them. What begins with a slash is never a message,
 * unless it begins with two.
 *
 * @module
 */

import { closestName } from "../../common/suggestion.ts";
import { type Arguments, type Command, misused, usageOf } from "./command.ts";
import { ACCOUNT } from "./commands_account.ts";
import { READ } from "./commands_read.ts";
import { SYSTEM } from "./commands_system.ts";
import { sendMessage, TALK } from "./commands_talk.ts";
import { EXIT, type Step } from "./step.ts";

const help: Command = {
  name: "help",
  usage: "[COMMAND]",
  help: "shows all commands, or more of one",
  withoutLogin: true,
  completes: "command",
  run(step, { words }): void {
    const [name] = words;
    if (name === undefined) return step.showText(...COMMANDS.map(helpLine), ...HELP_END);
    const found = findCommand(name.replace(/^\//, ""), false);
    if (typeof found === "string") return misused(step, help, found);
    step.showText(
      `${usageOf(found)}${found.alias === undefined ? "" : ` (or /${found.alias})`}: ${found.help}`,
    );
    if (found.destructive) step.showText("  must be typed in full");
  },
};

/** THE table. */
export const COMMANDS: readonly Command[] = [...TALK, ...READ, ...ACCOUNT, ...SYSTEM, help];

const HELP_END: readonly string[] = [
  "",
  "A line without a slash goes to the chat; //x sends /x. Commands may be shortened while it is clear what is meant.",
  "Marks of own messages: . queued   + stored   ++ delivered   = read   ! failed",
];

function helpLine(command: Command): string {
  const alias = command.alias === undefined ? "" : ` (/${command.alias})`;
  return `${(usageOf(command) + alias).padEnd(28)} ${command.help}`;
}

/**
 * The command that a name stands for: in full, by its alias, or by the beginning of its name.
 *
 * @param acting whether it is to be run: what is destructive must then be typed in full
 * @returns what is wrong, where there is not exactly one
 */
export function findCommand(name: string, acting: boolean): Command | string {
  const typed = name.toLowerCase();
  const exact = COMMANDS.find((each) => each.name === typed || each.alias === typed);
  if (exact !== undefined) return exact;
  const begun = COMMANDS.filter((each) => each.name.startsWith(typed));
  const [only] = begun;
  if (only === undefined || typed === "") {
    const meant = closestName(typed, COMMANDS.map((each) => each.name));
    return `there is no command /${name}${meant === undefined ? "" : `; did you mean /${meant}?`}`;
  }
  if (begun.length > 1) return `/${name} can be ${begun.map((each) => `/${each.name}`).join(", ")}`;
  if (acting && only.destructive) return `/${only.name} must be typed in full, because it deletes`;
  return only;
}

/** Acts upon a line: runs a command, or sends it to the chat. */
export function runLine(step: Step, line: string, id: string, timestamp: number): void {
  if (line.trim() === "") return;
  const [, name, rest] = /^\/(?!\/)(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (name === undefined || rest === undefined) {
    return runText(step, line.startsWith("//") ? line.slice(1) : line, id, timestamp);
  }
  const command = findCommand(name, true);
  if (typeof command === "string") return step.error(`${command}; /help lists the commands`);
  if (!command.withoutLogin && !isLoggedIn(step)) return;
  const text = rest.trimEnd();
  const given: Arguments = { text, words: text.split(/\s+/).filter((word) => word !== ""), id, timestamp };
  command.run(step, given);
}

function runText(step: Step, text: string, id: string, timestamp: number): void {
  const { focus } = step.model;
  if (!isLoggedIn(step)) return;
  if (focus === undefined) {
    return step.error("no chat is chosen, so this was not sent; /chat USER chooses one");
  }
  sendMessage(step, focus, text, id, timestamp);
}

function isLoggedIn(step: Step): boolean {
  if (step.model.account !== undefined) return true;
  step.error("not logged in; /login NAME or /register NAME comes first", EXIT.login);
  return false;
}
