/**
 * Derives a schedule from a seed. Each enables a random part of all operations and faults, with random
 * weights: where everything happens at once, much of it never does (Groce et al., Swarm Testing, ISSTA 2012).
 *
 * @module
 */

import { aboutBlocks } from "./blocks.ts";
import { Chance } from "./chance.ts";
import { aboutInvitations } from "./invited_people.ts";
import { aboutNames } from "./namesakes.ts";
import { aboutOperators } from "./operators.ts";
import { aboutRecipients } from "./recipients.ts";
import { aboutSearches } from "./searches.ts";
import {
  type Fault,
  FAULT_KINDS,
  type FaultKind,
  type Operation,
  OPERATION_KINDS,
  type OperationKind,
  type Schedule,
  type WorldSettings,
} from "./schedule.ts";
import { aboutWatching } from "./watchers.ts";
import { aboutClocks } from "./wrong_clocks.ts";

/** Number of operations in a schedule. */
export const OPERATIONS = 200;

/** Weights of the operations, if they are enabled. */
const OPERATION_WEIGHTS: Readonly<Record<OperationKind, number>> = {
  send: 30,
  resend: 6,
  read: 8,
  readSome: 4,
  confirm: 8,
  deleteOwn: 5,
  hide: 4,
  deleteForeign: 1,
  listMessages: 6,
  listUndelivered: 3,
  listUsers: 2,
  listChats: 2,
  comeBack: 4,
  logOut: 1,
  changePassword: 1,
  deleteAccount: 1,
  // In schedules about searches, watching and blocks only.
  search: 0,
  watch: 0,
  block: 0,
  accept: 0,
  listBlocked: 0,
};

/** Probability that a schedule enables a kind of fault. */
const FAULT_SHARES: Readonly<Record<FaultKind, number>> = {
  kill: 0.5,
  crash: 0.5,
  crashAll: 0.2,
  crashInCall: 0.5,
  crashInRecovery: 0.3,
  wipe: 0.35,
  stop: 0.3,
  freeze: 0.4,
  partition: 0.4,
  slow: 0.3,
  cutOneWay: 0.4,
  cutBothWays: 0.4,
  reset: 0.4,
  dropClients: 0.4,
  syncFails: 0.25,
  writeFails: 0.25,
  folderSyncFails: 0.1,
  diskFull: 0.2,
  shortWrites: 0.2,
  rot: 0.08,
  rotAtEnd: 0.08,
  clockJump: 0.2,
  clockDrift: 0.15,
  // In schedules about searches only.
  endLost: 0,
  rotBehind: 0,
};

const FAULTS_MAX = 24;

/**
 * Share of schedules in which all clients come at one moment, after the nodes have found each other, and that
 * moment, ms: names are requested at once. Before it, a freshly started node gives names alone, so in calm
 * schedules no client comes earlier.
 */
const RUSH_SHARE = 0.4;
const RUSH_MS = 1_500;

/** Some schedules have no faults at all: they test the promises for peaceful times. */
const CALM_SHARE = 0.06;

/** A backlog takes as long as ten schedules. */
const BACKLOG_SHARE = 0.01;

/** Clock faults occur in three of ten schedules. */
const CLOCK_SHARE = 0.3;
const CLOCK_FAULTS: ReadonlySet<FaultKind> = new Set(["clockJump", "clockDrift"]);

/**
 * Shares of the schedules about names alone, about recipients, about clocks that were wrong once, about searches, with
 * operators, about watching, about blocks, and about invitations.
 */
const NAMES_SHARE = 0.05;
const RECIPIENTS_SHARE = 0.05;
const CLOCKS_SHARE = 0.03;
const SEARCHES_SHARE = 0.05;
const OPERATORS_SHARE = 0.05;
const WATCHING_SHARE = 0.05;
const BLOCKS_SHARE = 0.05;
const INVITATIONS_SHARE = 0.05;

/** Share of the other schedules in which clients tell accounts apart. */
const ACCOUNT_IDS_SHARE = 0.5;

const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000;

/** The schedule of a seed. */
export function scheduleOf(seed: number): Schedule {
  const names = new Chance(seed, "names");
  if (names.is(NAMES_SHARE)) return aboutNames(anySchedule(seed), names);
  const recipients = new Chance(seed, "recipients");
  if (recipients.is(RECIPIENTS_SHARE)) return aboutRecipients(anySchedule(seed), recipients);
  const clocks = new Chance(seed, "clocks");
  if (clocks.is(CLOCKS_SHARE)) return aboutClocks(anySchedule(seed), clocks);
  const searches = new Chance(seed, "searches");
  if (searches.is(SEARCHES_SHARE)) return aboutSearches(anySchedule(seed), searches);
  const operators = new Chance(seed, "operators");
  if (operators.is(OPERATORS_SHARE)) return aboutOperators(anySchedule(seed), operators);
  const watching = new Chance(seed, "watchers");
  if (watching.is(WATCHING_SHARE)) return aboutWatching(anySchedule(seed), watching);
  const blocks = new Chance(seed, "blocks");
  if (blocks.is(BLOCKS_SHARE)) return aboutBlocks(anySchedule(seed), blocks);
  const invitations = new Chance(seed, "invitations");
  return invitations.is(INVITATIONS_SHARE)
    ? aboutInvitations(anySchedule(seed), invitations)
    : anySchedule(seed);
}

