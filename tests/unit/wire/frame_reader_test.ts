import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../../common/errors.ts";
import { encodeFrame, FrameReader, HEADER_BYTES } from "../../../common/wire/frame.ts";
import { fromHex, toHex } from "../../testing/hexadecimal.ts";

interface Cut {
  readonly type: number | bigint;
  readonly payload: string;
}

/** The frames of a stream, by the reference implementation. */
function cutSlowly(stream: Uint8Array): Cut[] {
  const frames: Cut[] = [];
  let rest = stream;
  while (rest.length >= HEADER_BYTES) {
    const type = BigInt(`0x${toHex(rest.subarray(0, 8))}`);
    const length = Number(`0x${toHex(rest.subarray(8, 12))}`);
    if (rest.length < HEADER_BYTES + length) break;
    frames.push({
      type: type < 2n ** 53n ? Number(type) : type,
      payload: toHex(rest.subarray(HEADER_BYTES, HEADER_BYTES + length)),
    });
    rest = rest.subarray(HEADER_BYTES + length);
  }
  return frames;
}

/** The reader's frames of a stream that comes in pieces of these sizes, repeated. */
function cutInPieces(stream: Uint8Array, sizes: readonly number[]): Cut[] {
  const reader = new FrameReader(1 << 20);
  const frames: Cut[] = [];
  for (let offset = 0, i = 0; offset < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    const chunk = stream.slice(offset, offset + size);
    offset += size;
    reader.push(chunk);
    for (;;) {
      const bytes = reader.wholePayloadBytes;
      const frame = reader.next();
      assertEquals(frame?.payload.length, bytes);
      if (frame === undefined) break;
      frames.push({ type: frame.type, payload: toHex(frame.payload) });
    }
    // A connection reads into the same buffer again.
    chunk.fill(0xee);
  }
  return frames;
}

/** A frame of any type and payload, type as eight bytes of hexadecimal. */
const anyFrame = fc.tuple(
  fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  fc.uint8Array({ maxLength: 80 }),
).map(([type, payload]) =>
  fromHex(type.toString(16).padStart(16, "0") + payload.length.toString(16).padStart(8, "0") + toHex(payload))
);

Deno.test("FrameReader cuts a stream at any split points as the obvious reader does", () => {
  let frames = 0;
  const streams = fc.array(anyFrame, { maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(streams, sizes, fc.nat(20), (parts, sizes, missing) => {
      const stream = fromHex(parts.map(toHex).join("")).subarray(0, -missing || undefined);
      const slow = cutSlowly(stream);
      frames += slow.length;
      assertEquals(cutInPieces(stream, sizes), slow);
    }),
    { numRuns: 1_500, seed: 4 },
  );
  console.log(`${frames} frames cut both ways`);
});

Deno.test("FrameReader takes a payload at the limit and refuses one past it, as soon as it is announced", () => {
  const frame = encodeFrame(1, (writer) => writer.raw(new Uint8Array(100)));
  const taker = new FrameReader(100);
  taker.push(frame);
  assertEquals(taker.next()?.payload.length, 100);

  const refuser = new FrameReader(99);
  refuser.push(frame.subarray(0, HEADER_BYTES - 1));
  assertEquals(refuser.next(), undefined);
  refuser.push(frame.subarray(HEADER_BYTES - 1, HEADER_BYTES));
  const error = assertThrows(() => refuser.next(), ProtocolError, "100 bytes and the limit is 99");
  assertEquals(error.fatal, true);
});

Deno.test("FrameReader follows a limit that changes between frames", () => {
  const small = encodeFrame(1, (writer) => writer.raw(new Uint8Array(10)));
  const large = encodeFrame(2, (writer) => writer.raw(new Uint8Array(50)));
  const reader = new FrameReader(10);
  reader.push(fromHex(toHex(small) + toHex(large)));
  assertEquals(reader.next()?.type, 1);
  reader.payloadBytesMax = 50;
  assertEquals(reader.next()?.type, 2);
});

Deno.test("FrameReader tells types apart beyond 2^53", () => {
  const reader = new FrameReader(0);
  for (
    const [hex, type] of [
      ["001fffffffffffff", 2 ** 53 - 1],
      ["0020000000000000", 2n ** 53n],
      ["0020000000000001", 2n ** 53n + 1n],
      ["8000000000000001", 2n ** 63n + 1n],
      ["ffffffffffffffff", 2n ** 64n - 1n],
    ] as const
  ) {
    reader.push(fromHex(`${hex}00000000`));
    assertEquals(reader.next()?.type, type);
  }
});

Deno.test("FrameReader.pendingBytes says how much of a frame has begun", () => {
  const reader = new FrameReader(100);
  assertEquals(reader.pendingBytes, 0);
  reader.push(encodeFrame(1, (writer) => writer.raw(new Uint8Array(8))).subarray(0, 15));
  assertEquals(reader.next(), undefined);
  assertEquals(reader.pendingBytes, 15);
  reader.push(new Uint8Array(5));
  assertEquals(reader.next()?.payload.length, 8);
  assertEquals(reader.next(), undefined);
  assertEquals(reader.pendingBytes, 0);
});

Deno.test("FrameReader holds no more than twice what has been received of a frame", () => {
  const reader = new FrameReader(0xffffffff);
  const before = Deno.memoryUsage();
  reader.push(fromHex("0000000000000001 ffffffff"));
  for (let i = 0; i < 1_000; i++) {
    assertEquals(reader.next(), undefined);
    reader.push(new Uint8Array(100));
  }
  const after = Deno.memoryUsage();
  assertEquals(reader.pendingBytes, 100_012);
  assertLessOrEqual(after.external - before.external, 4 << 20);
});

Deno.test("encodeFrame() announces the length of its payload, and none without one", () => {
  assertEquals(toHex(encodeFrame(9)), "000000000000000900000000");
  const long = encodeFrame(300, (writer) => writer.raw(new Uint8Array(100_000)));
  assertEquals(toHex(long.subarray(0, 12)), "000000000000012c000186a0");
  assertEquals(long.length, 100_012);
  assertEquals(
    toHex(encodeFrame(9)),
    "000000000000000900000000",
    "a long frame before leaves nothing behind",
  );
});
