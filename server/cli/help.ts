/**
 * Help texts, made from the tables of commands and flags.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import type { CommandDescription } from "./command_description.ts";
import { COMMANDS } from "./commands.ts";
import { COMMON_FLAGS, type FlagName, flagOf } from "./flags.ts";

/** Name of the program in messages. */
export const PROGRAM = "chat-server";

/** The text of `--version`. */
export function versionText(): string {
  return `${PROGRAM} ${VERSION}`;
}

/** The help of the program, or of all commands that begin with a word. */
export function overviewText(word = ""): string {
  const commands = COMMANDS.filter(({ name }) => word === "" || name === word || name.startsWith(`${word} `));
  return paragraphs([
    "Runs and looks after a node of a chat cluster.",
    heading("Usage", [`${[PROGRAM, word].join(" ").trim()} [COMMAND] [FLAGS]`]),
    heading("Commands", columns(commands.map(({ name, summary }) => [name, [summary]]))),
    heading("Flags of every command", flagLines(COMMON_FLAGS)),
    heading("Examples", exampleLines(commands.flatMap((command) => command.examples.slice(0, 1)))),
    `More about one command: ${PROGRAM} COMMAND --help`,
  ]);
}

/** The help of one command. */
export function commandText(command: CommandDescription): string {
  const usage = [PROGRAM, command.name, "[FLAGS]", command.operands ?? ""].join(" ").trim();
  return paragraphs([
    [command.summary, ...command.details].join("\n"),
    heading("Usage", [usage]),
    heading("Flags", flagLines([...command.flags, ...COMMON_FLAGS])),
    heading("Examples", exampleLines(command.examples)),
  ]);
}

function paragraphs(texts: readonly string[]): string {
  return texts.join("\n\n");
}

function heading(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function exampleLines(examples: CommandDescription["examples"]): string[] {
  return columns(examples.map(([line, what]) => [`${PROGRAM} ${line}`, [what]]));
}

function flagLines(names: readonly FlagName[]): string[] {
  return columns(names.map((name) => {
    const { letter, value, help } = flagOf(name);
    const short = letter === undefined ? "    " : `-${letter}, `;
    return [`${short}--${name}${value === undefined ? "" : ` ${value}`}`, help];
  }));
}

/** Two columns; a right text may have several lines. */
function columns(rows: readonly (readonly [string, readonly string[]])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    right.map((line, index) => `${(index === 0 ? left : "").padEnd(width)}  ${line}`)
  );
}
