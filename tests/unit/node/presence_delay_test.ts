/**
 * The sum of everything that presence waits for, from the session that ends to the screen of another person: at the same
 * node, and at another one.
 *
 * @module
 */

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

/** Longest time until a change is told (client protocol, PERSON), ms. */
const TOLD_MS = 1_000;
/** The changes of one person that are told so soon (client protocol, USER): somebody comes and goes, or loads the page anew. */
const AT_ONCE = 2;
const AT_ONCE_MS = 4_000;
/** Time on the way between two nodes, ms. */
const WAY_MS = 100;
const LOOK_MS = 100;
const STEP_MS = 20;
const NAMES = ["ann", "bob", "cleo", "dan", "eric", "fay"] as const;

/** A node with somebody who watches everybody. */
class WatchedNode {
  readonly replication: HeldReplication;
  readonly harness: NodeHarness;
  readonly known = new Map<string, boolean>();
  readonly #watcher: HarnessClient;
  readonly #phaseMs: number;

  /** @param phaseMs time of its first look: two nodes do not look at the same moment */
  constructor(number: number, phaseMs: number) {
    const origin = `node${number}#${"ab"[number - 1]?.repeat(12)}`;
    this.replication = new HeldReplication(origin);
    this.harness = new NodeHarness({}, undefined, origin, this.replication);
    this.#phaseMs = phaseMs;
    this.#watcher = this.harness.login(`watcher${number}`);
    this.#watcher.tell("useFeatures", { use: ["watch"] });
    assertEquals(this.#watcher.tell("watchPeople", { people: { limit: 500 } }), "ok");
  }

  pass(nowMs: number): void {
    const { harness } = this;
    harness.pass(STEP_MS);
    if (nowMs % LOOK_MS === this.#phaseMs) harness.node.replicated();
    harness.settle();
    for (const push of this.#watcher.takePushes()) {
      if (push.name === "person") this.known.set(push.payload.name, push.payload.change === "online");
    }
  }
}

/** Two nodes: people come and go at the first one. */
class Stage {
  readonly here: WatchedNode;
  readonly there: WatchedNode;
  readonly #sessions = new Map<string, HarnessClient>();
  /** Moments of the changes of each person, ms. */
  readonly #changes = new Map<string, number[]>();
  readonly #underway: { readonly atMs: number; readonly announced: string }[] = [];
  #nowMs = 0;
  #announced = 0;
  changes = 0;
  /** Longest time for which somebody was shown wrongly, ms: at each node. */
  readonly longestMs: [number, number] = [0, 0];

  constructor(phaseMs: number) {
    this.here = new WatchedNode(1, 0);
    this.there = new WatchedNode(2, phaseMs);
    for (const name of NAMES) this.here.harness.login(name).session.disconnected();
    this.#announced = this.here.replication.announced.length;
    this.here.harness.settle();
    const entries = this.here.harness.log.synced.map((entry) => encodeEntry(entry));
    this.there.harness.node.absorb(entries, () => {});
    this.pass(2 * AT_ONCE_MS);
  }

  /** Somebody comes, or goes: not one who has changed so often that it is flapping. */
  flip(name: string): void {
    // A change travels to the other node for longer at one time than at another.
    const since = this.#nowMs - AT_ONCE_MS - LOOK_MS;
    const lately = (this.#changes.get(name) ?? []).filter((ms) => ms > since);
    if (lately.length >= AT_ONCE) return;
    this.#changes.set(name, [...lately, this.#nowMs]);
    this.changes++;
    const session = this.#sessions.get(name);
    if (session === undefined) this.#sessions.set(name, this.here.harness.login(name));
    else {
      session.session.disconnected();
      this.#sessions.delete(name);
    }
  }

  pass(ms: number): void {
    for (const untilMs = this.#nowMs + ms; this.#nowMs < untilMs;) {
      this.#nowMs += STEP_MS;
      this.here.pass(this.#nowMs);
      this.#travel();
      this.there.pass(this.#nowMs);
      for (const name of NAMES) this.#look(name);
    }
  }

  #travel(): void {
    const { announced } = this.here.replication;
    for (const each of announced.slice(this.#announced)) {
      this.#underway.push({ atMs: this.#nowMs + WAY_MS, announced: each });
    }
    this.#announced = announced.length;
    while ((this.#underway[0]?.atMs ?? Infinity) <= this.#nowMs) {
      const arrived = this.#underway.shift()?.announced ?? "";
      const account = arrived.slice(1);
      if (arrived.startsWith("+")) this.there.replication.online.add(account);
      else this.there.replication.online.delete(account);
      this.there.harness.node.presence.changedElsewhere(account);
    }
  }

  #look(name: string): void {
    const changedMs = this.#changes.get(name)?.at(-1);
    if (changedMs === undefined) return;
    for (const [i, { known }] of [this.here, this.there].entries()) {
      if (known.get(name) === this.#sessions.has(name)) continue;
      this.longestMs[i] = Math.max(this.longestMs[i] ?? 0, this.#nowMs - changedMs);
    }
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ flip: fc.constantFrom(...NAMES) }) },
  { weight: 2, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 100 }) }) },
);

Deno.test("whoever does not flap is shown at both nodes within a second as they are, whatever the moments", () => {
  let changes = 0;
  const longestMs: [number, number] = [0, 0];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: LOOK_MS / STEP_MS - 1 }),
      fc.array(step, { minLength: 1, maxLength: 60, size: "max" }),
      (phase, steps) => {
        const stage = new Stage(phase * STEP_MS);
        for (const each of steps) {
          if ("flip" in each) stage.flip(each.flip);
          else stage.pass(each.pass * STEP_MS);
        }
        stage.pass(TOLD_MS);
        changes += stage.changes;
        for (const [i, ms] of stage.longestMs.entries()) {
          assertLess(ms, TOLD_MS, `at node${i + 1}`);
          longestMs[i] = Math.max(longestMs[i] ?? 0, ms);
        }
      },
    ),
    { numRuns: 300 },
  );
  assertGreater(Math.min(...longestMs), 0);
  console.log(`${changes} changes, told after at most ${longestMs.join(" and ")} ms`);
});
