import { assertEquals } from "@std/assert";
import { FirstLook, isRemoved, type Standing } from "../../../server/replication/membership.ts";

Deno.test("isRemoved() needs a stranger's refusal, and nobody who can be reached and says otherwise", () => {
  for (
    const [standings, expected] of [
      [[], false],
      [["stranger"], true],
      [["stranger", "stranger"], true],
      [["stranger", "unreachable"], true],
      [["stranger", "unasked"], true],
      [["stranger", "member"], false],
      [["stranger", "refused"], false],
      [["unreachable", "unreachable"], false],
      [["refused", "unreachable"], false],
    ] as readonly [Standing[], boolean][]
  ) {
    assertEquals(isRemoved(standings), expected, standings.join());
  }
});

Deno.test("FirstLook ends when a peer takes the node, or all were asked, or after a second", () => {
  for (
    const [standings, ms, isOver] of [
      [["unasked", "unasked"], 999, false],
      [["unasked", "unasked"], 1_000, true],
      [["stranger", "unasked"], 500, false],
      [["member", "unasked"], 0, true],
      [["stranger", "unreachable"], 0, true],
    ] as readonly [Standing[], number, boolean][]
  ) {
    const look = new FirstLook(true, 5_000);
    look.look(standings, 5_000 + ms);
    assertEquals(look.isOver, isOver, `${standings} after ${ms} ms`);
    look.look(["unasked"], 5_000);
    assertEquals(look.isOver, isOver, "what is over stays over");
  }
  assertEquals(new FirstLook(false, 0).isOver, true);
});
