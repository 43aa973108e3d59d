import { assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

const FIRST = segmentPath(1);
const SECTOR_BYTES = 512;

/** A log that was not shut down, alone in its folder: of the first start only, or with entries. */
function logBytes(batches: number): Uint8Array<ArrayBuffer> {
  const harness = new LogHarness();
  harness.write(Array.from({ length: batches }, (_, index) => messageEntries(index * 3 + 1, 3)));
  return harness.files.bytesOf(FIRST);
}

function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function utf16(text: string, isLittle: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), isLittle);
  return new Uint8Array(view.buffer);
}

function garbage(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const numbers = new SeededNumbers(seed);
  return Uint8Array.from({ length }, () => numbers.below(256));
}

const MARK = bytesOfText("\ufeff");

/** A whole log as another program leaves it. */
const CHANGED: Readonly<Record<string, (log: Uint8Array) => Uint8Array>> = {
  "with CR LF": (log) => bytesOfText(textOf(log).replaceAll("\n", "\r\n")),
  "with CR": (log) => bytesOfText(textOf(log).replaceAll("\n", "\r")),
  "gzipped": (log) => new Uint8Array(gzipSync(log)),
  "in UTF-16, little endian": (log) => utf16(textOf(log), true),
  "in UTF-16, big endian": (log) => utf16(textOf(log), false),
  "in UTF-16 with a mark": (log) => utf16(`\ufeff${textOf(log)}`, true),
  "with a byte order mark": (log) => joined(MARK, log),
  "zeroed": (log) => new Uint8Array(log.length),
  "zeroed, of whole pages": () => new Uint8Array(16_384),
  "with a zeroed first sector": (log) => joined(new Uint8Array(SECTOR_BYTES), log.slice(SECTOR_BYTES)),
  "twice": (log) => joined(log, log),
  "without its first byte": (log) => log.slice(1),
  "without its first line": (log) => log.slice(log.indexOf(10) + 1),
  "indented": (log) => bytesOfText(textOf(log).replaceAll(/^(?=.)/gm, "  ")),
  "with lines between": (log) => bytesOfText(textOf(log).replaceAll("\n", "\n\n")),
  "as one list of JSON": (log) => bytesOfText(`[${textOf(log).trimEnd().replaceAll("\n", ",")}]`),
  "spaced by jq": (log) => bytesOfText(textOf(log).replaceAll('":', '": ')),
  "with other words in every line": (log) => bytesOfText(textOf(log).replaceAll("e", "ee")),
  "with another word in its last line": (log) =>
    bytesOfText(textOf(log).replace(/node1(?!.*\n.*node1)/s, "n")),
  "with escaped letters": (log) => bytesOfText(textOf(log).replaceAll("no", "\\u006eo")),
  "with one letter in another case": (log) => bytesOfText(textOf(log).replace(/o(?!.*o)/s, "O")),
  "with spaces for line feeds": (log) => bytesOfText(textOf(log).replaceAll("\n", " ")),
  "without line feeds": (log) => bytesOfText(textOf(log).replaceAll("\n", "")),
  "without its last line feed but one": (log) => bytesOfText(textOf(log).replace(/\n(?=.*\n$)/, "")),
  "an HTML page": () => bytesOfText("<!doctype html>\n<title>404</title>\n"),
  "random bytes": () => garbage(5_000, 1),
};

/** Something behind a log that is whole. */
const APPENDED: Readonly<Record<string, (log: Uint8Array) => Uint8Array>> = {
  "an empty line": () => bytesOfText("\n"),
  "a text": () => bytesOfText("some words"),
  "an object": () => bytesOfText('{"a":1}\n'),
  "an object of text": () => bytesOfText('{"a":"b"}\n'),
  "the log again": (log) => log,
  "its last line again": (log) => log.slice(log.lastIndexOf(10, -2) + 1),
  "the log with CR LF": (log) => bytesOfText(textOf(log).replaceAll("\n", "\r\n")),
  "the log zipped": (log) => new Uint8Array(gzipSync(log)),
  "a byte order mark": () => MARK,
  "random bytes": () => garbage(3_000, 2),
  "zeros and a text": (log) =>
    joined(new Uint8Array(SECTOR_BYTES - log.length % SECTOR_BYTES - 1), bytesOfText("{")),
};

function refuse(name: string, bytes: Uint8Array): void {
  const files = new MemoryFiles();
  files.put(FIRST, bytes);
  let error: unknown;
  try {
    new LogHarness({}, files).open();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof LogDamaged)) {
    throw new Error(`a log ${name} is not refused as damaged`, { cause: error });
  }
  assertStringIncludes(error.message, "This is no unfinished write");
  assertStringIncludes(error.message, `${FIRST}, line `);
  assertStringIncludes(error.message, "(byte ");
  assertStringIncludes(error.message, "`chat-server log repair`");
  assertEquals(files.bytesOf(FIRST), bytes);
  assertGreater(verifyLog(files).damage?.proof?.length ?? 0, 0);
}

