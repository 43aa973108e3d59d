/**
 * A whole cluster with its clients, disks, networks and clocks, in one process and one thread. The seed
 * decides everything that happens.
 *
 * @module
 */

import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import type { NodeSettings } from "../../server/node/node_settings.ts";
import type { PeerAddress } from "../../server/ports/peers.ts";
import { Chance } from "./chance.ts";
import { Checks } from "./checks.ts";
import { Client } from "./client.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { DiskLife } from "./disk_ledger.ts";
import { type EntryPlace, EntryRegistry } from "./entry_registry.ts";
import { type Act, EventQueue } from "./event_queue.ts";
import { Machine } from "./machine.ts";
import { type Mutation, NO_MUTATION } from "./mutation.ts";
import { PeerWires } from "./peer_wires.ts";
import { Knowledge, type KnownInvitation, Person } from "./people.ts";
import type { FaultKind, Schedule, WorldSettings } from "./schedule.ts";
import type { ServerProcess } from "./server_process.ts";
import { Trace } from "./trace.ts";
import { Watch } from "./watch.ts";

/** Rates that guard against strangers are off: the people here are few and come from one address. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  registrationsPerHour: 0,
  registrationsPerTenMinutes: 0,
  loginFailuresPerMinute: 0,
  loginFailuresPerAddress: 0,
  strangerFailuresPerHour: 0,
};

/** Longest delay of a fast network or disk, ms. */
const FAST_MS = 100;

/** Options of a run. */
export interface WorldOptions {
  readonly mutation?: Mutation;
  /** True to keep the events as lines. */
  readonly isTraced?: boolean;
  /** True if more goes wrong than the schedule lists. */
  readonly isDisturbed?: boolean;
}

/** One simulated world: its parts, its virtual time and its queue of events. */
export class World {
  nowMs = 0;
  readonly limits = LIMITS;
  readonly settings: WorldSettings;
  readonly mutation: Mutation;
  readonly trace: Trace;
  readonly checks = new Checks();
  readonly registry = new EntryRegistry(this.checks);
  readonly chance: Chance;
  readonly watch: Watch;
  readonly wires: PeerWires;
  readonly machines: Machine[];
  /** The machine that one reaches under the name of a node, by the names of both; the first one unless given. */
  readonly routes = new Map<string, Machine>();
  readonly knowledge = new Knowledge();
  /** The invitations whose codes people know, the latest one last. */
  readonly invitations: KnownInvitation[] = [];
  readonly people: readonly Person[];
  readonly clients: readonly Client[];
  readonly connections = new Set<ClientConnection>();
  /** Number of applied faults of each kind. */
  readonly faults = new Map<FaultKind, number>();
  /** True once no further fault begins. */
  isHealed = false;
  /** True once the clients begin no further operation. */
  isQuiet = false;
  /** True if no delay by itself makes a peer look gone. */
  readonly isFast: boolean;
  /** True if operators act in it. */
  readonly hasOperators: boolean;
  /** True if it is fast and nothing goes wrong in it. */
  readonly isCalm: boolean;
  /** True if nothing goes wrong but the faults of its schedule, and it has some. */
  readonly hasFaults: boolean;
  readonly #queue = new EventQueue();
  readonly #ties: Chance;
  readonly #seed: number;

