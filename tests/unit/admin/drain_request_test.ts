import { assertEquals } from "@std/assert";
import { drainPath, parseDrainAnswer, parseDrainPath } from "../../../server/admin/drain_request.ts";
import { DRAIN_MS_MAX, DRAIN_MS_MIN } from "../../../server/ports/node.ts";

Deno.test("parseDrainPath() reads what drainPath() writes, and nothing beyond the bounds", () => {
  for (const forMs of [DRAIN_MS_MIN, 30_000, DRAIN_MS_MAX]) {
    assertEquals(parseDrainPath(drainPath(forMs)), forMs);
  }
  const refused = [DRAIN_MS_MIN - 1, DRAIN_MS_MAX + 1, "", "-1", "1000.5", "1e4", "999999999", "30000/"];
  for (const time of refused) assertEquals(parseDrainPath(`/drain/${time}`), undefined, `${time}`);
  assertEquals(parseDrainPath("/status"), undefined);
  console.log(`${refused.length} times refused`);
});

Deno.test("parseDrainAnswer() takes the answer of a node, and no other", () => {
  for (const problem of [null, "nowhere to go"]) {
    const answer = { node: "node1", problem };
    assertEquals(parseDrainAnswer(JSON.stringify(answer)), answer);
  }
  for (
    const wrong of [{ node: "node1" }, { node: 1, problem: null }, { node: "node1", problem: 1 }, [], null]
  ) {
    assertEquals(parseDrainAnswer(JSON.stringify(wrong)), undefined);
  }
});
