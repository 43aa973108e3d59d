import { assertEquals } from "@std/assert";
import { AckDelays } from "../../../server/replication/ack_delays.ts";

/** A peer that acknowledges each of many entries after a delay. */
class Acknowledging {
  readonly delays = new AckDelays();
  nowMs = 0;
  #seq = 0;

  /** Writes an entry every 100 ms, or later if the one before is not acknowledged. */
  work(forMs: number, delayMs: number): void {
    for (const endMs = this.nowMs + forMs; this.nowMs < endMs;) {
      this.delays.written(++this.#seq, this.nowMs);
      this.nowMs += delayMs;
      this.delays.acknowledged(this.#seq, this.nowMs);
      this.nowMs += Math.max(0, 100 - delayMs);
    }
  }

  judge(...othersMs: readonly number[]): boolean {
    this.delays.judge(othersMs, this.nowMs);
    return this.delays.isSlow;
  }
}

Deno.test("AckDelays.medianMs() is the median of the last 5 s, or of the last five delays, once these span a second", () => {
  const peer = new Acknowledging();
  assertEquals(peer.delays.medianMs(0), undefined);
  peer.work(1_000, 20);
  assertEquals(peer.delays.medianMs(peer.nowMs), undefined, "900 ms from the first to the last");
  peer.work(100, 20);
  assertEquals(peer.delays.medianMs(peer.nowMs), 20);
  peer.work(3_000, 80);
  assertEquals(peer.delays.medianMs(peer.nowMs), 80);
  assertEquals(peer.delays.medianMs(peer.nowMs + 5_000), undefined, "the last five span 400 ms");
  assertEquals(peer.delays.latestMs(peer.nowMs + 5_000), 80);
  assertEquals(peer.delays.latestMs(peer.nowMs + 60_000), undefined, "too long ago");
  const sparse = new Acknowledging();
  for (let i = 0; i < 5; i++) {
    assertEquals(sparse.delays.medianMs(sparse.nowMs), undefined, `${i} delays`);
    sparse.nowMs += 10_000;
    sparse.work(1, 600);
  }
  assertEquals(sparse.delays.medianMs(sparse.nowMs), 600, "five, however far apart");
});

Deno.test("AckDelays times one entry at once, and takes an acknowledgement of an earlier one for none", () => {
  const delays = new AckDelays();
  delays.acknowledged(9, 0);
  for (let second = 0; second < 5; second++) {
    const atMs = second * 1_000;
    const seq = second * 10;
    delays.written(seq + 5, atMs);
    delays.written(seq + 6, atMs + 100);
    delays.acknowledged(seq + 4, atMs + 200);
    delays.acknowledged(seq + 6, atMs + 300);
    delays.written(seq + 7, atMs + 349);
    delays.acknowledged(seq + 7, atMs + 999);
  }
  assertEquals(delays.medianMs(4_999), 300);
});

Deno.test("AckDelays times no entry twice: a sync of other nodes' entries says nothing of a peer", () => {
  const delays = new AckDelays();
  for (let second = 0; second < 10; second++) {
    delays.written(0, second * 1_000);
    delays.acknowledged(0, second * 1_000 + 900);
  }
  assertEquals(delays.latestMs(10_000), undefined, "no entry of its own is there");
  for (let second = 10; second < 20; second++) {
    delays.written(1, second * 1_000);
    delays.acknowledged(1, second * 1_000 + 900);
  }
  assertEquals(delays.latestMs(20_000), 900);
  assertEquals(delays.medianMs(20_000), undefined, "one entry, timed once");
});

Deno.test("AckDelays.judge() finds a peer above 100 ms and above four times the others", () => {
  for (
    const [delayMs, othersMs, isSlow] of [
      [300, [5, 5], true],
      [300, [5], true],
      [101, [5], true],
      [100, [5], false],
      [300, [75, 75], false],
      [300, [74, 74], true],
      [300, [300, 300], false],
      [300, [300, 5], true],
      [300, [], false],
    ] as const
  ) {
    const peer = new Acknowledging();
    peer.work(5_000, delayMs);
    assertEquals(peer.judge(...othersMs), isSlow, `${delayMs} ms and ${othersMs}`);
  }
});

Deno.test("AckDelays.judge() takes one pause for no slow disk, however many wait for it", () => {
  const peer = new Acknowledging();
  peer.work(700, 700);
  peer.work(300, 150);
  assertEquals(peer.judge(5), false);
});

Deno.test("AckDelays.judge() lets a slow peer come back after 10 s below twice the others", () => {
  const peer = new Acknowledging();
  peer.work(3_000, 300);
  assertEquals(peer.judge(100), false);
  assertEquals(peer.judge(60), true);
  peer.work(5_000, 150);
  assertEquals(peer.judge(60), true);
  peer.work(9_900, 110);
  assertEquals(peer.judge(60), true, "steady from now on");
  peer.work(9_700, 110);
  assertEquals(peer.judge(60), true);
  peer.work(1_000, 110);
  assertEquals(peer.judge(60), false);
});

Deno.test("AckDelays.judge() begins the 10 s anew when the peer is slow meanwhile", () => {
  const peer = new Acknowledging();
  peer.work(3_000, 300);
  assertEquals(peer.judge(5), true);
  peer.work(5_000, 10);
  assertEquals(peer.judge(5), true);
  peer.work(9_000, 300);
  assertEquals(peer.judge(5), true);
  peer.work(5_000, 10);
  assertEquals(peer.judge(5), true);
  peer.work(9_000, 10);
  assertEquals(peer.judge(5), true);
  peer.work(1_200, 10);
  assertEquals(peer.judge(5), false);
});

Deno.test("AckDelays.judge() lets an idle peer come back, and one that is fast though others are faster", () => {
  const idle = new Acknowledging();
  idle.work(3_000, 300);
  assertEquals(idle.judge(5), true);
  idle.nowMs += 59_000;
  assertEquals(idle.judge(), true);
  idle.nowMs += 1_000;
  assertEquals(idle.judge(), false);
  const faster = new Acknowledging();
  faster.work(3_000, 300);
  assertEquals(faster.judge(1), true);
  faster.work(5_000, 49);
  assertEquals(faster.judge(1), true);
  faster.work(10_000, 49);
  assertEquals(faster.judge(1), false);
});

Deno.test("AckDelays finds a slow peer that is written to once in 3 s, and lets it come back", () => {
  const peer = new Acknowledging();
  for (let i = 0; i < 5; i++) {
    assertEquals(peer.judge(5), false);
    peer.nowMs += 2_700;
    peer.work(1, 300);
  }
  assertEquals(peer.judge(5), true);
  for (let i = 0; i < 8; i++) {
    peer.nowMs += 2_990;
    peer.work(1, 10);
    peer.judge(5);
  }
  assertEquals(peer.delays.isSlow, false);
});

Deno.test("AckDelays keeps a slow peer out that is written to once in 3 s", () => {
  const peer = new Acknowledging();
  peer.work(3_000, 300);
  assertEquals(peer.judge(5), true);
  for (let i = 0; i < 10; i++) {
    peer.nowMs += 2_700;
    assertEquals(peer.judge(5), true);
    peer.work(1, 300);
    assertEquals(peer.judge(5), true);
  }
});

Deno.test("AckDelays.clear() forgets all", () => {
  const peer = new Acknowledging();
  peer.work(3_000, 300);
  peer.judge(5);
  peer.delays.written(1_000, peer.nowMs);
  peer.delays.clear();
  peer.delays.acknowledged(1_000, peer.nowMs);
  assertEquals([peer.delays.isSlow, peer.delays.latestMs(peer.nowMs)], [false, undefined]);
});
