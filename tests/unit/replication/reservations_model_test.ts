import { assertEquals } from "@std/assert";
import type { ReserveMessage } from "../../../server/ports/peer_message.ts";
import { Reservations, type Reserver } from "../../../server/replication/reservations.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

type Said = Parameters<Reserver["send"]>[0];

/** Nodes that all want one name, and the messages in transit: one queue for each direction. */
class Model {
  /** The outcome of each node's own request. */
  readonly outcomes = new Map<string, boolean>();
  /**
   * The node whose request each node has granted, and the answers to each node's own: with `outcomes`, the
   * whole state.
   */
  readonly #holders = new Map<string, string>();
  readonly #answers = new Map<string, string>();
  readonly #nodes = new Map<string, Reservations>();
  readonly #queues = new Map<string, { readonly what: string; arrive(): void }[]>();

  /** @param stamps moment of each node's request, by its own clock */
  constructor(readonly stamps: ReadonlyMap<string, number>) {
    for (const name of stamps.keys()) {
      this.#nodes.set(name, new Reservations(name));
      this.#post(`start ${name}`, "", () => this.#start(name));
    }
  }

  /** The queues whose next message may arrive. */
  get steps(): string[] {
    return [...this.#queues.keys()];
  }

  /** Key of the state: equal for equal states. */
  get key(): string {
    const queues = [...this.#queues].map(([queue, queued]) => `${queue}: ${queued.map(({ what }) => what)}`);
    const known = [this.outcomes, this.#holders, this.#answers].map((each) => [...each].toSorted());
    return JSON.stringify([queues.toSorted(), known]);
  }

  /** Delivers the next message of a queue. */
  step(queue: string): void {
    const queued = this.#queues.get(queue) ?? [];
    const next = queued.shift();
    if (queued.length === 0) this.#queues.delete(queue);
    next?.arrive();
  }

  #post(queue: string, what: string, arrive: () => void): void {
    const queued = this.#queues.get(queue);
    if (queued) queued.push({ what, arrive });
    else this.#queues.set(queue, [{ what, arrive }]);
  }

  #start(name: string): void {
    const peers = [...this.stamps.keys()].filter((each) => each !== name).map((peer) => ({
      name: peer,
      send: (message: Said) =>
        this.#post(`${name}>${peer}`, message.type, () => this.#heard(name, peer, message)),
    }));
    const done = (granted: boolean): void => {
      if (this.outcomes.has(name)) throw new Error("an answer came twice");
      this.outcomes.set(name, granted);
    };
    this.#nodes.get(name)?.reserve("ann", this.stamps.get(name) ?? 0, peers, 0, done);
  }

  #heard(from: string, to: string, message: Said): void {
    if (message.type === "release") {
      if (this.#holders.get(to) === from) this.#holders.delete(to);
      return this.#nodes.get(to)?.released(from, message.number);
    }
    const granted = this.#asked(from, to, message);
    if (granted) this.#holders.set(to, from);
    this.#post(`${from}<${to}`, String(granted), () => {
      this.#answers.set(`${from}<${to}`, String(granted));
      this.#nodes.get(from)?.answered(to, message.number, granted);
    });
  }

  #asked(from: string, to: string, message: ReserveMessage): boolean {
    const isTaken = this.outcomes.get(to) === true;
    return this.#nodes.get(to)?.asked(from, message, isTaken, 0) ?? false;
  }
}

function replayed(stamps: ReadonlyMap<string, number>, steps: readonly string[]): Model {
  const model = new Model(stamps);
  for (const step of steps) model.step(step);
  return model;
}

function assertOneGranted(model: Model, steps: readonly string[]): void {
  assertEquals(model.outcomes.size, model.stamps.size, `somebody has no answer after ${steps.join(", ")}`);
  const granted = [...model.outcomes].filter(([, isGranted]) => isGranted);
  assertEquals(granted.length, 1, `${granted.length} were granted after ${steps.join(", ")}`);
}

/** Runs every possible order of events. @returns the number of states */
function explore(stamps: ReadonlyMap<string, number>, first: readonly string[] = []): number {
  const known = new Set<string>();
  const waiting: (readonly string[])[] = [first];
  for (let steps = waiting.pop(); steps !== undefined; steps = waiting.pop()) {
    const model = replayed(stamps, steps);
    if (known.has(model.key)) continue;
    known.add(model.key);
    const next = model.steps;
    if (next.length === 0) assertOneGranted(model, steps);
    for (const step of next) waiting.push([...steps, step]);
  }
  return known.size;
}

Deno.test("Reservations: of two crossing requests one is granted, whatever the order of everything", () => {
  let states = 0;
  for (const [n1, n2] of [[1, 2], [2, 1], [1, 1]] as const) {
    states += explore(new Map([["n1", n1], ["n2", n2]]));
  }
  console.log(`${states} states`);
});

Deno.test("Reservations: of three requests that all cross one is granted, whatever arrives first", () => {
  const names = ["n1", "n2", "n3"];
  const begun = names.map((name) => `start ${name}`);
  let states = 0;
  for (const stamps of [[1, 2, 3], [1, 1, 1]]) {
    states += explore(new Map(names.map((name, i) => [name, stamps[i] ?? 0])), begun);
  }
  console.log(`${states} states`);
});

Deno.test("Reservations: of three or four requests at any time one is granted", () => {
  const runs = scale(5_000, 500_000);
  for (let run = 0; run < runs; run++) {
    const numbers = new SeededNumbers(run);
    const names = ["n1", "n2", "n3", "n4"].slice(0, 3 + numbers.below(2));
    const model = new Model(new Map(names.map((name) => [name, numbers.below(3)])));
    const steps: string[] = [];
    while (model.steps.length > 0) {
      const step = numbers.pick(model.steps);
      steps.push(step);
      model.step(step);
    }
    assertOneGranted(model, [`run ${run}`, ...steps]);
  }
  console.log(`${runs} runs`);
});
