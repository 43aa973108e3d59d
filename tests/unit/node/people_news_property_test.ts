import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness } from "../../testing/node_harness.ts";
import type { Watched } from "../../testing/known_people.ts";
import { WatchingModel } from "../../testing/watching_model.ts";

const ORIGINS = ["node2#bbbbbbbbbbbb", "node3#cccccccccccc"] as const;
/** How far the clock of each origin is behind that of the node: what arrives later may be earlier. */
const BEHIND = [0, 5_000_000] as const;
const NAMES = ["ann", "Bea", "bob", "Carl", "cleo", "dan", "w1"] as const;
const WATCHERS = ["w1", "w2", "w3"] as const;

type Step =
  | { readonly do: "create"; readonly name: number; readonly origin: number }
  | { readonly do: "delete" | "forget"; readonly account: number; readonly origin: number }
  | { readonly do: "flip"; readonly account: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "watch"; readonly watcher: number; readonly watched: Watched };

const name = fc.constantFrom<string>(...NAMES, "bob~node2", "nobody");
const people = fc.record({
  match: fc.constantFrom("*", "b*", "*a*", "?o?", "c*", "*~*", "zz*"),
  after: fc.constantFrom("", "ann", "Bob", "c", "zz"),
  limit: fc.integer({ min: 1, max: 5 }),
}, { requiredKeys: ["limit"] });
const watched = fc.oneof(
  fc.record({ people }),
  fc.record({ names: fc.array(name, { maxLength: 4 }) }),
  fc.record({ people, names: fc.array(name, { maxLength: 4 }) }),
);
const origin = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("create" as const), name: fc.nat(NAMES.length - 1), origin }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), account: fc.nat(30), origin }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), account: fc.nat(30), origin }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("flip" as const), account: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("watch" as const), watcher: fc.nat(2), watched }) },
);

/** A node whose peers create and delete accounts, and three clients that watch. */
class Stage {
  readonly replication = new HeldReplication();
  readonly harness = new NodeHarness({}, undefined, undefined, this.replication);
  readonly models: WatchingModel[];
  readonly #accounts: string[] = [];
  readonly #deleted = new Set<string>();
  readonly #seqs = [0, 0];

  constructor(watched: readonly Watched[]) {
    this.models = WATCHERS.map((name, i) => {
      const client = this.harness.login(name);
      client.tell("useFeatures", { use: ["account-ids", "watch"] });
      return new WatchingModel(client, watched[i] ?? { names: [] });
    });
    for (const model of this.models) model.begin();
  }

  play(step: Step): void {
    switch (step.do) {
      case "create": {
        const name = NAMES[step.name] ?? "ann";
        const account = `${name.toLowerCase()}.${String(this.#accounts.length).padStart(12, "0")}`;
        this.#accounts.push(account);
        return this.#absorb(step.origin, { type: "accountCreated", account, name, hash: "h" });
      }
      case "delete": {
        const account = this.#account(step.account);
        this.#deleted.add(account);
        return this.#absorb(step.origin, { type: "accountDeleted", account });
      }
      case "forget": {
        const account = this.#account(step.account);
        // A name is forgotten once every node has the deletion.
        if (!this.#deleted.has(account)) return;
        return this.#absorb(step.origin, { type: "nameForgotten", account });
      }
      case "flip":
        return this.#flip(this.#account(step.account));
      case "pass":
        return this.pass(step.ms);
      case "watch": {
        const client = this.models[step.watcher]?.client;
        if (client === undefined) return;
        const model = new WatchingModel(client, step.watched);
        this.models[step.watcher] = model;
        model.begin();
      }
    }
  }

  #account(number: number): string {
    return this.#accounts[number % Math.max(1, this.#accounts.length)] ?? "nobody.000000000000";
  }

  #absorb(of: number, event: Event): void {
    const [origin, behind] = [ORIGINS[of] ?? ORIGINS[0], BEHIND[of] ?? 0];
    const seq = this.#seqs[of] = (this.#seqs[of] ?? 0) + 1;
    const stamp = this.harness.time.wallMs * 1_000 - behind + seq;
    this.harness.node.absorb([encodeEntry(entryOf(origin, seq, stamp, event))], () => {});
  }

  /** The order of replication: it updates its own knowledge, then reports. */
  #flip(account: string): void {
    if (!this.replication.online.delete(account)) this.replication.online.add(account);
    this.harness.node.presence.changedElsewhere(account);
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.harness.settle();
      this.harness.pass(Math.min(left, 100));
      this.harness.node.replicated();
    }
    for (const model of this.models) model.take();
  }
}

Deno.test("whatever happens to people, who watches them knows in the end what LIST_USERS shows", () => {
  let [changes, pushes, rows] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.array(watched, { minLength: 3, maxLength: 3 }),
      fc.array(step, { minLength: 1, maxLength: 60, size: "max" }),
      (watches, steps) => {
        const stage = new Stage(watches);
        for (const each of steps) stage.play(each);
        stage.pass(6_000);
        for (const model of stage.models) {
          const { known, shown } = model.compared();
          assertEquals(known, shown, JSON.stringify(model.watched));
          pushes += model.pushes;
          rows += shown.length - 1;
        }
        changes += steps.length;
      },
    ),
    { numRuns: 1_000 },
  );
  assertGreater(pushes, changes / 10);
  console.log(`${changes} steps, ${pushes} pushes, ${rows} people known in the end`);
});
