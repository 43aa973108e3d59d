/**
 * Schedules in which a data folder is copied and all copies run at the same time, each with clients of its own,
 * other peers and other cuts. The fork must be found by everybody who can tell the branches apart, the copies must
 * stop serving, and after the repair nothing that was acknowledged may be missing anywhere.
 *
 * @module
 */

import { readForks } from "../../server/log/fork_file.ts";
import { Chance } from "./chance.ts";
import { bring } from "./faults.ts";
import type { Machine } from "./machine.ts";
import type { Mutation } from "./mutation.ts";
import { withoutReality } from "./reality.ts";
import type { FaultKind, Schedule } from "./schedule.ts";
import { scheduleOf } from "./swarm.ts";
import { TwinEntries } from "./twin_entries.ts";
import type { TwinsKind } from "./twin_kinds.ts";
import { TwinRepair } from "./twin_repair.ts";
import { Replies } from "./twin_replies.ts";
import { World } from "./world.ts";

/** Faults that may come on top; none of them changes the content of a disk. */
const FAULTS: ReadonlySet<FaultKind> = new Set(["cutOneWay", "cutBothWays", "reset", "freeze", "slow"]);

/** Times of the copies and of the healing, and time for finding each other and the fork after that, ms. */
const COPY_MS = 1_500;
const SECOND_COPY_MS = 2_500;
const HEAL_MS = 5_000;
const PEACE_MS = 15_000;

/** Operations of clients in a schedule. */
const OPERATIONS = 25;

/** Most messages of a client to a copy that has a long branch: a search asks for 64 places at a time. */
const MESSAGES_MAX = 60;

/** Delay of a message between two nodes where two copies reach the same peers, ms. */
const DELAY_MS = 150;

/** The result of one schedule. */
export interface TwinsResult {
  /** True if two copies wrote, so that there are two branches. */
  readonly isForked: boolean;
  /** Number of messages that any copy acknowledged after the copying. */
  readonly acknowledged: number;
  /** The failure; `undefined` if there is none. */
  readonly problem: string | undefined;
}

/** Runs the schedule of a seed with copies of a data folder. */
export function simulateTwins(seed: number, kind: TwinsKind = "apart", mutation: Mutation = {}): TwinsResult {
  return withoutReality(() => {
    const schedule = scheduleOf(seed);
    const settings = {
      ...schedule.settings,
      machines: kind === "three copies" ? 4 : 3,
      joinsAtMs: undefined,
      backlog: 0,
      hasArchive: false,
      // So slow that a stream ends before a search is over, and so fast that one takes less than its time limit.
      ...(kind === "same peers" ? { delayMs: DELAY_MS, delayMsMax: DELAY_MS } : {}),
    };
    const replies = new Replies();
    const world = new World({ ...schedule, settings }, {
      isDisturbed: true,
      mutation: { ...mutation, ...replies.mutation(mutation) },
    });
    return new TwinsRun(world, schedule, replies, kind).run();
  });
}

class TwinsRun {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #replies: Replies;
  readonly #kind: TwinsKind;
  readonly #chance: Chance;
  readonly #original: Machine;
  readonly #copies: Machine[];
  readonly #others: readonly Machine[];
  #entries = new TwinEntries("");
  /** The line of the entry that one of the others has lost. */
  #lost: string | undefined;

  constructor(world: World, schedule: Schedule, replies: Replies, kind: TwinsKind) {
    this.#world = world;
    this.#schedule = schedule;
    this.#replies = replies;
    this.#kind = kind;
    this.#chance = new Chance(schedule.seed, "twins");
    this.#original = this.#chance.pick(world.machines);
    this.#copies = [this.#original];
    this.#others = world.machines.filter((machine) => machine !== this.#original);
  }

