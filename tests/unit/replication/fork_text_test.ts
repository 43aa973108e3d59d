import { assertEquals } from "@std/assert";
import { unsearchedText } from "../../../server/replication/fork_text.ts";

Deno.test("unsearchedText() says which entry, why, and what to do, and throws nothing away", () => {
  assertEquals(
    unsearchedText({ origin: "n1#a", seq: 4, stamp: 1 }),
    "entry 4 of n1#a is not the same at two nodes: a data folder was copied or restored, and both copies were " +
      "used. Keep all data folders. Nodes of version 1.0 cannot look for the entry after which they part: upgrade " +
      "all nodes, and start this one again: it looks, and then gives the way out, by which nothing is lost",
  );
});
