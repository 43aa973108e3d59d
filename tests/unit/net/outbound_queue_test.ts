import { assertEquals, assertStrictEquals } from "@std/assert";
import fastCheck from "fast-check";
import { OutboundQueue, OutboundTotal } from "../../../server/net/outbound_queue.ts";

const LIMITS = { outboundBytesHard: 1_000, outboundBytesSoft: 100, outboundSoftMs: 5_000, writeMs: 3_000 };

function queue(): OutboundQueue {
  return new OutboundQueue(LIMITS);
}

function frame(length: number, byte = 0): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

Deno.test("take() gives a copy of a frame, whose memory the caller may use again", () => {
  const one = frame(10, 1);
  const waiting = queue();
  waiting.push(one, false);
  one.fill(2);
  assertEquals(waiting.take(), frame(10, 1));
  assertEquals(waiting.heldBytes, 10);
  assertEquals(waiting.written(), 10);
  assertEquals([waiting.take(), waiting.heldBytes], [undefined, 0]);
});

Deno.test("take() gives all that waits in one write, in order", () => {
  let frames = 0;
  const lengths = fastCheck.array(fastCheck.integer({ min: 1, max: 40_000 }), { maxLength: 60, size: "max" });
  const writes = fastCheck.array(lengths, { maxLength: 5 });
  fastCheck.assert(
    fastCheck.property(writes, (all) => {
      const waiting = queue();
      for (const write of all) {
        write.forEach((length, i) => waiting.push(frame(length, i % 251), i % 3 === 0));
        const bytes = waiting.take() ?? frame(0);
        let offset = 0;
        for (const [i, length] of write.entries()) {
          assertEquals(bytes.subarray(offset, offset + length), frame(length, i % 251));
          offset += length;
          frames++;
        }
        assertEquals(bytes.length, offset);
        if (offset > 0) assertEquals(waiting.written(), offset);
      }
      assertEquals(waiting.heldBytes, 0);
    }),
    { numRuns: 50 },
  );
  console.log(`checked ${frames} frames`);
});

Deno.test("take() leaves what comes during a write for the next one", () => {
  const waiting = queue();
  waiting.push(frame(10, 1), false);
  const first = waiting.take();
  waiting.push(frame(20, 2), false);
  assertEquals([first, waiting.heldBytes], [frame(10, 1), 30]);
  waiting.written();
  assertEquals(waiting.take(), frame(20, 2));
});

Deno.test("push() tells when the queue is over the hard bound, a write under way included", () => {
  const waiting = queue();
  assertEquals(waiting.push(frame(1_000), false), true);
  waiting.take();
  assertEquals(waiting.push(frame(1), false), false);
});

Deno.test("push() does not hold unbounded frames against the bounds", () => {
  const waiting = queue();
  assertEquals(waiting.push(frame(5_000), true), true);
  assertEquals(waiting.push(frame(100), false), true);
  assertEquals(waiting.heldBytes, 5_100);
  for (const nowMs of [0, 2_000]) assertEquals(waiting.check(nowMs), undefined);
  waiting.progressed();
  for (const nowMs of [4_000, 6_000]) assertEquals(waiting.check(nowMs), undefined);
});

Deno.test("check() names the soft bound once the queue was over it for too long", () => {
  const waiting = queue();
  waiting.push(frame(101), false);
  for (let nowMs = 0; nowMs < 5_000; nowMs += 1_000) {
    assertEquals(waiting.check(nowMs), undefined);
    waiting.progressed();
  }
  assertEquals(waiting.check(5_000), "outboundBytesSoft");
});

Deno.test("check() forgives a queue that was not over the soft bound in between", () => {
  const waiting = queue();
  waiting.push(frame(101), false);
  assertEquals(waiting.check(0), undefined);
  waiting.take();
  waiting.progressed();
  waiting.written();
  waiting.push(frame(101), false);
  assertEquals(waiting.check(2_500), undefined);
  waiting.progressed();
  assertEquals(waiting.check(5_000), undefined);
});

Deno.test("check() names the write deadline when nothing was taken for that long", () => {
  const waiting = queue();
  waiting.push(frame(10), false);
  waiting.take();
  assertEquals(waiting.check(0), undefined);
  assertEquals(waiting.check(2_999), undefined);
  assertEquals(waiting.check(3_000), "writeMs");
  waiting.progressed();
  assertEquals(waiting.check(3_001), undefined);
});

Deno.test("check() finds nothing wrong with a queue that is empty, however long", () => {
  const waiting = queue();
  assertEquals([waiting.check(0), waiting.check(1e9)], [undefined, undefined]);
});

Deno.test("tooLong() names the longest queue only while all together are too long", () => {
  const total = new OutboundTotal<{ heldBytes: number }>(100);
  const [short, long] = [{ heldBytes: 40 }, { heldBytes: 60 }];
  for (const member of [short, long]) {
    total.join(member);
    total.add(member.heldBytes);
  }
  assertEquals(total.tooLong(), undefined);
  total.add(1);
  assertStrictEquals(total.tooLong(), long);
  total.leave(long);
  total.leave(long);
  assertEquals([total.bytes, total.tooLong()], [41, undefined]);
});
