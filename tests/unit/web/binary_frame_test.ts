import { assertEquals } from "@std/assert";
import { binaryFrame } from "../../../server/web/binary_frame.ts";

/** Lengths of contents around each form of the length (RFC 6455, section 5.2), with the head of the frame. */
const HEADS: readonly (readonly [length: number, head: readonly number[]])[] = [
  [0, [0x82, 0]],
  [1, [0x82, 1]],
  [125, [0x82, 125]],
  [126, [0x82, 126, 0, 126]],
  [256, [0x82, 126, 1, 0]],
  [65_535, [0x82, 126, 255, 255]],
  [65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
];

Deno.test("a frame of a WebSocket has its content behind a head with the length", () => {
  for (const [length, head] of HEADS) {
    const content = Uint8Array.from({ length }, (_, i) => i % 251);
    const frame = binaryFrame(content);
    assertEquals([...frame.subarray(0, head.length)], head);
    assertEquals(frame.subarray(head.length), content);
  }
  console.log(`${HEADS.length} lengths`);
});
