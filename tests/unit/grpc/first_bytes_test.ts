import { assertEquals } from "@std/assert";
import { judge } from "../../../server/grpc/first_bytes.ts";

const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

Deno.test("judge() takes what begins as HTTP/2 or TLS does, with whatever behind it", () => {
  assertEquals(judge(PREFACE, false), "fits");
  assertEquals(judge(Uint8Array.of(...PREFACE, 1, 2), false), "fits");
  assertEquals(judge(Uint8Array.of(0x16, 0x03, 0x01, 0x00), true), "fits");
});

Deno.test("judge() waits for the rest of every beginning", () => {
  for (let length = 0; length < PREFACE.length; length++) {
    assertEquals(judge(PREFACE.subarray(0, length), false), "too few");
  }
  assertEquals([judge(new Uint8Array(0), true), judge(Uint8Array.of(0x16), true)], ["too few", "too few"]);
});

Deno.test("judge() refuses a wrong byte at every place", () => {
  for (let at = 0; at < PREFACE.length; at++) {
    const wrong = PREFACE.map((byte, i) => i === at ? byte ^ 1 : byte);
    assertEquals([judge(wrong, false), judge(wrong.subarray(0, at + 1), false)], ["unfit", "unfit"]);
  }
  for (const bytes of [PREFACE, Uint8Array.of(0x16, 0x02), Uint8Array.of(0x15)]) {
    assertEquals(judge(bytes, true), "unfit");
  }
  assertEquals(judge(Uint8Array.of(0x16, 0x03), false), "unfit");
});
