/**
 * Damaged frames, for servers that must survive every input.
 *
 * @module
 */

import vectors from "../testdata/wire_vectors.json" with { type: "json" };
import { HEADER_BYTES } from "../../common/wire/frame.ts";
import { fromHex } from "./hexadecimal.ts";
import { requestFrames } from "./protocol_samples.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";

/** Every golden frame and every sample of a request. */
export function seedFrames(): readonly Uint8Array<ArrayBuffer>[] {
  return [...vectors.frames.map(({ hex }) => fromHex(hex)), ...requestFrames()];
}

const LENGTH_OFFSET = 8;
const INTERESTING_BYTES = [0x00, 0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x7f, 0x80, 0xff];
const INTERESTING_LENGTHS = [0, 1, 4_095, 4_096, 4_097, 262_144, 262_145, 0x7fffffff, 0xffffffff];

type Mutation = (
  frame: Uint8Array<ArrayBuffer>,
  numbers: SeededNumbers,
  seeds: readonly Uint8Array[],
) => Uint8Array<ArrayBuffer>;

const flipBit: Mutation = (frame, numbers) => {
  const at = numbers.below(frame.length);
  frame[at] = (frame[at] ?? 0) ^ (1 << numbers.below(8));
  return frame;
};

const setByte: Mutation = (frame, numbers) => {
  frame[numbers.below(frame.length)] = numbers.pick(INTERESTING_BYTES);
  return frame;
};

const cut: Mutation = (frame, numbers) => frame.slice(0, 1 + numbers.below(frame.length));

const insert: Mutation = (frame, numbers) => {
  const at = numbers.below(frame.length + 1);
  const more = Uint8Array.from({ length: 1 + numbers.below(8) }, () => numbers.below(256));
  return joined(frame.subarray(0, at), more, frame.subarray(at));
};

const lieAboutLength: Mutation = (frame, numbers) => {
  const places = frame.length - 4;
  if (places < 1) return frame;
  const at = numbers.below(2) === 0 ? Math.min(LENGTH_OFFSET, places - 1) : numbers.below(places);
  new DataView(frame.buffer).setUint32(at, numbers.pick(INTERESTING_LENGTHS));
  return frame;
};

const splice: Mutation = (frame, numbers, seeds) => {
  const other = numbers.pick(seeds);
  return joined(frame.subarray(0, numbers.below(frame.length)), other.subarray(numbers.below(other.length)));
};

const MUTATIONS = [flipBit, setByte, cut, insert, lieAboutLength, splice];

/** A frame with one to three kinds of damage; in one of two, the announced length is corrected afterwards. */
export function mutatedFrame(
  numbers: SeededNumbers,
  seeds: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  let frame = numbers.pick(seeds).slice() as Uint8Array<ArrayBuffer>;
  for (let rounds = 1 + numbers.below(3); rounds > 0 && frame.length > 0; rounds--) {
    frame = numbers.pick(MUTATIONS)(frame, numbers, seeds);
  }
  return numbers.below(2) === 0 ? withHonestLength(frame) : frame;
}

/** Corrects the announced length of a frame, so that the frames after it can still be read. */
export function withHonestLength(frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const whole = frame.length < HEADER_BYTES
    ? joined(frame, new Uint8Array(HEADER_BYTES - frame.length))
    : frame;
  new DataView(whole.buffer).setUint32(LENGTH_OFFSET, whole.length - HEADER_BYTES);
  return whole;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