  constructor(schedule: Schedule, options: WorldOptions = {}) {
    const { mutation = NO_MUTATION, isTraced = false, isDisturbed = false } = options;
    const { seed, settings, faults, acts } = schedule;
    this.#seed = seed;
    this.settings = settings;
    this.isFast = settings.delayMsMax <= FAST_MS && settings.syncMsMax <= FAST_MS;
    this.isCalm = this.isFast && !isDisturbed && faults.length === 0 && settings.joinsAtMs === undefined &&
      settings.backlog === 0;
    this.hasOperators = acts.length > 0;
    this.hasFaults = faults.length > 0 && !isDisturbed;
    this.mutation = mutation;
    this.trace = new Trace(isTraced);
    this.chance = this.chanceOf("world");
    this.#ties = this.chanceOf("ties");
    this.watch = new Watch(this);
    this.wires = new PeerWires(this);
    this.machines = Array.from({ length: settings.machines }, (_, i) => {
      const isLast = i === settings.machines - 1;
      const machine = new Machine(this, `node${i + 1}`, isLast && settings.hasArchive);
      machine.hasJoined = !isLast || settings.joinsAtMs === undefined;
      machine.disk.keptPages = settings.keptPages;
      return machine;
    });
    this.people = Array.from(
      { length: settings.people },
      (_, i) => new Person(i, `user${i % settings.names}`),
    );
    this.clients = Array.from(
      { length: settings.clients },
      (_, i) => new Client(this, `client${i}`, this.people[i % this.people.length] as Person),
    );
  }

  /** The generator of one part of the world. */
  chanceOf(part: string): Chance {
    return new Chance(this.#seed, part);
  }

  /** The machine of that name. */
  machine(name: string): Machine {
    return this.machines.find((machine) => machine.name === name) as Machine;
  }

  /** The machine that another one reaches under the name of a node. */
  reached(from: Machine, node: string): Machine {
    return this.routes.get(`${from.name} ${node}`) ?? this.machine(node);
  }

  /** Adds a machine on which the node of another one runs too, with a copy of its disk. */
  addTwin(original: Machine): Machine {
    const number = this.machines.filter(({ node }) => node === original.node).length;
    const twin = new Machine(this, `${original.name}-twin${number}`, original.isArchive, original.node);
    twin.disk.restore(original.disk.copy());
    this.machines.push(twin);
    return twin;
  }

  /** Every disk that ever was in the world. */
  get lives(): readonly DiskLife[] {
    return this.machines.flatMap(({ disk }) => disk.lives);
  }

  /**
   * The disks with any of these entries, destroyed ones included: a node does not learn at once that the disk
   * of another is gone.
   */
  livesWithAny(places: readonly EntryPlace[] | undefined): DiskLife[] {
    return this.lives.filter((life) => life.hasAny(places));
  }

  /** The machines that are configured at this moment. */
  get members(): readonly Machine[] {
    return this.machines.filter(({ hasJoined, name, node }) => hasJoined && name === node);
  }

  /** The other nodes in the configuration of a server. */
  peersOf(machine: Machine): PeerAddress[] {
    const others = this.members.filter((other) => other.node !== machine.node);
    return others.map(({ name }, port) => ({ name, host: "192.0.2.100", port }));
  }

  /** The cluster in the configuration of a server. */
  clusterSettings(): Pick<NodeSettings, "nodes" | "clusterSize" | "registration"> {
    const serving = this.members.filter(({ isArchive }) => !isArchive);
    const nodes = serving.map(({ name }, port) => ({ name, host: "192.0.2.100", port }));
    const registration = this.settings.needsInvitations ? "invite" : "open";
    return { nodes, clusterSize: this.members.length, registration };
  }

  /** Adds an event at a moment. */
  at(atMs: number, act: Act): void {
    this.#queue.add(atMs, this.#ties.next(), act);
  }

  /** Adds an event after a while. */
  after(ms: number, act: Act): void {
    this.at(this.nowMs + ms, act);
  }

  /** Lets time pass up to a moment, or until an invariant is violated. */
  runUntil(untilMs: number): void {
    while (this.#queue.nextMs <= untilMs && this.checks.violation === undefined) {
      this.nowMs = this.trace.nowMs = this.#queue.nextMs;
      this.#queue.take()?.();
    }
    if (this.checks.violation === undefined) this.nowMs = this.trace.nowMs = untilMs;
  }

  /**
   * A process has ended: its connections break.
   *
   * @param isTold true if its peers hear of it at once
   */
  ended(process: ServerProcess, isTold: boolean): void {
    this.wires.ended(process, isTold);
    for (const connection of this.connections) if (connection.process === process) connection.break();
  }
}