  run(): TwinsResult {
    const world = this.#world;
    const { operations, faults, healsAtMs } = this.#schedule;
    for (const machine of world.machines) machine.start();
    const scale = (HEAL_MS - COPY_MS) / healsAtMs;
    // With an account, its messages go, which is no loss.
    for (const operation of operations.filter(({ kind }) => kind !== "deleteAccount").slice(0, OPERATIONS)) {
      world.at(this.#chance.between(0, HEAL_MS), () => world.clients[operation.client]?.add(operation));
    }
    world.runUntil(COPY_MS);
    world.checks.isOff = true;
    this.#copy();
    for (const fault of faults) {
      if (FAULTS.has(fault.kind)) world.at(COPY_MS + fault.atMs * scale, () => bring(world, fault));
    }
    if (this.#kind === "three copies") {
      this.#sendAt(this.#original);
      world.runUntil(SECOND_COPY_MS);
      this.#copy();
    }
    for (const copy of this.#copies) this.#sendAt(copy);
    const before = this.#replies.ids.size;
    world.runUntil(HEAL_MS);
    this.#comeTogether();
    const acknowledged = this.#replies.ids.size - before;
    const isForked = this.#copies.some((copy) => this.#entries.differ(this.#original, copy));
    const problem = world.checks.violation?.message ?? this.#problem() ?? this.#replies.problem ??
      (isForked ? this.#problemAfterRepair() : undefined);
    return { isForked, acknowledged, problem };
  }

  /** Copies the disk, and starts the node on both. */
  #copy(): void {
    this.#original.kill();
    const twin = this.#world.addTwin(this.#original);
    this.#copies.push(twin);
    this.#original.start();
    twin.start();
    this.#entries = new TwinEntries(this.#original.process?.origin ?? "");
    if (this.#kind === "same peers") { for (const other of this.#others) this.#cut(twin, other); }
    else if (this.#kind === "apart") this.#cutAtRandom(twin);
    else this.#assign();
  }

  /** The others reach one of the two copies, or none. */
  #cutAtRandom(twin: Machine): void {
    for (const other of this.#others) {
      if (this.#chance.is(0.5)) this.#world.routes.set(`${other.name} ${twin.node}`, twin);
      for (const copy of this.#copies) if (this.#chance.is(0.4)) this.#cut(copy, other);
    }
    const [one, two] = this.#others as [Machine, Machine];
    if (this.#chance.is(0.4)) this.#cut(one, two);
  }

  /** Each of the others reaches one copy alone, and none of the others. */
  #assign(): void {
    this.#others.forEach((other, i) => {
      const own = this.#copies[i % this.#copies.length] as Machine;
      this.#world.routes.set(`${other.name} ${own.node}`, own);
      for (const copy of this.#copies) if (copy !== own) this.#cut(copy, other);
      for (const each of this.#others.slice(0, i)) this.#cut(each, other);
    });
  }

  #cut(a: Machine, b: Machine): void {
    this.#world.wires.cut(a, b);
    this.#world.wires.cut(b, a);
  }

  /** Lets some clients send to a copy. */
  #sendAt(copy: Machine): void {
    const world = this.#world;
    const machine = world.machines.indexOf(copy);
    const times = this.#kind === "same peers" ? this.#chance.whole(1, MESSAGES_MAX) : 1;
    for (const client of world.clients) {
      if (this.#chance.is(0.4)) continue;
      for (let i = 0; i < times; i++) {
        const atMs = this.#chance.between(COPY_MS + 200, HEAL_MS - 500);
        const pick = this.#chance.below(1_000);
        world.at(
          Math.max(atMs, world.nowMs),
          () => client.add({ atMs, kind: "send", client: 0, machine, pick, size: 0 }),
        );
      }
    }
  }

  /** Ends the cuts, and gives everybody time. */
  #comeTogether(): void {
    const world = this.#world;
    world.isQuiet = true;
    if (this.#kind === "gap") this.#loseEntry(this.#others[0] as Machine);
    this.#heal();
    if (this.#kind === "holder away") this.#comeBack();
    else if (this.#kind === "apart" && this.#chance.is(0.5)) this.#keepApart();
    world.runUntil(world.nowMs + PEACE_MS);
    if (this.#kind === "holder away") this.#lookOnceMore();
  }

  /** The search of a copy was cut short when the copies went away: it is started again, as its message says. */
  #lookOnceMore(): void {
    const unfound = this.#copies.filter(({ halted }) => halted?.includes("it looks once more"));
    if (unfound.length === 0) return;
    for (const copy of unfound) {
      copy.halted = undefined;
      copy.start();
    }
    this.#world.runUntil(this.#world.nowMs + PEACE_MS);
  }

  #heal(): void {
    this.#world.wires.heal();
    for (const machine of this.#world.machines) {
      machine.process?.thaw();
      machine.start();
    }
  }

  /** Each copy reaches another node only, and these reach each other. */
  #keepApart(): void {
    const { routes } = this.#world;
    const twin = this.#copies[1] as Machine;
    const [one, two] = this.#others as [Machine, Machine];
    this.#cut(this.#original, two);
    this.#cut(twin, one);
    routes.set(`${two.name} ${twin.node}`, twin);
    routes.delete(`${one.name} ${twin.node}`);
  }

  /** The others meet while the copies are away; then the original comes back, and the holder of the other branch late. */
  #comeBack(): void {
    const world = this.#world;
    const [holder, away] = this.#others as [Machine, Machine];
    for (const copy of this.#copies) for (const other of this.#others) this.#cut(copy, other);
    world.runUntil(world.nowMs + PEACE_MS);
    away.kill();
    away.isWanted = false;
    if (this.#chance.is(0.5)) {
      holder.kill();
      holder.start();
    }
    world.wires.heal();
    world.runUntil(world.nowMs + PEACE_MS);
    const { halted, name } = this.#original;
    if (
      halted === undefined && this.#entries.differ(this.#original, away) && holder.process?.mesh.forks.length
    ) {
      this.#replies.problem ??= `${name} is not told of its fork`;
    }
    away.start();
  }

  /** One of the others loses an entry of the copied origin. */
  #loseEntry(machine: Machine): void {
    machine.process?.thaw();
    machine.kill();
    this.#lost = this.#entries.lose(machine, this.#chance.below(1_000), this.#world.nowMs);
  }

  #problem(): string | undefined {
    const third = this.#others.find(({ halted }) => halted !== undefined);
    if (third !== undefined) return `${third.name} has halted: ${third.halted}`;
    const differ = (a: Machine, b: Machine): boolean => this.#entries.differ(a, b);
    if (!this.#copies.some((copy) => differ(this.#original, copy))) return undefined;
    const running = this.#copies.filter(({ halted }) => halted === undefined);
    if (running.length > 0 && this.#kind === "same peers") return `${running[0]?.name} goes on`;
    const [first, ...rest] = running;
    if (first !== undefined && rest.some((copy) => differ(first, copy))) return "two copies go on";
    // One goes on if nobody who could tell it holds the branch of another.
    const differing = this.#others.find((other) => running.some((copy) => differ(copy, other)));
    if (differing !== undefined) return `${first?.name} goes on, and ${differing.name} holds another branch`;
    for (const { name, halted, disk } of this.#copies) {
      if (halted === undefined) continue;
      if (!halted.includes(`${this.#entries.origin} is not the same at two nodes`)) {
        return `${name} has halted: ${halted}`;
      }
      if (readForks(disk)[0]?.origin !== this.#entries.origin) return `${name} does not keep the fork`;
    }
    // One that has nothing behind the branching takes nothing of any branch, and need not know.
    const holders = this.#others.filter((one) => this.#others.some((two) => differ(one, two)));
    const blind = holders.find(({ process }) => process?.mesh.forks[0]?.origin !== this.#entries.origin);
    return blind && `${blind.name} does not know of the fork`;
  }

  #problemAfterRepair(): string | undefined {
    this.#world.wires.heal();
    const others = this.#others;
    const repair = new TwinRepair({
      world: this.#world,
      copies: this.#copies,
      others,
      entries: this.#entries,
    });
    const running = this.#copies.find(({ halted }) => halted === undefined);
    // A copy that goes on may know of one of two branchings alone, or of an earlier one than that behind a gap.
    if (this.#kind === "three copies" || this.#kind === "gap" || this.#chance.is(0.5)) repair.asPrinted();
    else repair.keeping(running ?? this.#chance.pick(this.#copies), this.#chance.is(0.5));
    return repair.problem(this.#replies.ids, this.#lost);
  }
}
