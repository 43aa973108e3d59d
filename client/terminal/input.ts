/**
 * Input besides the network: files, the standard input, answers at a terminal.
 *
 * @module
 */

import { LimitedBytesTransformStream } from "@std/streams/limited-bytes-transform-stream";
import { toArrayBuffer } from "@std/streams/to-array-buffer";
import { counted } from "../../common/counted.ts";
import { visibleText } from "../../common/visible_text.ts";
import { edit, type Editor, EMPTY_EDITOR } from "./keyboard/editor.ts";
import type { Key } from "./keyboard/keys.ts";
import { chunksOf, standardInput } from "./standard_input.ts";
import { reading, StartError } from "./start_error.ts";
import { TypedKeys } from "./typed_keys.ts";
import { badByteText, decodeUtf8, Utf8Stream } from "./utf8.ts";
import { writeAll } from "./write_all.ts";

/** Longest text and longest line, bytes: more than any server takes. */
const TEXT_BYTES_MAX = 1_048_576;

const LINE_FEED = 0x0a;

/**
 * All of the standard input.
 *
 * @throws {StartError} if it is not UTF-8, or too long
 */
export async function inputText(): Promise<string> {
  const { text, bad } = decodeUtf8(await inputBytes());
  if (bad === undefined) return text;
  throw new StartError(`the standard input: ${badByteText(bad)}; nothing was sent`);
}

async function inputBytes(): Promise<Uint8Array> {
  const bound = new LimitedBytesTransformStream(TEXT_BYTES_MAX, { error: true });
  try {
    return new Uint8Array(
      await toArrayBuffer(ReadableStream.from(copies(standardInput())).pipeThrough(bound)),
    );
  } catch (error) {
    if (error instanceof RangeError) throw new StartError(`the standard input is ${tooLong()}`);
    throw error;
  }
}

async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) yield chunk.slice();
}

function tooLong(): string {
  return `longer than ${counted(TEXT_BYTES_MAX, "byte")}, which is the limit`;
}

/** A line of a script, or the reason why it is none. */
type InputLine = { readonly text: string } | { readonly problem: string };

/**
 * The lines of a file, or of the standard input where it is `-`. Nothing is read before it is wanted, so that
 * questions can be answered in between.
 *
 * @throws {StartError} if it cannot be read, or a line is too long
 */
export async function* inputLines(file: string): AsyncGenerator<InputLine> {
  const chunks = file === "-" ? standardInput() : chunksOf(await reading("the script", file, Deno.open));
  let unread = new Uint8Array(0);
  let number = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      yield lineOf(joined(unread, chunk.subarray(from, end)), ++number);
      unread = new Uint8Array(0);
      from = end + 1;
    }
    unread = joined(unread, chunk.subarray(from));
    if (unread.length > TEXT_BYTES_MAX) throw new StartError(`line ${number + 1} is ${tooLong()}`);
  }
  if (unread.length > 0) yield lineOf(unread, ++number);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function lineOf(bytes: Uint8Array, number: number): InputLine {
  const { text, bad } = decodeUtf8(bytes);
  return bad === undefined
    ? { text: text.replace(/\r$/, "") }
    : { problem: `line ${number}: ${badByteText(bad)}; the line was left out` };
}

/** Names of the standard input. The runtime opens the last three only for programs that may do anything. */
const STANDARD_INPUT_NAMES: readonly string[] = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/** True if the file is the standard input of this program. */
export function isStandardInput(file: string): boolean {
  return STANDARD_INPUT_NAMES.includes(file);
}

/**
 * The first line of a file in UTF-8, with or without a mark that says so, as programs on Windows write it. What
 * follows the first line of the standard input is left to its next reader.
 *
 * @throws {Deno.errors.NotFound} and the like, if it cannot be read
 * @throws {Error} if it is in another encoding
 */
export function firstLine(file: string): string {
  const bytes = isStandardInput(file) ? firstLineOf(Deno.stdin) : Deno.readFileSync(file);
  const { text, bad } = decodeUtf8(bytes);
  if (bad !== undefined) throw new Error("it is not text in UTF-8; save it as that");
  return text.split(/\r?\n/, 1)[0] ?? "";
}

/** Reads byte by byte, since a byte too many would be missing in the text that follows. */
function firstLineOf(source: Pick<typeof Deno.stdin, "readSync">): Uint8Array {
  const byte = new Uint8Array(1);
  const line: number[] = [];
  while (source.readSync(byte) === 1 && byte[0] !== LINE_FEED) {
    line.push(byte[0] ?? 0);
    if (line.length > TEXT_BYTES_MAX) throw new Error(`its first line is ${tooLong()}`);
  }
  return Uint8Array.from(line);
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

/** Keys that are not UTF-8 refuse to answer, since what is meant is not known. */
async function readAnswer(secret: boolean): Promise<string | undefined> {
  const stream = new Utf8Stream();
  let { editor, ended, submitted }: Answering = { editor: EMPTY_EDITOR, ended: false };
  const press = (key: Key): void => {
    if (ended) return;
    ({ editor, ended, submitted } = answered(editor, key));
    if (!secret && !ended && "text" in key) writeAll(Deno.stderr, visibleText(key.text));
  };
  const keys = new TypedKeys(press, press);
  for await (const chunk of standardInput()) {
    keys.take(stream.push(chunk));
    if (keys.takeBad() !== undefined) {
      writeAll(Deno.stderr, `\r\na key sent what is not UTF-8; set the terminal to UTF-8`);
      return undefined;
    }
    if (ended) break;
  }
  return submitted;
}

/** An answer that is being typed; `ended` without a submitted line if the person refuses to answer. */
interface Answering {
  readonly editor: Editor;
  readonly ended: boolean;
  readonly submitted?: string | undefined;
}

function answered(before: Editor, key: Key): Answering {
  const { editor, action, submitted } = edit(before, key, true);
  return {
    editor,
    submitted,
    ended: submitted !== undefined || action === "interrupted" || action === "quit",
  };
}