Deno.test("openLog() and verifyLog() refuse a log that another program has changed", () => {
  let checked = 0;
  for (const [name, change] of Object.entries(CHANGED)) {
    for (const batches of [0, 1, 8]) {
      refuse(name, change(logBytes(batches)));
      checked++;
    }
  }
  console.log(`openLog(): ${checked} foreign contents refused`);
  assertEquals(checked, Object.keys(CHANGED).length * 3);
});

Deno.test("openLog() and verifyLog() refuse a log that a tool has changed behind its first batch", () => {
  const [first = "", ...rest] = textOf(logBytes(8)).split(/(?<="left":0.*\n)/);
  for (
    const [from, to] of [["message", "massage"], ["message", "m\\u0065ssage"], ["\n", " "], [
      "\n",
      "",
    ]] as const
  ) {
    const lines = rest.join("");
    refuse(`with ${to} for ${from}`, bytesOfText(first + lines.replaceAll(from, to)));
    refuse(
      `with ${to} for the last ${from}`,
      bytesOfText(first + replacedLast(lines.trimEnd(), from, to) + "\n"),
    );
  }
});

function replacedLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

Deno.test("openLog() and verifyLog() refuse what no node has appended to a log", () => {
  for (const [name, more] of Object.entries(APPENDED)) {
    const log = logBytes(4);
    refuse(name, joined(log, more(log)));
  }
});

Deno.test("openLog() and verifyLog() refuse a last batch in which a whole line is missing", () => {
  const lines = textOf(logBytes(3)).split(/(?<=\n)/);
  for (const missing of [1, 2, 3]) {
    const left = lines.toSpliced(-missing, 1).join("");
    if (missing === 1) assertEquals(verifyLog(filesOf(bytesOfText(left))).damage?.proof, undefined);
    else refuse(`without line -${missing}`, bytesOfText(left));
  }
});

function filesOf(bytes: Uint8Array): MemoryFiles {
  const files = new MemoryFiles();
  files.put(FIRST, bytes);
  return files;
}

Deno.test("openLog() and verifyLog() refuse a folder in the place of the next segment", () => {
  const files = filesOf(logBytes(3));
  files.put(segmentPath(2), new Uint8Array(0));
  const list = files.list.bind(files);
  files.list = (folder) => list(folder).filter((name) => name !== "00000002.jsonl");
  assertThrows(() => new LogHarness({}, files).open(), LogDamaged, "log/00000002.jsonl, line 1 (byte 0)");
  assertEquals(verifyLog(files).damage?.problem, "it is no file: move it away");
});

Deno.test("openLog() and verifyLog() take every loss of sectors of the last batch for an unfinished write", () => {
  const log = logBytes(3);
  const harness = new LogHarness({}, filesOf(log));
  const open = harness.open();
  const begin = harness.files.bytesOf(FIRST).length;
  open.log.commit(encoded(messageEntries(100, 40)));
  harness.files.settle();
  const whole = harness.files.bytesOf(FIRST);
  const numbers = new SeededNumbers(3);
  let torn = 0;
  const images = 2_000;
  for (let image = 0; image < images; image++) {
    const bytes = whole.slice(
      0,
      numbers.next() < 0.5 ? undefined : begin + numbers.below(whole.length - begin),
    );
    const probability = numbers.next();
    for (let at = begin - begin % SECTOR_BYTES; at < bytes.length; at += SECTOR_BYTES) {
      if (numbers.next() < probability) bytes.fill(0, Math.max(at, begin), at + SECTOR_BYTES);
    }
    const { damage } = verifyLog(filesOf(bytes));
    assertEquals(damage?.proof, undefined);
    if (damage !== undefined) torn++;
    const again = new LogHarness({}, filesOf(bytes));
    assertEquals(again.open().minted, damage !== undefined);
    assertEquals(again.replayed.length, damage === undefined && bytes.length > begin ? 49 : 9);
  }
  console.log(`openLog(): ${torn} of ${images} losses of sectors cut`);
  assertGreater(torn, images * 0.9);
});

Deno.test("openLog() cuts zeros that begin in the middle of a sector, where a file had ended before", () => {
  const log = logBytes(3);
  for (const zeros of [1, 511, 4_096, 10_000]) {
    const harness = new LogHarness({}, filesOf(joined(log, new Uint8Array(zeros))));
    assertEquals([harness.open().minted, harness.replayed.length], [true, 9]);
  }
});
