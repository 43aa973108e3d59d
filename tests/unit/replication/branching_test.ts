import { assertEquals, assertLess } from "@std/assert";
import type { ChainedPlace } from "../../../server/core/version.ts";
import { TRACED_MAX } from "../../../server/ports/peer_message.ts";
import { Branching } from "../../../server/replication/branching.ts";

const ORIGIN = "n1#a";

function place(seq: number, branch = 1): ChainedPlace {
  return { origin: ORIGIN, seq, stamp: 0, chain: seq * 2 + branch };
}

/** Searches two branches that part after an entry; returns the questions. */
function search(after: number, seen: number, end = seen): { branching: Branching; questions: number[][] } {
  const branching = new Branching(ORIGIN);
  if (seen > end) branching.endsBefore(end + 1);
  else branching.differs(place(seen));
  const questions: number[][] = [];
  while (branching.end === undefined && questions.length < 20) {
    const asked = branching.question();
    questions.push(asked);
    for (const seq of asked) {
      if (seq <= after) branching.isShared(place(seq, 0));
      else branching.differs(place(seq));
    }
  }
  return { branching, questions };
}

Deno.test("Branching finds where two branches part, with few questions that have room in a message", () => {
  for (const seen of [1, 2, 63, 64, 65, 1_000, 20_000, 5_000_000]) {
    for (const after of [0, 1, 2, 30, 63, 64, 700, 9_000, 19_998, 1_234_567, seen - 2, seen - 1]) {
      if (after < 0 || after >= seen) continue;
      const { branching, questions } = search(after, seen);
      const chain = after === 0 ? 0 : after * 2;
      assertEquals(
        branching.end,
        { origin: ORIGIN, after, chain, other: place(after + 1).chain },
        `${after} of ${seen}`,
      );
      assertEquals(branching.other, place(after + 1));
      assertLess(questions.length, 7, `${after} of ${seen}`);
      for (const asked of questions) {
        assertEquals(asked, [...new Set(asked)].sort((a, b) => a - b));
        assertEquals(asked.length <= TRACED_MAX && asked.every((seq) => seq >= 1 && seq <= seen), true);
      }
    }
  }
});

Deno.test("Branching asks first for what both ends have in memory", () => {
  const { questions } = search(4_999_990, 5_000_000);
  assertEquals(questions[0]?.every((seq) => seq >= 5_000_000 - 8_192), true);
});

Deno.test("Branching finds the end of a branch that the other one goes on from", () => {
  const { branching } = search(10, 500, 10);
  assertEquals([branching.end?.after, branching.other], [10, place(11)]);
});

Deno.test("Branching believes nothing that contradicts what it knows, and is not seen before a difference", () => {
  const branching = new Branching(ORIGIN);
  branching.isShared(place(5, 0));
  assertEquals([branching.isSeen, branching.end], [false, undefined]);
  branching.differs(place(4));
  assertEquals(branching.isSeen, false);
  branching.differs(place(7));
  branching.isShared(place(9, 0));
  branching.endsBefore(8);
  assertEquals([branching.isSeen, branching.shared?.seq, branching.other?.seq], [true, 5, 7]);
});
