import { assertEquals, assertThrows } from "@std/assert";
import { type Heap, HeapWatch } from "../../../server/process/heap_watch.ts";
import { roomOf } from "../../../server/process/heap.ts";

const MIB = 1_048_576;

/** A heap of 100 MiB, whose live objects and garbage the test chooses, and a clock that a collection moves. */
class TestHeap implements Heap {
  readonly roomBytes = 100 * MIB;
  live = 0;
  garbage = 0;
  collections = 0;
  collectionMs = 1;
  nowMs = 0;
  readonly events: string[] = [];
  readonly watch: HeapWatch;

  constructor(readonly canCollect = true) {
    this.watch = new HeapWatch({
      heap: this,
      clock: { wallMs: () => 0, monotonicMs: () => this.nowMs },
      logger: {
        error: (event: string) => this.events.push(event),
        info: (event: string) => this.events.push(event),
        warn: (event: string) => this.events.push(event),
        debug: () => {},
      },
    });
  }

  usedBytes(): number {
    return (this.live + this.garbage) * MIB;
  }

  get collect(): (() => void) | undefined {
    if (!this.canCollect) return undefined;
    return () => {
      this.collections++;
      this.garbage = 0;
      this.nowMs += this.collectionMs;
    };
  }

  /** True if memory is short at a look, some time later. */
  looks(live: number, garbage: number, laterMs = 1_000): boolean {
    [this.live, this.garbage] = [live, garbage];
    this.nowMs += laterMs;
    this.watch.tick();
    return this.watch.isShort;
  }
}

Deno.test("HeapWatch finds memory short above 80 % of live objects, until 75 %", () => {
  const heap = new TestHeap();
  assertEquals(heap.looks(79, 0), false);
  assertEquals([heap.looks(79, 20), heap.collections], [false, 1], "most of it was garbage");
  assertEquals(heap.looks(80, 5), true);
  assertEquals(heap.looks(76, 0, 60_000), true);
  assertEquals(heap.looks(74, 0), false);
  assertEquals(heap.events, ["memoryFull"]);
});

Deno.test("HeapWatch tells once what is wrong until it has been over for a minute", () => {
  const heap = new TestHeap();
  for (let i = 0; i < 3; i++) {
    assertEquals([heap.looks(81, 0), heap.looks(74, 0, 59_000)], [true, false]);
  }
  heap.looks(74, 0, 59_999);
  assertEquals(heap.events, ["memoryFull"]);
  heap.looks(74, 0, 1);
  heap.looks(81, 0);
  assertEquals(heap.events, ["memoryFull", "memoryFree", "memoryFull"]);
});

Deno.test("HeapWatch has room for few strangers from 88 to 85 % of live objects, and for none from 94 to 91 %", () => {
  const heap = new TestHeap();
  const strangersMax = (live: number): number => {
    heap.looks(live, 0, 6_000);
    return heap.watch.strangersMax;
  };
  assertEquals([79, 81, 85, 88, 86, 84].map(strangersMax), [Infinity, Infinity, Infinity, 64, 64, Infinity]);
  assertEquals([88, 94, 92, 90, 84].map(strangersMax), [64, 0, 0, 64, Infinity]);
  assertEquals(heap.events, ["memoryFull", "memoryExhausted"]);
});

Deno.test("HeapWatch keeps no last stranger out for garbage", () => {
  const heap = new TestHeap();
  heap.collectionMs = 1_000;
  heap.looks(81, 0);
  assertEquals([heap.looks(81, 18, 1), heap.watch.strangersMax], [true, 64], "a collection was just now");
  assertEquals([heap.looks(81, 18, 20_000), heap.watch.strangersMax], [true, Infinity]);
});

Deno.test("HeapWatch looks after five connections", () => {
  const heap = new TestHeap();
  heap.live = 95;
  for (let i = 0; i < 4; i++) heap.watch.took(55_296);
  assertEquals(heap.watch.strangersMax, Infinity);
  heap.watch.took(55_296);
  assertEquals(heap.watch.strangersMax, 0);
});

Deno.test("HeapWatch collects again only once the heap has grown, or after a while when memory is short", () => {
  const heap = new TestHeap();
  heap.looks(79, 3);
  assertEquals(heap.collections, 1);
  heap.looks(79, 4);
  assertEquals(heap.collections, 1, "it has grown by 4 % since");
  heap.looks(79, 5);
  assertEquals(heap.collections, 2);
  assertEquals(heap.looks(85, 0), true);
  assertEquals(heap.collections, 3);
  for (let i = 0; i < 4; i++) assertEquals(heap.looks(60, 25), true);
  assertEquals(heap.collections, 3, "within 5 s");
  assertEquals([heap.looks(60, 25, 1_001), heap.collections], [false, 4]);
});

Deno.test("HeapWatch spends a fraction of the time on collections, and calls memory short in between", () => {
  const heap = new TestHeap();
  heap.collectionMs = 500;
  assertEquals([heap.looks(79, 10), heap.collections], [false, 1]);
  assertEquals(
    [heap.looks(79, 10, 1_999), heap.collections],
    [true, 1],
    "a collection was less than 2 s ago",
  );
  assertEquals([heap.looks(79, 10, 4_000), heap.collections], [true, 1]);
  assertEquals([heap.looks(60, 30, 4_001), heap.collections], [false, 2], "20 times as long as one takes");
});

Deno.test("HeapWatch goes by used memory on a runtime that does not collect on request", () => {
  const heap = new TestHeap(false);
  assertEquals([heap.looks(60, 19), heap.looks(60, 20), heap.looks(60, 16), heap.looks(60, 14)], [
    false,
    true,
    true,
    false,
  ]);
});

Deno.test("HeapWatch.took() looks after 64 entries or 256 KiB", () => {
  for (const [count, bytes] of [[64, 1], [4, 65_536]] as const) {
    const heap = new TestHeap();
    heap.live = 90;
    for (let i = 1; i < count; i++) heap.watch.took(bytes);
    assertEquals(heap.watch.isShort, false);
    heap.watch.took(bytes);
    assertEquals(heap.watch.isShort, true);
  }
});

Deno.test("HeapWatch.read() refuses a log that fills 90 % of the room, and takes garbage for none", () => {
  const heap = new TestHeap();
  heap.live = 89;
  heap.garbage = 9;
  for (let i = 0; i < 100; i++) heap.watch.read(16_384);
  assertEquals(heap.collections, 1);
  heap.live = 95;
  const error = assertThrows(() => {
    for (let i = 0; i < 16; i++) heap.watch.read(16_384);
  }, Error);
  assertEquals(
    error.message,
    "the log does not fit in memory: 95 MiB of the 100 MiB that this process may use are taken before all of it " +
      "is read; start the node with DENO_V8_FLAGS=--max-old-space-size=MIB and more mebibytes (docs/install.md)",
  );
});

Deno.test("roomOf() leaves V8's room for young objects out", () => {
  // As measured: --max-old-space-size=64, 4,096; --max-heap-size=64.
  assertEquals([roomOf(160 * MIB), roomOf(4_192 * MIB)].map((bytes) => bytes / MIB), [64, 4_096]);
  assertEquals(roomOf(64 * MIB) < 54 * MIB, true, "V8 ends the process at 54 MiB");
});
