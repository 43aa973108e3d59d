/**
 * Parses a command line.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { closestName } from "../../common/suggestion.ts";
import { visibleText } from "../../common/visible_text.ts";
import type { Command, HelpText, UsageError } from "./command.ts";
import type { CommandDescription, GivenFlags } from "./command_description.ts";
import { COMMANDS, DEFAULT_COMMAND } from "./commands.ts";
import { COMMON_FLAGS, FLAG_NAMES, type FlagName, flagOf } from "./flags.ts";
import { commandText, overviewText, PROGRAM, versionText } from "./help.ts";

/** The meaning of a command line. */
type ParsedCommandLine = Command | HelpText | UsageError;

/** The arguments of a command line, sorted and unchecked. */
interface SortedWords extends GivenFlags {
  /** All arguments but flags. */
  readonly words: readonly string[];
  /** Unknown flags, as written. */
  readonly unknown: readonly string[];
}

/**
 * Parses a command line. Flags may stand anywhere before `--`.
 *
 * @param args the arguments after the program's name
 */
export function parseCommandLine(args: readonly string[]): ParsedCommandLine {
  const sorted = sortWords(args);
  const { words } = sorted;
  if (sorted.given("version")) return { name: "help", text: versionText() };
  const command = words.length === 0 ? DEFAULT_COMMAND : commandOf(words);
  if (sorted.given("help")) return { name: "help", text: helpFor(words, command) };
  if (command === undefined) return usageError([unknownCommand(words)]);
  const operands = words.slice(words.length === 0 ? 0 : command.name.split(" ").length);
  const problems = [...flagProblems(args, sorted, command), ...operandProblems(operands, command)];
  if (problems.length > 0) return usageError(problems, command);
  const built = command.build(sorted, operands);
  return typeof built === "string" ? usageError([built], command) : built;
}

function sortWords(args: readonly string[]): SortedWords {
  const valued = FLAG_NAMES.filter((name) => flagOf(name).value !== undefined);
  const words: string[] = [];
  const unknown = new Set<string>();
  const parsed = parseArgs(withHyphens(args, valued), {
    boolean: FLAG_NAMES.filter((name) => flagOf(name).value === undefined),
    string: valued,
    collect: valued,
    alias: Object.fromEntries(FLAG_NAMES.map((name) => [name, flagOf(name).letter ?? []])),
    "--": true,
    // Words are collected here: among its results, the library turns a file named 007 into a number.
    unknown: (word, flag) => {
      if (flag === undefined) words.push(word);
      else unknown.add(word);
      return false;
    },
  });
  const values = (name: FlagName): readonly string[] => parsed[name] as readonly string[];
  return {
    words: [...words, ...parsed["--"] ?? []],
    unknown: [...unknown],
    given: (name) => parsed[name] === true,
    value: (name) => values(name)[0],
    values,
  };
}

/** Joins `--flag -`, which stands for standard input, to `--flag=-`: the library takes that hyphen for a word. */
function withHyphens(args: readonly string[], valued: readonly FlagName[]): string[] {
  const flags = new Set(valued.map((name) => `--${name}`));
  const isHyphen = (i: number): boolean => args[i] === "-" && flags.has(args[i - 1] ?? "");
  return args.flatMap((arg, i) => isHyphen(i) ? [] : [isHyphen(i + 1) ? `${arg}=-` : arg]);
}

/** The command with the most words: `users show` is another one than `users`. */
function commandOf(words: readonly string[]): CommandDescription | undefined {
  const meant = COMMANDS.filter(({ name }) => name.split(" ").every((word, index) => word === words[index]));
  return meant.toSorted((a, b) => b.name.split(" ").length - a.name.split(" ").length)[0];
}

function isGroup(word: string | undefined): word is string {
  return COMMANDS.some(({ name }) => name.startsWith(`${word} `));
}

function helpFor(words: readonly string[], command: CommandDescription | undefined): string {
  if (words.length > 0 && command !== undefined) return commandText(command);
  return overviewText(isGroup(words[0]) ? words[0] : "");
}

function unknownCommand(words: readonly string[]): string {
  const names = COMMANDS.map(({ name }) => name);
  const [word, next] = words;
  if (isGroup(word)) {
    const parts = names.filter((name) => name.startsWith(`${word} `)).map((name) =>
      name.slice(word.length + 1)
    );
    if (next === undefined) return `${word} needs one of ${parts.join(", ")} behind it`;
    return `there is no command "${word} ${next}"${suggested(next, parts, `${word} `)}`;
  }
  const firstWords = new Set(names.map((name) => name.split(" ")[0] ?? name));
  return `there is no command "${word}"${suggested(word ?? "", firstWords, "")}`;
}

function flagProblems(args: readonly string[], sorted: SortedWords, command: CommandDescription): string[] {
  const allowed = [...command.flags, ...COMMON_FLAGS];
  return [
    ...FLAG_NAMES.flatMap((name) =>
      flagOf(name).value === undefined
        ? switchProblems(name, args, sorted, allowed)
        : valueProblems(name, sorted.values(name), allowed)
    ),
    ...sorted.unknown.map((word) => {
      const written = word.replace(/=.*$/s, "");
      return `there is no flag ${written}${suggested(written.replace(/^-+/, ""), allowed, "--")}`;
    }),
  ];
}

function switchProblems(
  name: FlagName,
  args: readonly string[],
  sorted: SortedWords,
  allowed: readonly FlagName[],
): string[] {
  const flagArgs = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (flagArgs.some((arg) => arg.startsWith(`--${name}=`))) return [`--${name} takes no value`];
  return sorted.given(name) && !allowed.includes(name) ? [notOfThisCommand(name)] : [];
}

function valueProblems(name: FlagName, values: readonly string[], allowed: readonly FlagName[]): string[] {
  const { value: valueName, repeatable, problem } = flagOf(name);
  if (values.length === 0) return [];
  if (!allowed.includes(name)) return [notOfThisCommand(name)];
  if (values.includes("")) return [`--${name} needs a value: --${name} ${valueName}`];
  if (values.length > 1 && repeatable !== true) {
    return [`--${name} is given ${values.length} times (${values.join(", ")}); give it once`];
  }
  return values.flatMap((value) => {
    const wrong = problem?.(value);
    return wrong === undefined ? [] : [`--${name} "${value}" ${wrong}`];
  });
}

function notOfThisCommand(name: FlagName): string {
  const owners = COMMANDS.filter(({ flags }) => flags.includes(name)).map((command) => command.name);
  return `--${name} does not go with this command, but with ${owners.join(", ")}`;
}

function operandProblems(operands: readonly string[], command: CommandDescription): string[] {
  if (operands.length === 0 || command.operands !== undefined) return [];
  return [`${command.name} takes nothing but flags, and "${operands.join(" ")}" is none`];
}

function suggested(written: string, names: Iterable<string>, prefix: string): string {
  const closest = closestName(written, names);
  return closest === undefined ? "" : `; did you mean ${prefix}${closest}?`;
}

function usageError(problems: readonly string[], command?: CommandDescription): UsageError {
  const help = [PROGRAM, command?.name, "--help"].filter((word) => word !== undefined).join(" ");
  const lines = [...problems.map((problem) => `${PROGRAM}: ${problem}`), `See ${help}`];
  return { name: "usage error", message: lines.map(visibleText).join("\n") };
}
