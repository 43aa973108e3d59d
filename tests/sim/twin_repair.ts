/**
 * The ways out of a fork in a simulation, as an operator takes them.
 *
 * @module
 */

import { giveNewOrigin, keepOrigin } from "../../server/log/new_origin.ts";
import { sha256 } from "../../server/process/system_ports.ts";
import { wholeState } from "./invariants/residency.ts";
import { stateDigest } from "../testing/state_digest.ts";
import type { Machine } from "./machine.ts";
import type { TwinEntries } from "./twin_entries.ts";
import type { World } from "./world.ts";

/** Time for finding each other, and the fork if there is one left, ms. */
const PEACE_MS = 15_000;

/** Repairs until no node sees a fork: another one for each node that held a branch unawares. */
const ROUNDS = 3;

/** The machines of a fork. */
export interface Twins {
  readonly world: World;
  /** The machines on which one node runs, each with a copy of its data folder. */
  readonly copies: readonly Machine[];
  readonly others: readonly Machine[];
  readonly entries: TwinEntries;
}

/** Repairs a fork. */
export class TwinRepair {
  readonly #twins: Twins;
  /** The copy that goes on. */
  last: Machine;

  constructor(twins: Twins) {
    this.#twins = twins;
    this.last = twins.copies[0] as Machine;
  }

  /** The steps that every message gives: each folder gets a new origin, and the copies run one after the other. */
  asPrinted(): void {
    const { world, copies, others } = this.#twins;
    for (let round = 1; round <= ROUNDS; round++) {
      for (const machine of [...copies, ...others]) this.#stop(machine);
      for (const machine of [...copies, ...others]) giveNewOrigin(machine.disk, sha256, world.nowMs);
      for (const machine of others) machine.start();
      if (copies.every((copy) => this.#showsNoFork(copy))) return;
    }
  }

  /** Runs a copy in the place of the one before; returns true if no node sees a fork then. */
  #showsNoFork(copy: Machine): boolean {
    this.#runAlone(copy);
    return this.#isOver;
  }

  /**
   * One copy keeps its origin; the others, and all who hold their branches, get a new one and bring their entries.
   *
   * @param isForgetful true if the machines that are no copies are not repaired before the copy shows a fork
   */
  keeping(kept: Machine, isForgetful: boolean): void {
    const { world, copies, others, entries } = this.#twins;
    const moved = copies.filter((copy) => copy !== kept);
    for (const machine of copies) this.#stop(machine);
    const differing = others.filter((other) => !isForgetful && entries.differ(other, kept));
    this.#giveNewOrigin([...moved, ...differing]);
    for (const machine of others) machine.start();
    for (const copy of moved) this.#runAlone(copy);
    keepOrigin(kept.disk);
    this.#runAlone(kept);
    for (let round = 1; round < ROUNDS && !this.#isOver; round++) {
      // A node held another branch that could not know of the fork before.
      this.#giveNewOrigin(others.filter((other) => entries.differ(other, kept)));
      for (const machine of others) machine.start();
      world.runUntil(world.nowMs + PEACE_MS);
    }
  }

  /**
   * The problem after a repair, if there is one.
   *
   * @param ids of all acknowledged messages
   * @param lost line of an entry that one of the others has lost by then, so that it is not equal to the rest
   */
  problem(ids: ReadonlySet<string>, lost: string | undefined): string | undefined {
    const machines = [this.last, ...this.#twins.others];
    for (const { name, halted, process } of machines) {
      if (process === undefined) return `${name} does not run after the repair: ${halted}`;
      if (process.mesh.forks.length > 0) return `${name} still sees a fork after the repair`;
    }
    const digests = machines.map(({ process }) => process && stateDigest(wholeState(process)));
    if (lost === undefined && new Set(digests).size > 1) return "the nodes are not equal after the repair";
    const messages = this.last.process && wholeState(this.last.process).messages;
    const missing = [...ids].filter((id) => messages?.withId(id).length === 0 && !lost?.includes(id));
    return missing.length === 0 ? undefined : `${missing.length} acknowledged messages are missing`;
  }

  get #isOver(): boolean {
    return [this.last, ...this.#twins.others].every(({ process }) => process?.mesh.forks.length === 0);
  }

  /** Runs a copy in the place of the one before. */
  #runAlone(copy: Machine): void {
    const { world, others } = this.#twins;
    if (this.last !== copy) this.#stop(this.last);
    this.last = copy;
    for (const { name } of others) world.routes.set(`${name} ${copy.node}`, copy);
    copy.start();
    world.runUntil(world.nowMs + PEACE_MS);
  }

  #stop(machine: Machine): void {
    machine.kill();
    machine.isWanted = false;
    machine.halted = undefined;
  }

  #giveNewOrigin(machines: readonly Machine[]): void {
    for (const machine of machines) {
      this.#stop(machine);
      giveNewOrigin(machine.disk, sha256, this.#twins.world.nowMs);
    }
  }
}
