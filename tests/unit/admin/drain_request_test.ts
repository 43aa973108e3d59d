import { assertEquals } from "@std/assert";
import { parseDrainAnswer, parseDrainRequest } from "../../../server/admin/drain_request.ts";
import { DRAIN_MS_MAX, DRAIN_MS_MIN } from "../../../server/ports/node.ts";

Deno.test("parseDrainRequest() takes a time, and none beyond the bounds", () => {
  for (const forMs of [DRAIN_MS_MIN, 30_000, DRAIN_MS_MAX]) {
    assertEquals(parseDrainRequest(JSON.stringify({ forMs })), { forMs });
  }
  const times = [DRAIN_MS_MIN - 1, DRAIN_MS_MAX + 1, "", "30000", -1, 1000.5, null];
  const refused = ["", "[]", "{}", ...times.map((forMs) => JSON.stringify({ forMs }))];
  const problem = `forMs must be a time from ${DRAIN_MS_MIN} to ${DRAIN_MS_MAX} ms`;
  for (const json of refused) assertEquals(parseDrainRequest(json), problem, json);
  console.log(`${refused.length} requests refused`);
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
