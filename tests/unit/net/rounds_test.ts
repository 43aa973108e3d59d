import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import fastCheck from "fast-check";
import { Rounds, Share } from "../../../server/net/rounds.ts";

const LIMITS = { workPerShare: 100, workPerRound: 400, listWorkPerRound: 60 };

/** A connection that has work in pieces, as `FrameIntake` and its session do it. */
class Worker {
  readonly share: Share;
  /** Pieces of work that wait: lists or frames, by units. */
  readonly pieces: { readonly isList: boolean; readonly units: number }[] = [];
  isQueued = false;
  /** Rounds for which it has been waiting, and the most so far, with the number of shares that waited before it. */
  waitedSince = 0;
  readonly waits: { readonly rounds: number; readonly others: number }[] = [];
  othersAtWait = 0;
  worked = 0;

  constructor(readonly rounds: Rounds) {
    this.share = new Share(rounds, () => {
      this.isQueued = false;
      this.waits.push({ rounds: rounds.number - this.waitedSince, others: this.othersAtWait });
      this.work();
    });
  }

  work(): void {
    if (this.isQueued) return;
    for (let piece = this.pieces[0]; piece !== undefined; piece = this.pieces[0]) {
      if (!(piece.isList ? this.share.mayGoOn : this.share.mayTake(piece.units))) {
        this.isQueued = true;
        this.waitedSince = this.rounds.number;
        this.othersAtWait = this.rounds.waiting;
        return this.share.wait();
      }
      this.pieces.shift();
      if (piece.isList) this.share.use(piece.units);
      else this.share.take(piece.units);
      this.worked += piece.units;
    }
  }
}

function workers(count: number): { rounds: Rounds; all: Worker[]; asked: () => number } {
  let asked = 0;
  const rounds = new Rounds(LIMITS, () => asked++);
  return { rounds, all: Array.from({ length: count }, () => new Worker(rounds)), asked: () => asked };
}

const ARRIVAL = fastCheck.record({
  worker: fastCheck.nat(19),
  isList: fastCheck.boolean(),
  units: fastCheck.integer({ min: 1, max: 60 }),
  count: fastCheck.integer({ min: 1, max: 30 }),
});

Deno.test("Rounds: nobody waits for more rounds than others wait before, whatever arrives", () => {
  let waits = 0;
  fastCheck.assert(
    fastCheck.property(
      fastCheck.array(fastCheck.array(ARRIVAL, { maxLength: 6 }), { minLength: 1, maxLength: 40 }),
      (roundsOfArrivals) => {
        const { rounds, all } = workers(20);
        for (const arrivals of roundsOfArrivals) {
          for (const { worker, isList, units, count } of arrivals) {
            const each = all[worker];
            for (let i = 0; i < count; i++) each?.pieces.push({ isList, units });
            each?.work();
          }
          rounds.next();
        }
        for (let i = 0; rounds.waiting > 0; i++) {
          assertLessOrEqual(i, 20_000, "the work never ends");
          rounds.next();
        }
        for (const { pieces, waits: own } of all) {
          assertEquals(pieces.length, 0);
          waits += own.length;
          for (const { rounds, others } of own) assertLessOrEqual(rounds, others + 1);
        }
      },
    ),
    { numRuns: 300 },
  );
  assertGreater(waits, 1_000);
});

Deno.test("Rounds: connections that always have work get the same, within two shares", () => {
  for (const isList of [true, false]) {
    const { rounds, all } = workers(10);
    for (const worker of all) {
      for (let n = 0; n < 5_000; n++) worker.pieces.push({ isList, units: 10 });
      worker.work();
    }
    for (let i = 0; i < 200; i++) rounds.next();
    const worked = all.map((worker) => worker.worked);
    assertGreater(Math.min(...worked), 10 * LIMITS.workPerShare);
    assertLessOrEqual(Math.max(...worked) - Math.min(...worked), 2 * LIMITS.workPerShare);
  }
});

Deno.test("Rounds: one with few frames is not kept waiting by those with lists, one after the other", () => {
  const { rounds, all } = workers(11);
  const [light, ...greedy] = all;
  for (const worker of greedy) {
    for (let n = 0; n < 1_000; n++) worker.pieces.push({ isList: true, units: 50 });
    worker.work();
  }
  // At first they wait like everybody else: none has used up a share.
  for (let i = 0; i < greedy.length; i++) rounds.next();
  for (let i = 0; i < 50; i++) {
    light?.pieces.push({ isList: false, units: 5 });
    light?.work();
    assertEquals(light?.pieces.length, 0, "taken at once");
    light?.pieces.push({ isList: true, units: 5 });
    light?.work();
    rounds.next();
    assertEquals(light?.pieces.length, 0, "one round later at the latest");
  }
});

