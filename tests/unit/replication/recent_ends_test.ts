import { assertEquals } from "@std/assert";
import { listed } from "../../../server/replication/handshake.ts";
import { RecentEnds } from "../../../server/replication/recent_ends.ts";
import { chainedPlace } from "../../testing/chained_place.ts";
import { MemoryHistory } from "../../testing/memory_history.ts";
import { messageOf } from "../../testing/mesh_member.ts";

function grow(history: MemoryHistory): void {
  const seq = history.entries.length + 1;
  history.append({ origin: "n1#a", seq, stamp: seq, ...messageOf(1) });
}

Deno.test("RecentEnds counts what was there at the start as old", () => {
  const history = new MemoryHistory();
  grow(history);
  const ends = new RecentEnds(history.end);
  assertEquals(ends.at(-1_000_000).position, 1);
});

Deno.test("RecentEnds says where the log ended at a time, as it was then", () => {
  const history = new MemoryHistory();
  const ends = new RecentEnds(history.end);
  for (const timeMs of [100, 200, 300]) {
    grow(history);
    ends.record(timeMs, history.end);
    ends.record(timeMs + 50, history.end);
  }
  const positions = [99, 100, 150, 199, 200, 299, 300, 9_999].map((timeMs) => ends.at(timeMs).position);
  assertEquals(positions, [0, 1, 1, 1, 2, 2, 3, 3]);
  assertEquals(listed(ends.at(200).version), [chainedPlace("n1#a", 2, (seq) => seq)]);
});

Deno.test("RecentEnds forgets what is older than 3 s, but for the last of it", () => {
  const history = new MemoryHistory();
  const ends = new RecentEnds(history.end);
  for (let timeMs = 0; timeMs <= 10_000; timeMs += 100) {
    grow(history);
    ends.record(timeMs, history.end);
  }
  assertEquals([7_000, 6_999, 8_550].map((timeMs) => ends.at(timeMs).position), [71, 0, 86]);
  assertEquals(ends.at(6_999).version.size, 0);
});
