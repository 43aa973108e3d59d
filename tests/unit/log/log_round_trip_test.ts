import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { encodeEntry, ENTRY_BYTES_MAX } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { LineBuffer } from "../../../server/log/line_buffer.ts";
import {
  decodeLine,
  LINE_BYTES_MAX,
  LOCAL_BYTES_MAX,
  NO_CRC,
  recordJson,
} from "../../../server/log/log_line.ts";
import { BatchEncoder } from "../../../server/log/batch_encoder.ts";
import { EMPTY_LOG } from "../../../server/log/segments.ts";
import { LogHarness } from "./log_harness.ts";

/** Strings of any UTF-16 units, lone surrogates included, often with characters that break lines or JSON. */
const oddString = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) =>
    String.fromCharCode(...units)
  ),
  fc.constantFrom(
    "🎉",
    "\ud800",
    "\udc00x",
    "\u0000\n\r\t",
    "\u2028\u2029",
    '","batch":1,"crc":"',
    "\ufeff",
    "ż".repeat(999),
  ),
);

const place = { origin: oddString, seq: fc.integer({ min: 1 }), stamp: fc.maxSafeInteger() };

const anyEntry = fc.oneof(
  fc.record({
    ...place,
    type: fc.constant("messageSent"),
    id: oddString,
    from: oddString,
    to: oddString,
    content: oddString,
  }),
  fc.record({
    ...place,
    type: fc.constant("messagesRead"),
    sender: oddString,
    reader: oddString,
    ids: fc.array(oddString),
  }),
  fc.record({ ...place, type: oddString, batch: oddString, left: fc.jsonValue(), crc: oddString }),
).map((entry) => JSON.parse(JSON.stringify(entry)) as Entry);

Deno.test("any batches of any entries survive being written and read", () => {
  let entriesTotal = 0;
  const runs = 500;
  fc.assert(
    fc.property(fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 8 }), { maxLength: 8 }), (batches) => {
      const harness = new LogHarness({ segmentBytes: 2_000 });
      harness.close(harness.write(batches));
      harness.open();
      assertEquals(harness.replayed, batches.flat());
      entriesTotal += harness.replayed.length;
    }),
    { numRuns: runs, seed: 42 },
  );
  console.log(`log: ${entriesTotal} entries in ${runs} logs`);
});

Deno.test("the longest entry fits into a line, whatever the log adds", () => {
  const json = new Uint8Array(ENTRY_BYTES_MAX).fill(0x20);
  const end = { ...EMPTY_LOG, batch: Number.MAX_SAFE_INTEGER - 1 };
  const lines = new LineBuffer();
  lines.append(json, end.batch, 999_999_999, NO_CRC);
  assertLessOrEqual(lines.bytes.length - json.length, LOCAL_BYTES_MAX);
  assertLessOrEqual(lines.bytes.length, LINE_BYTES_MAX);
});

Deno.test("recordJson() gives the bytes that were written, whatever the line is made of", () => {
  const runs = 500;
  fc.assert(
    fc.property(anyEntry, fc.nat(), (entry, left) => {
      const { json } = encodeEntry(entry);
      const lines = new LineBuffer();
      lines.append(json, 1 + left, left, NO_CRC);
      const line = lines.bytes.slice(0, -1);
      assertEquals(recordJson(line, new TextDecoder("utf-8", { ignoreBOM: true }).decode(line)), json);
    }),
    { numRuns: runs, seed: 43 },
  );
  console.log(`recordJson(): ${runs} lines`);
});

Deno.test("decodeLine() refuses a line of which a byte is missing, doubled or of the other case", () => {
  const entry = {
    origin: "a#1",
    seq: 1,
    stamp: 2,
    type: "messageSent",
    id: "3f2b9a60-0000-4000-8000-000000000001",
    from: "alice.1",
    to: "bob.2",
    content: "abcdefż",
  } as const;
  const { bytes } = new BatchEncoder().encode(EMPTY_LOG, [encodeEntry(entry).json]);
  const line = bytes.slice(0, -1);
  const read = (changed: Uint8Array): unknown => decodeLine(changed, new TextDecoder().decode(changed));
  assertEquals(typeof read(line), "object");
  let checked = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at] ?? 0;
    const changes = [[], [byte, byte], [byte ^ 0x20], [byte ^ 0x80], [0]];
    for (const change of changes) {
      const changed = Uint8Array.from([...line.slice(0, at), ...change, ...line.slice(at + 1)]);
      assertEquals(typeof read(changed), "string", `byte ${at} changed to ${change}`);
      checked++;
    }
  }
  console.log(`decodeLine(): ${checked} changed lines refused`);
});
