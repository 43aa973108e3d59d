import { assertEquals } from "@std/assert";
import { CHAINS_KEPT, RecentChains } from "../../../server/log/recent_chains.ts";

Deno.test("RecentChains knows the chains of the latest entries of an origin, and none of earlier or later ones", () => {
  const chains = new RecentChains();
  for (let seq = 1; seq <= 3 * CHAINS_KEPT; seq++) {
    chains.add({ origin: "n1#a", seq, stamp: seq + 10, chain: seq + 7 });
    if (seq === 1_000) {
      assertEquals([1, 999, 1_000, 1_001].map((at) => chains.at("n1#a", at)?.chain), [
        8,
        1_006,
        1_007,
        undefined,
      ]);
      assertEquals(chains.at("n1#a", 999)?.stamp, 1_009);
    }
  }
  const first = 2 * CHAINS_KEPT + 1;
  assertEquals(
    [first - 1, first, 3 * CHAINS_KEPT, 3 * CHAINS_KEPT + 1].map((seq) => chains.at("n1#a", seq)?.chain),
    [
      undefined,
      first + 7,
      3 * CHAINS_KEPT + 7,
      undefined,
    ],
  );
  assertEquals(chains.at("n1#a", first)?.stamp, first + 10);
  assertEquals(chains.at("n2#b", 1), undefined);
});

Deno.test("RecentChains knows nothing before a gap, and behind it stamps alone", () => {
  const chains = new RecentChains();
  chains.add({ origin: "n1#a", seq: 1, stamp: 1, chain: 5 });
  chains.add({ origin: "n1#a", seq: 4, stamp: 4, chain: undefined });
  chains.add({ origin: "n1#a", seq: 5, stamp: 5, chain: undefined });
  const reached = (seq: number) => ({ seq, stamp: seq, chain: undefined });
  assertEquals([1, 3, 4, 5].map((seq) => chains.at("n1#a", seq)), [
    undefined,
    undefined,
    reached(4),
    reached(5),
  ]);
});

Deno.test("RecentChains remembers sixteen origins, those that began latest", () => {
  const chains = new RecentChains();
  for (let i = 0; i < 20; i++) chains.add({ origin: `n${i}#a`, seq: 1, stamp: 1, chain: 9 });
  assertEquals(chains.at("n3#a", 1), undefined);
  assertEquals(chains.at("n4#a", 1)?.chain, 9);
});