function anySchedule(seed: number): Schedule {
  const chance = new Chance(seed, "schedule");
  const spanMs = chance.pick([4_000, 10_000, 20_000, 30_000]);
  const isCalm = chance.is(CALM_SHARE);
  const settings = settingsOf(chance, new Chance(seed, "accounts"), spanMs, isCalm);
  return {
    seed,
    settings,
    operations: operationsOf(chance, settings, spanMs, isCalm),
    faults: isCalm ? [] : faultsOf(chance, settings, spanMs),
    acts: [],
    healsAtMs: spanMs + 1_000,
  };
}

function settingsOf(chance: Chance, accounts: Chance, spanMs: number, isCalm: boolean): WorldSettings {
  const machines = chance.pick([3, 3, 3, 3, 4, 5]);
  const people = chance.whole(3, 6);
  const syncMs = chance.pick([0.2, 1, 5]);
  return {
    machines,
    hasArchive: machines > 3 && chance.is(0.4),
    joinsAtMs: !isCalm && chance.is(0.15) ? chance.between(0.2, 0.8) * spanMs : undefined,
    people,
    clients: people + chance.whole(0, 3),
    // Requests for names are all that happens in a calm schedule.
    names: chance.is(isCalm ? 0.8 : 0.3) ? chance.whole(1, people - 1) : people,
    delayMs: chance.pick([0.2, 2, 20]),
    delayMsMax: chance.pick(isCalm ? [5, 100] : [5, 100, 900]),
    syncMs,
    syncMsMax: syncMs * chance.pick([2, 20, 200]),
    keptPages: chance.pick([0, 0.1, 0.5, 0.9, 1]),
    isCompacting: chance.is(0.3),
    backlog: chance.is(BACKLOG_SHARE) ? chance.whole(1_100, 1_500) : 0,
    hasCertificates: chance.is(0.5),
    hasAccountIds: accounts.is(ACCOUNT_IDS_SHARE),
    hasBlocks: false,
    hasSearches: false,
    hasWatchers: false,
    needsInvitations: false,
  };
}

function operationsOf(
  chance: Chance,
  { clients, machines }: WorldSettings,
  spanMs: number,
  isCalm: boolean,
): Operation[] {
  const enabled = OPERATION_KINDS.filter((kind) =>
    kind === "send" || (OPERATION_WEIGHTS[kind] > 0 && chance.is(0.7))
  );
  const weights = enabled.map((kind) => OPERATION_WEIGHTS[kind] * chance.between(0.2, 2));
  // Some clients keep to a node, others wander.
  const wandering = chance.pick([0.02, 0.2, 0.6]);
  const homes = Array.from({ length: clients }, () => chance.below(machines));
  const isRush = chance.is(RUSH_SHARE);
  const beginsMs = isRush || isCalm ? RUSH_MS : 0;
  const operations = Array.from({ length: OPERATIONS }, (_, i): Operation => {
    const comesAtOnce = isRush && i < clients;
    const client = comesAtOnce ? i : chance.below(clients);
    if (chance.is(wandering)) homes[client] = chance.below(machines);
    return {
      atMs: comesAtOnce ? chance.between(RUSH_MS, RUSH_MS + 20) : chance.between(beginsMs, spanMs),
      kind: weighted(chance, enabled, weights),
      client,
      machine: homes[client] ?? 0,
      pick: chance.below(1_000_000),
      size: chance.is(0.05) ? chance.below(4_000) : chance.below(40),
    };
  });
  return operations.sort((a, b) => a.atMs - b.atMs);
}

function faultsOf(chance: Chance, { machines }: WorldSettings, spanMs: number): Fault[] {
  const hasClockFaults = chance.is(CLOCK_SHARE);
  const enabled = FAULT_KINDS.filter((kind) =>
    CLOCK_FAULTS.has(kind)
      ? hasClockFaults && chance.is(0.7)
      : FAULT_SHARES[kind] > 0 && chance.is(FAULT_SHARES[kind])
  );
  const weights = enabled.map(() => chance.between(0.2, 2));
  const count = enabled.length === 0 ? 0 : chance.whole(2, FAULTS_MAX);
  const faults = Array.from({ length: count }, (): Fault => {
    const kind = weighted(chance, enabled, weights);
    return {
      atMs: chance.between(0.02, 1) * spanMs,
      kind,
      machine: chance.below(machines),
      other: chance.below(1_000_000),
      forMs: chance.is(0.7) ? chance.between(10, 2_500) : chance.between(2_500, 14_000),
      amount: amountOf(chance, kind),
    };
  });
  return faults.sort((a, b) => a.atMs - b.atMs);
}

/** Size of a fault: calls of the disk, bytes or milliseconds. */
function amountOf(chance: Chance, kind: FaultKind): number {
  switch (kind) {
    case "clockJump":
      return chance.is(0.5) ? chance.between(-90_000, 90_000) : chance.between(-TEN_YEARS_MS, TEN_YEARS_MS);
    case "clockDrift":
      return chance.between(-0.5, 0.5);
    case "diskFull":
      // With next to nothing left, only the smallest lines fit.
      return chance.is(0.4) ? chance.whole(0, 200) : chance.whole(0, 4_000);
    case "shortWrites":
      return chance.whole(1, 500);
    default:
      return chance.whole(1, 30);
  }
}

function weighted<T>(chance: Chance, items: readonly T[], weights: readonly number[]): T {
  let rest = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, item] of items.entries()) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return item;
  }
  return items[items.length - 1] as T;
}
