import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { entryOf } from "../../../server/core/entry.ts";
import { seqOf } from "../../../server/core/version.ts";
import { OutgoingStream } from "../../../server/replication/outgoing_stream.ts";
import type { EntriesMessage } from "../../../server/ports/peer_message.ts";
import { messageOf } from "../../testing/mesh_member.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { type HeldLink, N2, StreamHarness } from "./stream_harness.ts";
import { encoded, linesOf } from "../../testing/encoded_entries.ts";

const ENTRIES = 1_000;
const BYTES = 4 * 1_048_576;

/** A stream to n2, which has no entries, and the messages in transit to it. */
class Window extends StreamHarness {
  readonly link: HeldLink;
  readonly stream: OutgoingStream;
  readonly flying: EntriesMessage[] = [];
  readonly arrived = new Map<string, number[]>();
  entriesMax = 0;
  bytesMax = 0;

  /**
   * @param length length of each message's content, of which `count` are this node's and as many another's
   */
  constructor(count: number, length: number, isSlow: boolean) {
    super();
    this.#write(count, length);
    this.member.history.isSlow = isSlow;
    const none = (): void => {};
    this.stream = new OutgoingStream(this.options, N2, {
      opened: none,
      advanced: none,
      reserved: none,
      ended: none,
    });
    this.link = this.dials[0]?.link as HeldLink;
    this.stream.received(this.hello());
    this.tick();
  }

  tick(): void {
    const { position, version } = this.member.history.end;
    this.stream.tick(this.pass(100), { position, version: new Map(version) });
    this.look();
  }

  #write(count: number, length: number): void {
    for (let i = 0; i < count; i++) {
      this.member.write(1, messageOf(length));
      const seq = seqOf(this.member.version, "n3#c") + 1;
      this.member.absorb(encoded([entryOf("n3#c", seq, seq, messageOf(length))]), () => {});
    }
    this.member.sync();
  }

  /** Writes as many entries again while the peer acknowledges nothing. */
  grow(count: number, length: number): void {
    [this.entriesMax, this.bytesMax] = [0, 0];
    this.#write(count, length);
    for (let i = 0; i < 10; i++) {
      this.stream.synced();
      this.tick();
      this.read();
    }
  }

  read(): void {
    this.member.history.finishReading();
    this.look();
  }

  look(): void {
    this.flying.push(...this.link.take("entries"));
    const entries = this.flying.reduce((sum, { count }) => sum + count, 0);
    const bytes = this.flying.reduce((sum, { lines }) => sum + lines.length, 0);
    this.entriesMax = Math.max(this.entriesMax, entries);
    this.bytesMax = Math.max(this.bytesMax, bytes);
  }

  /** The peer acknowledges some of the messages that have arrived. */
  acknowledge(count: number): void {
    const messages = this.flying.splice(0, count);
    const number = messages.at(-1)?.number;
    if (number === undefined) return;
    for (const line of messages.flatMap(({ lines }) => linesOf(lines))) {
      const { origin, seq } = JSON.parse(line);
      const seqs = this.arrived.get(origin) ?? [];
      this.arrived.set(origin, seqs);
      seqs.push(seq);
    }
    const version = [...this.arrived].map(([origin, seqs]) => ({ origin, seq: seqs.at(-1) ?? 0, stamp: 1 }));
    this.stream.received({ type: "ack", number, version });
    this.look();
  }
}

for (const isSlow of [false, true]) {
  Deno.test(`at most 1000 entries and 4 MiB fly, and everything arrives once and in order (${isSlow ? "files" : "memory"})`, () => {
    for (const [count, length, limit] of [[3_000, 1, "entries"], [500, 16_000, "bytes"]] as const) {
      const window = new Window(count, length, isSlow);
      const numbers = new SeededNumbers(length);
      for (let rounds = 0; (window.arrived.get("n3#c")?.length ?? 0) < count && rounds < 10_000; rounds++) {
        if (numbers.below(2) === 0) window.read();
        if (numbers.below(3) === 0) window.acknowledge(1 + numbers.below(window.flying.length + 1));
        if (numbers.below(5) === 0) window.tick();
        assertLessOrEqual(window.entriesMax, ENTRIES);
        assertLessOrEqual(window.bytesMax, BYTES);
      }
      const all = Array.from({ length: count }, (_, i) => i + 1);
      assertEquals(window.arrived.get("n3#c"), all);
      while (window.flying.length > 0) window.acknowledge(1);
      assertEquals(window.arrived.get("n1#aaaaaaaaaaaa"), all);
      // The window is used well, at the end as much as at the start.
      window.grow(count, length);
      if (limit === "entries") assertGreater(window.entriesMax, ENTRIES * 0.7);
      else assertGreater(window.bytesMax, BYTES * 0.7);
    }
  });
}

Deno.test("nothing more is read while the window is full", () => {
  const window = new Window(3_000, 1, false);
  const { history } = window.member;
  const read = history.entriesRead;
  for (let i = 0; i < 50; i++) window.tick();
  window.stream.synced();
  assertEquals(history.entriesRead, read);
  assertLessOrEqual(read, ENTRIES * 2 + 4 * 256);
});

Deno.test("an entry that is longer than the window goes alone", () => {
  const window = new Window(2, 5_000_000, false);
  assertEquals(window.flying.length, 1);
  for (let i = 0; i < 3; i++) {
    assertEquals(window.flying.map(({ count }) => count), [1]);
    window.acknowledge(1);
  }
  window.acknowledge(1);
  assertEquals([...window.arrived.values()], [[1, 2], [1, 2]]);
});
