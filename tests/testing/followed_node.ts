/**
 * A node of which messages leave memory as its archive follows it.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { type Entry, entryOf } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { seqOf } from "../../server/core/version.ts";
import { ResidentMessages } from "../../server/node/resident_messages.ts";
import type { HarnessClient } from "./harness_client.ts";
import { MemoryArchive } from "./memory_archive.ts";
import { NodeHarness } from "./node_harness.ts";
import { VirtualTimers } from "./virtual_timers.ts";

/** The UUID with this number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A node whose archive follows it when told, and two people. */
export class FollowedNode {
  readonly harness: NodeHarness;
  readonly archived = new State();
  readonly archive = new MemoryArchive(() => this.archived);
  readonly timers = new VirtualTimers();
  readonly residents: ResidentMessages;
  readonly ann: HarnessClient;
  readonly bob: HarnessClient;

  /** @param limits in place of the usual ones */
  constructor(limits: Partial<Limits> = {}) {
    this.harness = new NodeHarness(limits);
    const { harness, archive, timers } = this;
    [this.ann, this.bob] = [harness.login("ann"), harness.login("bob")];
    harness.archive.ask = (query, done) => archive.ask(query, done);
    const after = (ms: number, callback: () => void) => {
      const id = timers.set(callback, ms);
      return () => timers.clear(id);
    };
    this.residents = new ResidentMessages({ state: harness.state, archive, timers: { after } });
  }

  /** Account id of a name; empty if it has none. */
  id(name: string): string {
    return this.harness.state.directory.find(name)?.id ?? "";
  }

  /** ann sends messages to bob, who reads them. */
  talk(from: number, to: number): void {
    for (let number = from; number <= to; number++) {
      this.ann.tell("sendMessage", { to: "bob", content: `text ${number}`, id: uuid(number) });
      this.harness.pass(1);
    }
    this.bob.tell("readMessages", { with: "ann" });
  }

  /** Lets the archive fold everything in the log, and what may leave memory leave it. */
  follow(): void {
    const { synced } = this.harness.log;
    for (const entry of synced.slice(this.archived.position)) evolve(this.archived, entry);
    this.residents.reached(synced.length);
    this.settle();
  }

  /** Lets what is under way end. */
  settle(): void {
    for (let i = 0; i < 20; i++) this.timers.pass(10);
  }

  /** Entries of another node. */
  peers(
    ...sent: readonly { readonly id: string; readonly content: string; readonly stamp: number }[]
  ): Entry[] {
    const origin = "node2#bbbbbbbbbbbb";
    const first = seqOf(this.harness.state.version, origin) + 1;
    const [from, to] = [this.id("ann"), this.id("bob")];
    return sent.map(({ id, content, stamp }, i) =>
      entryOf(origin, first + i, stamp, { type: "messageSent", id, from, to, content })
    );
  }

  /** Numbers of the messages in memory. */
  get resident(): number[] {
    return [...this.harness.state.messages.all()].map(({ id }) => Number(id.slice(-3))).sort((a, b) => a - b);
  }
}
