import { assertEquals } from "@std/assert";
import { grouped, guaranteeText, peerStateText } from "../../../common/protocol/cluster_status.ts";

Deno.test("peerStateText() says how far a peer is", () => {
  const cases = [
    ["in sync", 0, "in sync"],
    ["in sync", 12, "in sync"],
    ["behind", 1_204, "behind by 1,204 entries"],
    ["behind", 1, "behind by 1 entry"],
    ["behind", 0, "behind"],
    ["unreachable", 0, "unreachable"],
    ["unreachable", 7, "unreachable, behind by 7 entries"],
    ["refused", 1, "refused, behind by 1 entry"],
  ] as const;
  for (const [state, behind, text] of cases) assertEquals(peerStateText({ state, behind }), text);
});

Deno.test("guaranteeText() says what may be lost", () => {
  const now = "a message that is stored now is on";
  const cases = [
    [1, 1, `${now} one disk, as there is one node: it is lost with it`],
    [1, 3, `${now} 1 of 3 disks, that of this node: it is lost if that one is`],
    [2, 3, `${now} 2 of 3 disks: any one node may be lost`],
    [3, 3, `${now} 3 of 3 disks: any 2 nodes may be lost`],
    [4, 5, `${now} 4 of 5 disks: any 3 nodes may be lost`],
  ] as const;
  for (const [copies, nodes, text] of cases) assertEquals(guaranteeText({ copies, nodes }), text);
});

Deno.test("grouped() sets a comma between groups of three digits", () => {
  const counts = [0, 7, 999, 1_000, 12_345, 999_999, 1_000_000, 2 ** 53 - 1];
  assertEquals(counts.map(grouped), [
    "0",
    "7",
    "999",
    "1,000",
    "12,345",
    "999,999",
    "1,000,000",
    "9,007,199,254,740,991",
  ]);
});
