import { assertEquals, assertMatch } from "@std/assert";
import type { PeerStatus } from "../../../server/ports/node.ts";
import { aloneText, removedText, type Surroundings } from "../../../server/replication/alone.ts";

const IN_SYNC: PeerStatus = { name: "node2", state: "in sync", entriesBehind: 0 };
const GONE: PeerStatus = {
  name: "node3",
  state: "unreachable",
  entriesBehind: 0,
  reason: "10.0.0.3 is gone",
};

function refusedAs(code: PeerStatus["code"]): PeerStatus {
  return { name: "node2", state: "refused", entriesBehind: 0, reason: "who are you", ...(code && { code }) };
}

function around(given: Partial<Surroundings>): string | undefined {
  return aloneText({
    peers: [IN_SYNC, GONE],
    full: undefined,
    isRemoved: false,
    servesAlone: false,
    ...given,
  });
}

Deno.test("aloneText() says nothing of a node with a connected peer, or without peers", () => {
  assertEquals(around({}), undefined);
  for (const state of ["behind", "slow"] as const) {
    assertEquals(around({ peers: [{ ...IN_SYNC, state }, GONE] }), undefined);
  }
  assertEquals(around({ peers: [], full: "disk" }), undefined);
});

Deno.test("aloneText() says that the disk is full, and the way out", () => {
  assertMatch(
    around({ full: "memory" }) ?? "",
    /memory of this node is full.*takes nothing new.*delete messages/,
  );
  assertMatch(around({ full: "disk" }) ?? "", /disk of this node is full.*takes nothing in.*make room/);
});

Deno.test("aloneText() says of each peer why it does not count, and what to do, without its address", () => {
  assertEquals(
    around({ peers: [refusedAs("clock"), GONE] }),
    "what this node stores is on its own disk only: node2 has another time: set the clocks right; " +
      "node3 cannot be reached: see that it runs",
  );
  assertMatch(
    around({ peers: [refusedAs("fork")] }) ?? "",
    /node2 takes none of its entries.*chat-server status/,
  );
  assertMatch(
    around({ peers: [refusedAs("read-only")] }) ?? "",
    /node2 has a full disk or memory: make room/,
  );
});

Deno.test("aloneText() of a removed node says that it serves nobody, or that it was told to go on", () => {
  const peers = [refusedAs("stranger"), GONE];
  assertEquals(around({ peers, isRemoved: true, full: "disk" }), removedText());
  assertMatch(removedText(), /serves nobody.*another node.*add it.*SIGHUP.*--alone/);
  const told = around({ peers, isRemoved: true, servesAlone: true }) ?? "";
  assertMatch(told, /started with --alone: what it stores stays on its own disk/);
});