Deno.test("Rounds: lists of one connection get more while no other works, and as little as ever once another does", () => {
  const { rounds, all: [busy, other] } = workers(2);
  for (let n = 0; n < 10_000; n++) busy?.pieces.push({ isList: true, units: 10 });
  busy?.work();
  const worked = (): number => {
    const before = busy?.worked ?? 0;
    rounds.next();
    return (busy?.worked ?? 0) - before;
  };
  const alone = Array.from({ length: 8 }, worked);
  const beside = Array.from({ length: 8 }, () => {
    other?.pieces.push({ isList: false, units: 5 });
    other?.work();
    assertEquals(other?.pieces.length, 0, "taken at once");
    return worked();
  });
  console.log(`units in each round: alone ${alone}, beside another ${beside}`);
  assertEquals(alone.slice(-4), Array(4).fill(4 * LIMITS.listWorkPerRound));
  assertEquals(beside.slice(1), Array(7).fill(LIMITS.listWorkPerRound));
  assertEquals(alone[0], LIMITS.listWorkPerRound);
});

Deno.test("Rounds: a frame that takes many shares is paid off in as many rounds, and keeps nobody else waiting", () => {
  const { rounds, all } = workers(11);
  const [light, ...greedy] = all;
  const large = 7 * LIMITS.workPerShare;
  for (const worker of greedy) {
    for (let n = 0; n < 20; n++) worker.pieces.push({ isList: false, units: large });
    worker.work();
  }
  for (let i = 0; i < greedy.length; i++) rounds.next();
  for (let i = 0; i < 70; i++) {
    light?.pieces.push({ isList: false, units: 5 });
    light?.work();
    rounds.next();
    assertEquals(light?.pieces.length, 0, "one round later at the latest");
  }
  for (const { worked } of greedy) assertLessOrEqual(worked, 13 * large);
  assertGreater(Math.min(...greedy.map(({ worked }) => worked)), 4 * large);
});

Deno.test("Rounds: whoever sends a large frame stands behind those with small ones", () => {
  const { rounds, all } = workers(21);
  const [light, ...greedy] = all;
  const large = 7 * LIMITS.workPerShare;
  for (let i = 0; i < 30; i++) {
    for (const worker of greedy) {
      worker.pieces.push({ isList: false, units: large });
      worker.work();
    }
    light?.pieces.push({ isList: false, units: 5 });
    light?.work();
    const before = greedy.reduce((sum, { worked }) => sum + worked, 0);
    rounds.next();
    assertEquals(light?.pieces.length, 0, "one round later at the latest");
    assertLessOrEqual(greedy.reduce((sum, { worked }) => sum + worked, 0) - before, large);
  }
});

Deno.test("Rounds ask for the next one while work remains or half of a bound is used, once, and else never", () => {
  const { rounds, all: [one, two], asked } = workers(2);
  one?.share.take(49);
  two?.share.take(49);
  assertEquals(asked(), 0);
  one?.share.take(1);
  one?.share.take(60);
  assertEquals(asked(), 1);
  assertEquals(one?.share.mayTake(1), false);
  one?.share.wait();
  assertEquals([asked(), rounds.waiting], [1, 1]);
  rounds.next();
  assertEquals([asked(), rounds.waiting], [1, 0]);
  two?.share.use(30);
  assertEquals(asked(), 2);
  one?.share.wait();
  one?.share.leave();
  rounds.next();
  assertEquals([asked(), rounds.waiting], [2, 0]);
});

Deno.test("Rounds: lists of all connections together get no more than twice their bound in a round", () => {
  const { rounds, all } = workers(20);
  const workedSoFar = (): number => all.reduce((sum, { worked }) => sum + worked, 0);
  for (const worker of all) for (let n = 0; n < 100; n++) worker.pieces.push({ isList: true, units: 20 });
  for (const worker of all) worker.work();
  for (let i = 0; i < 40; i++) {
    const before = workedSoFar();
    rounds.next();
    // The first of each queue always works, up to its share.
    assertLessOrEqual(workedSoFar() - before, 2 * LIMITS.listWorkPerRound);
  }
});
