/**
 * The table of commands, and the way from a line to one of them. A line that begins with a slash is never a
 * message, unless it begins with two.
 *
 * @module
 */

import { closestName } from "../../../common/suggestion.ts";
import type { Model } from "../../core/model.ts";
import { EXIT } from "../words/exit_status.ts";
import { ACCOUNT } from "./account.ts";
import {
  act,
  type Arguments,
  type Command,
  misused,
  type Outcomes,
  print,
  refuse,
  usageOf,
} from "./command.ts";
import { READ } from "./read.ts";
import { SYSTEM } from "./system.ts";
import { TALK } from "./talk.ts";

const help: Command = {
  name: "help",
  usage: "[COMMAND]",
  help: "shows all commands, or more of one",
  withoutLogin: true,
  completes: "command",
  run({ options }, { words: [name] }): Outcomes {
    if (name === undefined) {
      return print(...COMMANDS.map(helpLine), ...HELP_END, ...(options.script ? [] : HELP_KEYS));
    }
    const found = findCommand(name.replace(/^\//, ""), false);
    if (typeof found === "string") return misused(help, found);
    const alias = found.alias === undefined ? "" : ` (or /${found.alias})`;
    const warning = found.destructive ? ["  must be typed in full"] : [];
    return print(`${usageOf(found)}${alias}: ${found.help}`, ...warning);
  },
};

/** THE table. */
export const COMMANDS: readonly Command[] = [...TALK, ...READ, ...ACCOUNT, ...SYSTEM, help];

const HELP_END: readonly string[] = [
  "",
  "A line without a slash goes to the chat; //x sends /x. Commands may be shortened while it is clear what is meant.",
  "Marks of own messages: . queued   + stored   ++ delivered   = read   ? held   ! failed",
];

const HELP_KEYS: readonly string[] = [
  "Keys: Tab completes; Up, Down and Ctrl-R bring lines back; Ctrl-A, E, K, U, W, Y and Alt-B, F, D edit the line.",
  "Alt-Enter breaks the line; Alt-A opens the next unread chat; Ctrl-L paints anew; Ctrl-Z suspends.",
  "Ctrl-C clears the line, twice quits; Ctrl-D quits on an empty line.",
];

function helpLine(command: Command): string {
  const alias = command.alias === undefined ? "" : ` (/${command.alias})`;
  return `${(usageOf(command) + alias).padEnd(28)} ${command.help}`;
}

/**
 * The command that a name stands for: in full, by its alias, or by the beginning of its name.
 *
 * @param acting true if it is to be run: a destructive one must then be typed in full
 * @returns the problem, if there is not exactly one
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

/** The outcomes of a line: those of its command, or a message for the chat. */
export function runLine(
  model: Readonly<Model>,
  line: string,
  fresh: Pick<Arguments, "id" | "timestamp">,
): Outcomes {
  if (line.trim() === "") return [];
  const [, name, rest] = /^\/(?!\/)(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (name === undefined || rest === undefined) {
    return runText(model, line.startsWith("//") ? line.slice(1) : line, fresh);
  }
  const command = findCommand(name, true);
  if (typeof command === "string") return refuse(`${command}; /help lists the commands`);
  if (!command.withoutLogin && model.account === undefined) return NO_ACCOUNT;
  const text = rest.trimEnd();
  return command.run(model, { ...fresh, text, words: text.split(/\s+/).filter((word) => word !== "") });
}

function runText(
  { account, focus }: Readonly<Model>,
  text: string,
  fresh: Pick<Arguments, "id" | "timestamp">,
): Outcomes {
  if (account === undefined) return NO_ACCOUNT;
  if (focus === undefined) return refuse("no chat is chosen, so this was not sent; /chat USER chooses one");
  return act({ kind: "send", to: focus.name, chat: focus, text, ...fresh });
}

const NO_ACCOUNT = refuse("not logged in; /login NAME or /register NAME comes first", EXIT.login);
