/**
 * The start and the end of each kind of fault.
 *
 * @module
 */

import type { Machine } from "./machine.ts";
import { loseEnd, rotBehindArchive, rotLog } from "./rot.ts";
import type { Fault, FaultKind } from "./schedule.ts";
import type { World } from "./world.ts";

/** Delay that one step of slowness adds to every message, ms. */
const SLOWNESS_MS = 60;

type Bring = (world: World, machine: Machine, fault: Fault) => void;

/** Applies a fault to the world. */
export function bring(world: World, fault: Fault): void {
  const machine = world.machines[fault.machine % world.machines.length] as Machine;
  if (!machine.hasJoined) return;
  world.trace.add(machine.name, "fault:", fault.kind, Math.round(fault.forMs));
  world.faults.set(fault.kind, (world.faults.get(fault.kind) ?? 0) + 1);
  FAULTS[fault.kind](world, machine, fault);
}

const FAULTS: { readonly [Kind in FaultKind]: Bring } = {
  kill: (_world, machine, { forMs }) => {
    keepDown(machine, forMs);
    machine.kill();
  },
  crash: (_world, machine, { forMs }) => {
    keepDown(machine, forMs);
    machine.crash();
  },
  crashAll: (world, _machine, { forMs }) => {
    for (const machine of world.members) {
      keepDown(machine, forMs);
      machine.crash();
    }
  },
  crashInCall: (_world, machine, { amount }) => machine.disk.losePowerAt(amount),
  crashInRecovery: (world, machine, { forMs, amount }) => {
    keepDown(machine, forMs);
    machine.crash();
    world.after(forMs - 1, () => machine.process ?? machine.disk.losePowerAt(amount));
  },
  wipe: (_world, machine, { forMs }) => {
    keepDown(machine, forMs);
    machine.crash();
    machine.wipe();
  },
  stop: (_world, machine, { forMs }) => {
    if (machine.process === undefined) return;
    keepDown(machine, forMs);
    machine.process.stop();
  },
  freeze: (world, machine, { forMs }) => {
    const { process } = machine;
    process?.freeze();
    world.after(forMs, () => process?.thaw());
  },
  partition: (world, _machine, { other, forMs }) => {
    const side = (machine: Machine, i: number): boolean => machine.hasJoined && ((other >> i) & 1) === 1;
    const here = world.machines.filter(side);
    const there = world.machines.filter((machine, i) => !side(machine, i));
    for (const a of here) for (const b of there) cutBoth(world, a, b, forMs);
  },
  slow: (world, machine, fault) => {
    const other = otherOf(world, machine, fault);
    world.wires.slow(machine, other, fault.amount * SLOWNESS_MS);
    world.after(fault.forMs, () => world.wires.slow(machine, other, 0));
  },
  cutOneWay: (world, machine, fault) => cut(world, machine, otherOf(world, machine, fault), fault.forMs),
  cutBothWays: (world, machine, fault) =>
    cutBoth(world, machine, otherOf(world, machine, fault), fault.forMs),
  reset: (world, machine, fault) => world.wires.reset(machine, otherOf(world, machine, fault)),
  dropClients: (world, machine) => {
    for (const connection of world.connections) {
      if (connection.process.machine === machine) connection.break();
    }
  },
  syncFails: (_world, machine, { amount }) => fail(machine, "sync", amount),
  writeFails: (_world, machine, { amount }) => fail(machine, "append", amount),
  folderSyncFails: (_world, machine) => fail(machine, "syncFolder", 1),
  diskFull: (world, machine, { amount, forMs }) => {
    machine.isFaulty = true;
    machine.disk.fillUp(amount);
    world.after(forMs, () => machine.disk.files.capacityBytes = Infinity);
  },
  shortWrites: (world, machine, { amount, forMs }) => {
    machine.disk.files.writeBytesMax = amount;
    world.after(forMs, () => machine.disk.files.writeBytesMax = Infinity);
  },
  rot: (_world, machine, { other, forMs }) => {
    keepDown(machine, forMs);
    machine.crash();
    rotLog(machine, other, false);
  },
  rotAtEnd: (_world, machine, { other, forMs }) => {
    keepDown(machine, forMs);
    machine.crash();
    rotLog(machine, other, true);
  },
  endLost: (_world, machine, { other, forMs }) => {
    keepDown(machine, forMs);
    const { archive } = machine;
    machine.crash();
    // Ahead of the log, if it has come up with it.
    machine.archive = archive;
    loseEnd(machine, other);
  },
  rotBehind: (_world, machine, { other, forMs }) => {
    keepDown(machine, forMs);
    const { archive } = machine;
    machine.crash();
    machine.archive = archive;
    rotBehindArchive(machine, other);
  },
  clockJump: (world, machine, { amount, other, forMs }) => {
    const takeBack = machine.clock.jump(amount);
    if (other % 2 === 0) world.after(forMs, takeBack);
  },
  clockDrift: (_world, machine, { amount }) => machine.clock.drift(amount),
};

function keepDown(machine: Machine, forMs: number): void {
  machine.isWanted = false;
  machine.world.after(forMs, () => machine.start());
}

function fail(machine: Machine, operation: "sync" | "append" | "syncFolder", nth: number): void {
  machine.isFaulty = true;
  machine.disk.files.fail(operation, nth);
}

function otherOf(world: World, machine: Machine, { other }: Fault): Machine {
  const others = world.machines.filter((each) => each !== machine);
  return others[other % others.length] as Machine;
}

function cut(world: World, from: Machine, to: Machine, forMs: number): void {
  world.wires.cut(from, to);
  world.after(forMs, () => world.wires.join(from, to));
}

function cutBoth(world: World, a: Machine, b: Machine, forMs: number): void {
  cut(world, a, b, forMs);
  cut(world, b, a, forMs);
}
