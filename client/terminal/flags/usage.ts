/**
 * The text of `--help`.
 *
 * @module
 */

import { type FlagName, FLAGS, type Mode, MODES } from "./flags.ts";

const PURPOSE: Readonly<Record<Mode, { readonly usage: string; readonly help: string }>> = {
  chat: { usage: "", help: "talks in the terminal; from a pipe, runs the lines of the standard input" },
  send: { usage: "USER [TEXT|-]", help: "sends one message; - or no TEXT takes it from the standard input" },
  history: { usage: "USER", help: "prints the messages with one user, oldest first" },
  search: { usage: "WORDS", help: "prints the newest messages with these words, oldest first" },
  tail: { usage: "", help: "prints messages as they come" },
  run: { usage: "FILE|-", help: "runs the slash commands of a file, one a line" },
  export: { usage: "", help: "prints all chats and all their messages as JSON, one object a line" },
};

const EXIT_STATUSES =
  "exit status: 0 ok  1 usage or unknown user  2 internal  3 no node reachable  4 login  5 rate limited  " +
  "6 wait timed out  7 not known whether stored";

/** The help of the program, or of one of its subcommands. */
export function usageText(mode: Mode): string {
  const subcommands = MODES.filter((each) => each !== "chat").map((each) =>
    `  ${`${each} ${PURPOSE[each].usage}`.padEnd(30)} ${PURPOSE[each].help}`
  );
  const name = mode === "chat"
    ? "chat-client [SUBCOMMAND]"
    : `chat-client ${mode} ${PURPOSE[mode].usage}`.trimEnd();
  return [
    `usage: ${name} [FLAGS]`,
    PURPOSE[mode].help,
    ...(mode === "chat" ? ["", "subcommands:", ...subcommands] : []),
    "",
    "flags, anywhere on the line:",
    ...(Object.keys(FLAGS) as FlagName[]).filter((each) => belongs(each, mode)).map(flagLine),
    "",
    EXIT_STATUSES,
  ].join("\n");
}

function belongs(name: FlagName, mode: Mode): boolean {
  const flag = FLAGS[name];
  return !("modes" in flag) || (flag.modes as readonly Mode[]).includes(mode);
}

function flagLine(name: FlagName): string {
  const flag = FLAGS[name];
  const letter = "letter" in flag ? `-${flag.letter}, ` : "";
  const value = "value" in flag ? ` ${flag.value}` : "";
  return `  ${`${letter}--${name}${value}`.padEnd(34)} ${flag.help}`;
}
