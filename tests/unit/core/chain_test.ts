import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { FIRST_CHAIN, nextChain } from "../../../server/core/chain.ts";
import { advance, type Reached } from "../../../server/core/version.ts";

Deno.test("nextChain() is MurmurHash3 of two numbers of 64 bits, seeded with the chain before", () => {
  fc.assert(fc.property(fc.nat(0xffff_ffff), fc.maxSafeNat(), fc.maxSafeNat(), (chain, seq, stamp) => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(seq), true);
    view.setBigUint64(8, BigInt(stamp), true);
    assertEquals(nextChain(chain, seq, stamp), murmur3(bytes, chain) || 1);
  }));
});

Deno.test("murmur3() of this test gives the published values", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  assertEquals(murmur3(bytes("test"), 0), 0xba6bd213);
  assertEquals(murmur3(bytes("test"), 0x9747b28c), 0x704b81dc);
});

Deno.test("advance() chains the entries of an origin, and knows no chain behind a gap", () => {
  const version = new Map<string, Reached>();
  const chainOf = (): number | undefined => version.get("n1#a")?.chain;
  advance(version, { origin: "n1#a", seq: 1, stamp: 10 });
  assertEquals(chainOf(), nextChain(FIRST_CHAIN, 1, 10));
  advance(version, { origin: "n1#a", seq: 2, stamp: 20 });
  assertEquals(chainOf(), nextChain(nextChain(FIRST_CHAIN, 1, 10), 2, 20));
  advance(version, { origin: "n1#a", seq: 4, stamp: 40 });
  assertEquals(chainOf(), undefined);
  advance(version, { origin: "n1#a", seq: 5, stamp: 50 });
  assertEquals(chainOf(), undefined);
});

Deno.test("nextChain() of two branches differs from the first entry that differs on", () => {
  fc.assert(fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 50 }), (gaps) => {
    let [one, other, stamp] = [7, 7, 1_000];
    for (const [i, gap] of gaps.entries()) {
      stamp += gap + 1;
      one = nextChain(one, i + 1, stamp);
      other = nextChain(other, i + 1, i === 0 ? stamp + 1 : stamp);
      assertNotEquals(one, other, `entry ${i + 1}`);
    }
  }));
});

/** MurmurHash3, x86, 32 bits, of whole words, written from its definition with whole numbers. */
function murmur3(bytes: Uint8Array, seed: number): number {
  const mask = 0xffff_ffffn;
  const rotated = (word: bigint, by: bigint): bigint => (word << by | word >> 32n - by) & mask;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hash = BigInt(seed);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    let word = BigInt(view.getUint32(at, true)) * 0xcc9e2d51n & mask;
    word = rotated(word, 15n) * 0x1b873593n & mask;
    hash = rotated(hash ^ word, 13n) * 5n + 0xe6546b64n & mask;
  }
  hash ^= BigInt(bytes.length);
  hash = (hash ^ hash >> 16n) * 0x85ebca6bn & mask;
  hash = (hash ^ hash >> 13n) * 0xc2b2ae35n & mask;
  return Number(hash ^ hash >> 16n);
}
