/**
 * Which programs of this project a document calls, and with what.
 *
 * @module
 */

import type { Markdown } from "./markdown.ts";
import { simpleCommands } from "./shell_commands.ts";

/** A command line of one of the programs, without the program. */
export interface ProgramCall {
  readonly program: "server" | "client";
  readonly args: readonly string[];
  /** How the document says it. */
  readonly shown: string;
}

/** Blocks of these languages are commands. */
const SHELLS = ["sh", "bash"];

/** What may stand before a program. */
const BEFORE = /^(?:\w+=.*|sudo|exec|nohup|time|until|while|if)$/;

/** Whom `sudo` is to run it as. */
const AS_USER = /\bsudo -u \S+ /g;

/** The line of the file in which the service finds its flags, and what it says. */
const SERVICE_FLAGS = /\bFLAGS=(--[^'"`\n]*)/g;

/** The executables, in any folder and of any release. */
const EXECUTABLE = /^(?:.*\/)?chat-(server|client)(?:-[\w.-]+)?$/;

/** Every call of the server or the client in the shell blocks, and every whole one in code between backticks. */
export function programCalls(document: Markdown): ProgramCall[] {
  const blocks = document.fences.filter(({ info }) => SHELLS.includes(info.split(/\s/)[0] ?? ""));
  const spans = codeSpans(document.prose);
  const lines = spans.filter((code) => /^(?:sudo |\.\/chat-|deno task )\S+ \S/.test(code));
  const texts = [...blocks.map(({ text }) => text), ...lines];
  const calls = texts.flatMap((text) =>
    simpleCommands(text.replaceAll(AS_USER, "sudo ")).flatMap((words) => programCall(words) ?? [])
  );
  const ofService = [...blocks.map(({ text }) => text), ...spans].flatMap((text) =>
    [...text.matchAll(SERVICE_FLAGS)].map(([shown, flags = ""]) => ({
      program: "server" as const,
      args: flags.trim().split(" "),
      shown,
    }))
  );
  return [...calls, ...ofService];
}

/** The name of every flag that stands between backticks on its own, as `--wait` or `--data=FOLDER`. */
export function flagsNamed(document: Markdown): string[] {
  return codeSpans(document.prose).flatMap((code) =>
    /^--/.test(code) ? [...code.matchAll(/(?:^| )--([\w-]+)/g)].map(([, name = ""]) => name) : []
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
