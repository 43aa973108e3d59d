/**
 * Random lives of a connection, for `scripted_connection.ts`.
 *
 * @module
 */

import fastCheck from "fast-check";
import type { Answer, Script, Step } from "./scripted_connection.ts";

const ANSWERS: fastCheck.Arbitrary<Answer> = fastCheck.record({
  replyBytes: fastCheck.constantFrom(0, 0, 10, 300),
  slices: fastCheck.constantFrom(0, 0, 0, 1, 4),
  waitMs: fastCheck.constantFrom(0, 0, 0, 500, 2_500, Infinity),
  then: fastCheck.oneof(
    { weight: 14, arbitrary: fastCheck.constant("nothing" as const) },
    { weight: 1, arbitrary: fastCheck.constantFrom("close" as const, "throw" as const) },
  ),
});

/** Random sessions. */
export const SCRIPTS: fastCheck.Arbitrary<Script> = fastCheck.record({
  answers: fastCheck.array(ANSWERS, { minLength: 1, maxLength: 8 }),
  closesAtOpening: fastCheck.integer({ min: 0, max: 19 }).map((n) => n === 0),
  closesWhenMalformed: fastCheck.boolean(),
  closesWhenFinished: fastCheck.boolean(),
  deadlineMs: fastCheck.constantFrom(Infinity, Infinity, 6_000),
});

const OFTEN: fastCheck.Arbitrary<Step> = fastCheck.oneof(
  fastCheck.record({
    do: fastCheck.constant("frames" as const),
    count: fastCheck.integer({ min: 1, max: 6 }),
    payloadBytes: fastCheck.constantFrom(0, 40, 900),
  }),
  fastCheck.record({ do: fastCheck.constant("written" as const), bytes: fastCheck.constantFrom(5, 10_000) }),
  fastCheck.record({
    do: fastCheck.constant("wait" as const),
    ms: fastCheck.constantFrom(500, 1_000, 2_500),
  }),
  fastCheck.record({
    do: fastCheck.constant("send" as const),
    bytes: fastCheck.constantFrom(10, 500, 1_500),
  }),
  fastCheck.record({ do: fastCheck.constantFrom("resume" as const, "part" as const) }),
);

const SELDOM: fastCheck.Arbitrary<Step> = fastCheck.record({
  do: fastCheck.constantFrom(
    ...["garbage", "peerCloses", "readFails", "writeFails", "close", "end"] as const,
  ),
});

/** Random courses of events: mostly after a handshake, and seldom to an early end. */
export const STEPS: fastCheck.Arbitrary<readonly Step[]> = fastCheck.tuple(
  fastCheck.integer({ min: 0, max: 19 }),
  fastCheck.array(
    fastCheck.oneof({ weight: 30, arbitrary: OFTEN }, { weight: 1, arbitrary: SELDOM }),
    { maxLength: 40, size: "max" },
  ),
).map(([chance, steps]) => {
  const handshake: Step = { do: "handshake", fails: chance === 0 };
  const at = chance === 1 ? Math.min(2, steps.length) : 0;
  return steps.toSpliced(at, 0, handshake);
});
