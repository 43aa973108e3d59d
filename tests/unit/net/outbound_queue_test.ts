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

Deno.test("adopt() keeps a frame itself if nothing waits, and never writes into it", () => {
  const waiting = queue();
  const kept = frame(1_000, 1);
  waiting.adopt(kept, false);
  assertStrictEquals(waiting.take()?.buffer, kept.buffer);
  waiting.written();
  waiting.adopt(kept, false);
  waiting.push(frame(10, 2), false);
  waiting.adopt(frame(20, 3), true);
  const taken = waiting.take();
  assertEquals([taken?.at(999), taken?.at(1_009), taken?.at(1_029)], [1, 2, 3]);
  assertEquals([taken?.length, waiting.heldBytes, kept], [1_030, 1_030, frame(1_000, 1)]);
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

/** Checks once a second, with the bytes taken before each check. The limit broken last, and the time of it. */
function watch(
  waiting: OutboundQueue,
  takenBytes: readonly number[],
  startMs = 0,
): [string | undefined, number] {
  let nowMs = startMs;
  for (const bytes of takenBytes) {
    if (bytes > 0) waiting.progressed(bytes);
    const limit = waiting.check(nowMs);
    if (limit !== undefined) return [limit, nowMs];
    nowMs += 1_000;
  }
  return [undefined, nowMs];
}

Deno.test("check() names the hard bound once a reader was over it and behind the pace for too long", () => {
  const waiting = queue();
  waiting.push(frame(1_001), false);
  assertEquals(watch(waiting, Array(20).fill(10)), ["outboundBytesHard", 6_000]);
});

Deno.test("check() counts a write under way and what the session owes", () => {
  for (const owed of [1, 0]) {
    const waiting = queue();
    waiting.push(frame(600), false);
    waiting.take();
    waiting.push(frame(400), false);
    waiting.owedBytes = owed;
    assertEquals(
      watch(waiting, Array(20).fill(10)),
      owed ? ["outboundBytesHard", 6_000] : [undefined, 20_000],
    );
  }
});

Deno.test("check() names nothing while a reader keeps the pace, however much it is owed", () => {
  const waiting = queue();
  waiting.push(frame(2_000), false);
  waiting.owedBytes = 1e9;
  assertEquals(watch(waiting, Array(10_000).fill(21)), [undefined, 10_000_000]);
});

Deno.test("check() names nothing while a reader at the pace may still read what its kernel took at once", () => {
  const waiting = queue();
  waiting.push(frame(2_000), false);
  const bursts = Array.from({ length: 1_000 }, (_, i) => i % 30 === 0 ? 600 : 0);
  assertEquals(watch(waiting, bursts), [undefined, 1_000_000]);
  // The last burst came after 990 s, and lasts for 30 s.
  assertEquals(watch(waiting, Array(100).fill(0), 1_000_000), ["writeMs", 1_023_000]);
});

Deno.test("check() bounds the time that bytes taken earlier give to a reader that stalls", () => {
  const [soft, ms] = [256 * 1_024, 10_000];
  const waiting = new OutboundQueue({
    outboundBytesHard: 1 << 20,
    outboundBytesSoft: soft,
    outboundSoftMs: ms,
    writeMs: 10_000,
  });
  waiting.push(frame(10), false);
  const [limit, atMs] = watch(waiting, [1 << 30, ...Array(1_000).fill(0)]);
  // A third of a send buffer of 4 MiB, rounded up, at 25.6 KiB/s; then writeMs.
  assertEquals([limit, atMs <= 71_000], ["writeMs", true]);
});

Deno.test("check() does not hold unbounded frames against the hard bound", () => {
  const waiting = queue();
  waiting.push(frame(5_000), true);
  waiting.push(frame(1_000), false);
  assertEquals(waiting.heldBytes, 6_000);
  assertEquals(watch(waiting, Array(20).fill(10)), [undefined, 20_000]);
});

Deno.test("check() forgives a queue that was not over the hard bound in between", () => {
  const waiting = queue();
  waiting.push(frame(1_001), false);
  assertEquals(waiting.check(0), undefined);
  waiting.take();
  waiting.progressed(1);
  waiting.written();
  waiting.push(frame(1_001), false);
  assertEquals(waiting.check(2_500), undefined);
  waiting.progressed(1);
  assertEquals(waiting.check(5_000), undefined);
});

Deno.test("check() names the write deadline when nothing was taken for that long", () => {
  const waiting = queue();
  waiting.push(frame(10), false);
  waiting.take();
  assertEquals(waiting.check(0), undefined);
  assertEquals(waiting.check(2_999), undefined);
  assertEquals(waiting.check(3_000), "writeMs");
  waiting.progressed(1);
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
