/**
 * What the program reads besides the network: files, the standard input, answers at a terminal.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import { toText } from "@std/streams/to-text";
import { edit, EMPTY_EDITOR } from "./core/editor.ts";
import { readKeys } from "./core/keys.ts";
import { reading } from "./start_error.ts";
import { writeAll } from "./write_all.ts";

/** All of the standard input. */
export function inputText(): Promise<string> {
  return toText(Deno.stdin.readable);
}

/**
 * The lines of a file, or of the standard input where it is `-`, as they come.
 *
 * @throws {StartError} if it cannot be read
 */
export async function* inputLines(file: string): AsyncGenerator<string> {
  const bytes = file === "-" ? Deno.stdin.readable : (await reading("the script", file, Deno.open)).readable;
  const lines = bytes.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) yield line.replace(/\r$/, "");
}

/**
 * The first line of a file.
 *
 * @throws {Deno.errors.NotFound} and the like, if it cannot be read
 */
export function firstLine(file: string): string {
  return Deno.readTextFileSync(file).split(/\r?\n/, 1)[0] ?? "";
}

/** Asks at the terminal of the standard input; undefined if the person does not want to answer. */
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
  const buffer = new Uint8Array(1_024);
  let editor = EMPTY_EDITOR;
  let unread = "";
  while (true) {
    const length = await Deno.stdin.read(buffer);
    if (length === null) return undefined;
    const { keys, rest } = readKeys(unread + decoder.decode(buffer.subarray(0, length), { stream: true }));
    unread = rest;
    for (const key of keys) {
      const edited = edit(editor, key, true);
      if (edited.submitted !== undefined) return edited.submitted;
      if (edited.action === "interrupted" || edited.action === "quit") return undefined;
      if (!secret && key.name === "text" && "text" in key) writeAll(Deno.stderr, key.text);
      editor = edited.editor;
    }
  }
}
