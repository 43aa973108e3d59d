import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { ProtocolError } from "../../../common/errors.ts";
import { decodeRequest, requestName, TAG_MAX } from "../../../common/protocol/codec.ts";
import { ShapeError } from "../../../common/protocol/shape.ts";
import { FrameReader } from "../../../common/wire/frame.ts";
import { mutatedFrame, seedFrames } from "../../testing/frame_mutations.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { scale } from "../../testing/scale.ts";

const FRAMES = scale(1_000_000, 10_000_000);
const FRAME_BYTES_MAX = 262_144;
const GROWTH_BYTES_MAX = 32 << 20;
/** Measurements of the memory; the smallest is the memory in use, as the others contain garbage. */
const LOOKS = 50;

interface Tally {
  understood: number;
  misshapen: number;
  malformed: number;
  unknown: number;
  incomplete: number;
  tooLong: number;
}

/** Decodes one frame as a connection does; any error but the two of the protocol fails the test. */
function take(bytes: Uint8Array, dialect: "original" | "confirmed", tally: Tally): void {
  const reader = new FrameReader(FRAME_BYTES_MAX);
  reader.push(bytes);
  try {
    const frame = reader.next();
    if (frame === undefined) return void tally.incomplete++;
    const name = requestName(frame.type, dialect);
    if (name === undefined) return void tally.unknown++;
    const bounds = { depth: 16, items: 4_096, keys: 64, tagMax: TAG_MAX[dialect] };
    decodeRequest(name, frame.payload, dialect, bounds);
    tally.understood++;
  } catch (error) {
    if (error instanceof ShapeError) tally.misshapen++;
    else if (!(error instanceof ProtocolError)) throw error;
    else if (error.fatal) tally.tooLong++;
    else tally.malformed++;
  }
}

/** Memory in use, without garbage if the runtime lets it be collected (`--v8-flags=--expose-gc`). */
function usedBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

Deno.test(`decodeRequest() survives ${FRAMES} damaged frames`, () => {
  const numbers = new SeededNumbers(20_240_601);
  const seeds = seedFrames();
  const tally: Tally = { understood: 0, misshapen: 0, malformed: 0, unknown: 0, incomplete: 0, tooLong: 0 };
  for (let i = 0; i < 10_000; i++) take(mutatedFrame(numbers, seeds), "confirmed", { ...tally });
  const before = usedBytes();
  let held = Infinity;
  const startMs = performance.now();
  for (let i = 0; i < FRAMES; i++) {
    take(mutatedFrame(numbers, seeds), i % 2 === 0 ? "original" : "confirmed", tally);
    if (i > FRAMES / 2 && i % (FRAMES / LOOKS) === 0) held = Math.min(held, usedBytes());
  }
  const durationMs = Math.round(performance.now() - startMs);
  const grownBytes = held - before;
  console.log(
    `${FRAMES} damaged frames in ${durationMs} ms, ${grownBytes >> 20} MiB grown: ${JSON.stringify(tally)}`,
  );
  assertEquals(Object.values(tally).reduce((sum, count) => sum + count), FRAMES);
  for (const [what, count] of Object.entries(tally)) assertGreater(count, FRAMES / 200, what);
  assertLessOrEqual(grownBytes, GROWTH_BYTES_MAX);
});
