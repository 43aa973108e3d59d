/**
 * Input besides the network: files, the standard input, answers at a terminal.
 *
 * @module
 */

import { toText } from "@std/streams/to-text";
import { edit, EMPTY_EDITOR } from "./keyboard/editor.ts";
import { readKeys } from "./keyboard/keys.ts";
import { chunksOf, standardInput } from "./standard_input.ts";
import { reading } from "./start_error.ts";
import { writeAll } from "./write_all.ts";

/** All of the standard input. */
export async function inputText(): Promise<string> {
  return await toText(ReadableStream.from(standardInput()));
}

/**
 * The lines of a file, or of the standard input where it is `-`. Nothing is read before it is wanted, so that
 * questions can be answered in between.
 *
 * @throws {StartError} if it cannot be read
 */
export async function* inputLines(file: string): AsyncGenerator<string> {
  const chunks = file === "-" ? standardInput() : chunksOf(await reading("the script", file, Deno.open));
  const decoder = new TextDecoder();
  let unread = "";
  for await (const chunk of chunks) {
    unread += decoder.decode(chunk, { stream: true });
    const lines = unread.split(/\r?\n/);
    unread = lines.pop() ?? "";
    yield* lines;
  }
  if (unread !== "") yield unread;
}

/**
 * The first line of a file in UTF-8, with or without a mark that says so, as programs on Windows write it.
 *
 * @throws {Deno.errors.NotFound} and the like, if it cannot be read
 * @throws {Error} if it is in another encoding
 */
export function firstLine(file: string): string {
  const bytes = Deno.readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).split(/\r?\n/, 1)[0] ?? "";
  } catch {
    throw new Error("it is not text in UTF-8; save it as that");
  }
}

/** Asks at the terminal of the standard input; undefined if the person refuses to answer. */
export async function askAtTerminal(question: string, secret: boolean): Promise<string | undefined> {
  writeAll(Deno.stderr, question);
  Deno.stdin.setRaw(true);
  try {
    return await readAnswer(secret);
  } finally {
    Deno.stdin.setRaw(false);
    writeAll(Deno.stderr, "\n");
  }
}

async function readAnswer(secret: boolean): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let editor = EMPTY_EDITOR;
  let unread = "";
  for await (const chunk of standardInput()) {
    const { keys, rest } = readKeys(unread + decoder.decode(chunk, { stream: true }));
    unread = rest;
    for (const key of keys) {
      const edited = edit(editor, key, true);
      if (edited.submitted !== undefined) return edited.submitted;
      if (edited.action === "interrupted" || edited.action === "quit") return undefined;
      if (!secret && key.name === "text" && "text" in key) writeAll(Deno.stderr, key.text);
      editor = edited.editor;
    }
  }
  return undefined;
}
