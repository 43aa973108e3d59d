import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import fastCheck from "fast-check";
import { AssertionError } from "../../../common/errors.ts";
import {
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
  isPaused,
  isServed,
  transition,
} from "../../../server/net/connection_state.ts";

const EVENTS = Object.keys(
  {
    handshaken: 0,
    delay: 1,
    suspend: 2,
    congest: 3,
    queue: 4,
    delayOver: 5,
    resume: 6,
    relieve: 7,
    turn: 8,
    malformed: 9,
    peerFinished: 10,
    close: 11,
    flushed: 12,
    end: 13,
  } satisfies Record<ConnectionEvent, number>,
) as ConnectionEvent[];

/** One word an event: the next state and its action; "-" for an ignored event, "!" for an impossible one. */
const CELLS: Readonly<Record<ConnectionState, string>> = {
  handshaking: "receiving+openSession ! ! ! ! ! ! ! ! ! ! ended+release ! ended+release",
  receiving:
    "! delayed suspended congested queued+awaitTurn ! - ! ! deaf+reportMalformed answering+reportFinished " +
    "flushing+flush ! ended+release",
  delayed: "! ! ! ! ! receiving - ! ! ! ! flushing+flush ! ended+release",
  suspended: "! ! ! ! ! ! receiving ! ! ! ! flushing+flush ! ended+release",
  congested: "! ! ! ! ! ! - receiving ! ! ! flushing+flush ! ended+release",
  queued: "! ! ! ! ! ! - ! receiving ! ! flushing+flush ! ended+release",
  deaf: "! ! ! ! ! ! - ! ! ! answering+reportFinished flushing+flush ! ended+release",
  answering: "! ! ! ! ! ! - ! ! ! ! lastFlush+flush ! ended+release",
  flushing: "! - - ! ! ! - ! ! ! lastFlush+reportFinished - lingering+closeWrite ended+release",
  lastFlush: "! ! ! ! ! ! - ! ! ! ! - ended+release ended+release",
  lingering: "! - - ! ! ! - ! ! ! ended+release - ! ended+release",
  ended: "- - - ! ! ! - ! ! ! - - - -",
};

const STATES = Object.keys(CELLS) as ConnectionState[];

/** All states and actions along a sequence of events, without the impossible events. */
function walk(
  events: readonly ConnectionEvent[],
): { states: ConnectionState[]; actions: ConnectionAction[] } {
  const states: ConnectionState[] = ["handshaking"];
  const actions: ConnectionAction[] = [];
  for (const event of events) {
    const state = states.at(-1) ?? "handshaking";
    if (cell(state, event) === "!") continue;
    const [next, action] = transition(state, event);
    states.push(next);
    if (action !== undefined) actions.push(action);
  }
  return { states, actions };
}

function cell(state: ConnectionState, event: ConnectionEvent): string {
  return CELLS[state].split(" ")[EVENTS.indexOf(event)] ?? "";
}

Deno.test("transition() has every cell of its table, and refuses impossible events", () => {
  let cells = 0;
  for (const state of STATES) {
    assertEquals(CELLS[state].split(" ").length, EVENTS.length, state);
    for (const event of EVENTS) {
      const expected = cell(state, event);
      cells++;
      if (expected === "!") {
        assertThrows(
          () => transition(state, event),
          AssertionError,
          `${state} cannot have the event ${event}`,
        );
      } else {
        const [next, action] = transition(state, event);
        const word = [next, ...(action === undefined ? [] : [action])].join("+");
        assertEquals(word, expected === "-" ? state : expected, `${state}, ${event}`);
      }
    }
  }
  assertEquals(cells, 168);
});

Deno.test("transition() reaches every state, and from every state the end", () => {
  const reached = new Set<ConnectionState>(["handshaking"]);
  for (const state of reached) {
    for (const event of EVENTS) if (cell(state, event) !== "!") reached.add(transition(state, event)[0]);
  }
  assertEquals([...reached].sort(), STATES.toSorted());
  for (const state of STATES) assertEquals(transition(state, "end")[0], "ended");
});

Deno.test("transition() leaves every pause by its own event, by close and by end", () => {
  const ends: Record<string, ConnectionEvent> = {
    delayed: "delayOver",
    suspended: "resume",
    congested: "relieve",
    queued: "turn",
  };
  const paused = STATES.filter(isPaused);
  assertEquals(paused, Object.keys(ends) as ConnectionState[]);
  for (const state of paused) {
    assertEquals(transition(state, ends[state] ?? "end")[0], "receiving");
    for (const event of ["close", "end"] as const) assertEquals(isPaused(transition(state, event)[0]), false);
  }
});

Deno.test("isServed() holds from the session's beginning to close", () => {
  assertEquals(STATES.filter(isServed), [
    "receiving",
    "delayed",
    "suspended",
    "congested",
    "queued",
    "deaf",
    "answering",
  ]);
});

Deno.test("transition() takes each step at most once, and releases exactly when the connection ends", () => {
  let ends = 0;
  fastCheck.assert(
    fastCheck.property(fastCheck.array(fastCheck.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
      const { states, actions } = walk(events);
      const once = actions.filter((action) => action !== "awaitTurn");
      assertEquals(new Set(once).size, once.length, once.join());
      const endsAt = states.indexOf("ended");
      assertEquals(actions.indexOf("release"), endsAt < 0 ? -1 : actions.length - 1);
      if (endsAt < 0) return;
      ends++;
      assertEquals(states.slice(endsAt).every((state) => state === "ended"), true);
    }),
    { numRuns: 2_000 },
  );
  assertGreater(ends, 500);
  console.log(`checked 2000 sequences of events, ${ends} of them to the end`);
});

Deno.test("transition() serves no session again after close or the other end's end", () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.array(fastCheck.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
      const { states } = walk(events);
      const closedAt = states.findIndex((state) => state !== "handshaking" && !isServed(state));
      if (closedAt >= 0) assertEquals(states.slice(closedAt).some(isServed), false);
      const finishedAt = states.indexOf("answering");
      if (finishedAt >= 0) assertEquals(states.slice(finishedAt).includes("receiving"), false);
    }),
    { numRuns: 2_000 },
  );
});
