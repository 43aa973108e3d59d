/**
 * People who watch others at every simulated node, for as long as its process lives: what they know at the end is what
 * the node shows.
 *
 * @module
 */

import { featureSet } from "../../common/protocol/features.ts";
import type { Account } from "../../server/core/accounts/account.ts";
import { wildcardMatches } from "../../common/wildcard.ts";
import type { Node } from "../../server/node/node.ts";
import type { Outlet, OutputKind, PushSource } from "../../server/node/turn.ts";
import { KnownPeople, type KnownPerson, peopleTexts, type Watched } from "../testing/known_people.ts";
import type { Mutation } from "./mutation.ts";
import type { ServerProcess } from "./server_process.ts";

/** Interval of the comparisons, ms. */
const LOOK_MS = 500;

/** Time after the last change in which everything was told, ms. */
const TOLD_MS = 5_000;

/** Watches of each node. */
const WATCHED: readonly Watched[] = [
  { people: { limit: 2 } },
  { people: { match: "*~*", limit: 500 }, names: ["Name1", "name2~node1"] },
  { people: { after: "name1", limit: 1 } },
];

/** Comparisons of all watches, and the first that failed. */
export class Comparisons {
  count = 0;
  people = 0;
  pushes = 0;
  failure: string | undefined;

  /** Lets every node be watched. */
  get mutation(): Mutation {
    return {
      node: (node, process) => {
        for (const watched of WATCHED) this.#watch(node, process, watched);
        return node;
      },
    };
  }

  #watch(node: Node, process: ServerProcess, watched: Watched): void {
    const watcher = new SimulatedWatcher(node, watched);
    let [before, calmMs, pushes] = ["", 0, 0];
    process.every(LOOK_MS, () => {
      const shown = watcher.shown();
      const text = shown.join();
      // Who has come and gone between two looks shows in a push.
      calmMs = text === before && pushes === watcher.people.pushes ? calmMs + LOOK_MS : 0;
      before = text;
      this.pushes += watcher.people.pushes - pushes;
      pushes = watcher.people.pushes;
      if (calmMs < TOLD_MS || node.closing) return;
      // A push leaves when a list of the same moment does: the disk may be slow.
      node.whenDurable(() => {
        if (text !== before || pushes !== watcher.people.pushes) return;
        this.count++;
        this.people += shown.length - 1;
        const known = watcher.people.known().join();
        if (known === text) return;
        const { name, world } = process.machine;
        const where = `${name} at ${world.nowMs} ms, ${JSON.stringify(watched)}`;
        this.failure ??= `${where}: knows ${known}, and ${text} is shown`;
      });
    });
  }
}

/** A session that watches, without a connection. */
class SimulatedWatcher implements Outlet {
  readonly features = featureSet(["account-ids", "watch"]);
  readonly people: KnownPeople;
  readonly #node: Node;

  constructor(node: Node, watched: Watched) {
    this.#node = node;
    this.people = new KnownPeople(watched);
    const { people, names = [] } = watched;
    const range = people && { pattern: people.match ?? "*", after: people.after ?? "", limit: people.limit };
    const wish = { names: new Set(names.map((name) => name.toLowerCase())), range };
    const slices = node.people.watch(this, wish);
    while (!slices.next().done);
    this.people.begin(...this.#listed());
  }

  /** The state that the node shows. */
  shown(): readonly string[] {
    return peopleTexts(...this.#listed());
  }

  #listed(): [KnownPerson[], KnownPerson[]] {
    const { directory } = this.#node.state;
    const { people, names = [] } = this.people.watched;
    const person = (account: Account): KnownPerson => {
      const { name, id } = account;
      return { name, account: id, online: this.#node.isOnline(account) };
    };
    const inRange = people === undefined ? [] : [...directory.from("", people.after ?? "")]
      .filter(({ name }) => wildcardMatches(people.match ?? "*", name.toLowerCase())).slice(0, people.limit);
    return [inRange.map(person), names.flatMap((name) => directory.find(name) ?? []).map(person)];
  }

  leaves(_kind: OutputKind, _frame: Uint8Array, source?: PushSource): void {
    if (source !== undefined) this.people.take(source.push);
  }

  leavesInBlocks(): void {}
  leavesCopied(): void {}
  drop(): void {}

  releaseHeld(): boolean {
    return true;
  }
}
