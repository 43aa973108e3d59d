/**
 * The command lines of this project's programs in a document.
 *
 * @module
 */

import type { Markdown } from "./markdown.ts";
import { simpleCommands } from "./shell_commands.ts";

/** A command line of one of the programs, without the program. */
export interface ProgramCall {
  readonly program: "server" | "client";
  readonly args: readonly string[];
  /** The command line as written in the document. */
  readonly shown: string;
}

/** Blocks of these languages are commands. */
const SHELLS = ["sh", "bash"];

/** Words that may stand before a program. */
const BEFORE = /^(?:\w+=.*|sudo|exec|nohup|time|until|while|do|if|then|else|!)$/;

/** The user for `sudo`. */
const AS_USER = /\bsudo -u \S+ /g;

/** The line with the flags of the service, and the flags in it. */
const SERVICE_FLAGS = /\bFLAGS=(--[^'"`\n]*)/g;

/** Code that names a command of the server without calling it: the bare program and plain words. */
const COMMAND_NAME = /^chat-server ([a-z]+(?: [a-z]+)*)$/;

/** The executables, in any folder and of any release. */
const EXECUTABLE = /^(?:.*\/)?chat-(server|client)(?:-[\w.-]+)?$/;

/**
 * Every call of the server or the client in the shell blocks, every one with arguments in code between backticks,
 * and the flags of the service as a call of the server.
 */
export function programCalls(document: Markdown): ProgramCall[] {
  const blocks = document.fences.filter(({ info }) => SHELLS.includes(info.split(/\s/)[0] ?? ""));
  const spans = codeSpans(document.prose);
  const inBlocks = blocks.flatMap(({ text }) => callsIn(text));
  const inProse = spans.filter((code) => !COMMAND_NAME.test(code)).flatMap(callsIn)
    .filter(({ args }) => args.length > 0);
  const ofService = [...blocks.map(({ text }) => text), ...spans].flatMap((text) =>
    [...text.matchAll(SERVICE_FLAGS)].map(([shown, flags = ""]) => ({
      program: "server" as const,
      args: flags.trim().split(" "),
      shown,
    }))
  );
  return [...inBlocks, ...inProse, ...ofService];
}

/** The commands of the server that code between backticks names, as `chat-server log show` does. */
export function commandsNamed(document: Markdown): string[] {
  return codeSpans(document.prose).flatMap((code) => COMMAND_NAME.exec(code)?.[1] ?? []);
}

/** The name of every flag in code between backticks, as `--wait`, `--data=FOLDER` or `log repair --accept-loss`. */
export function flagsNamed(document: Markdown): string[] {
  return codeSpans(document.prose).flatMap((code) =>
    [...code.matchAll(/(?:^| )--([\w-]+)/g)].map(([, name = ""]) => name)
  );
}

/** Every task that a document names, once. */
export function tasksNamed(document: Markdown): string[] {
  const texts = [...document.fences.map(({ text }) => text), document.prose];
  const names = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:deno|deno@[\d.]+)\s+task\s+([a-z][\w:-]*)/g)].flatMap(([, name]) => name ?? [])
  );
  return [...new Set(names)];
}

/** The code between backticks, each on one line. */
export function codeSpans(prose: string): string[] {
  return [...prose.matchAll(/(`+)([^`](?:.|\n(?!\n))*?)\1(?!`)/g)].map(([, , code = ""]) =>
    code.replaceAll("\n", " ").trim()
  );
}

function callsIn(text: string): ProgramCall[] {
  return simpleCommands(text.replaceAll(AS_USER, "sudo ")).flatMap((words) => programCall(words) ?? []);
}

function programCall(words: readonly string[]): ProgramCall | undefined {
  const shown = words.join(" ");
  const [first = "", ...rest] = words.slice(words.findIndex((word) => !BEFORE.test(word)));
  if (first === "npx") {
    return programCall(["deno", ...rest.slice(rest.findIndex((word) => word.startsWith("deno@")) + 1)]);
  }
  const executable = EXECUTABLE.exec(first)?.[1];
  const task = first === "deno" && rest[0] === "task" ? rest[1] : undefined;
  const program = executable ?? task;
  if (program !== "server" && program !== "client") return undefined;
  return { program, args: executable === undefined ? rest.slice(2) : rest, shown };
}
