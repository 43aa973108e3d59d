/**
 * The invariants at the end: after healing and half a minute of peace.
 *
 * @module
 */

import { evolve } from "../../../server/core/evolve.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { State } from "../../../server/core/state.ts";
import { seqOf } from "../../../server/core/version.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import type { Machine } from "../machine.ts";
import { passwordOf } from "../simulated_hasher.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";
import { checkAccess } from "./access.ts";
import { checkAccepted, checkBlocks } from "./blocks.ts";
import { checkArchives } from "./archives.ts";
import { checkErasure } from "./erasure.ts";
import { checkFingerprints } from "./fingerprints.ts";
import { checkFold } from "./fold.ts";
import { checkInvitations } from "./invitations.ts";
import { checkFinalViews } from "./final_views.ts";
import { checkStoredRecipients } from "./recipients.ts";
import { checkResidency, wholeState } from "./residency.ts";
import { checkWatches } from "./watches.ts";

/** Evaluates all of them. */
export function checkEnd(world: World): void {
  const processes = world.machines.flatMap(({ process }) => process ?? []);
  const { checks } = world;
  for (const { name, process, halted, rottenSegment } of world.machines) {
    checks.check(
      11,
      rottenSegment === undefined,
      () => `${name} goes on with a damaged segment ${rottenSegment}`,
    );
    checks.check(
      3,
      process !== undefined,
      () => `${name} does not run after healing: ${halted ?? "it is down"}`,
    );
  }
  const [first] = processes;
  if (first === undefined || checks.violation !== undefined) return;
  checkConvergence(world, first, processes);
  for (const machine of world.machines) checkDisk(machine);
  if (checks.violation !== undefined) return;
  checkMessages(world, wholeState(first));
  checkAccounts(world, first);
  checkAccess(world, first);
  checkAccepted(world);
  checkBlocks(world, first);
  checkInvitations(world, first);
  checkStoredRecipients(world);
  for (const process of processes) checkFingerprints(world, process);
  checkFold(world);
  checkArchives(world);
  checkResidency(world);
  checkReplay(world, first);
  checkWatches(world);
  if (checks.violation === undefined) checkFinalViews(world);
  if (checks.violation === undefined) checkErasure(world);
}

function checkConvergence(
  { checks }: World,
  first: ServerProcess,
  processes: readonly ServerProcess[],
): void {
  const digest = stateDigest(wholeState(first));
  for (const process of processes) {
    const isSame = process === first || stateDigest(wholeState(process)) === digest;
    checks.check(3, isSame, () => difference(first, process));
    const { unavailable } = process.mesh;
    checks.check(3, unavailable === undefined, () => `${process.machine.name} serves nobody: ${unavailable}`);
    for (const { name, state, reason } of process.mesh.status()) {
      const message = (): string => `${process.machine.name} says that ${name} is ${state}: ${reason ?? ""}`;
      // Nothing is written at the end, so that a peer cannot show that it is not slow any more.
      checks.check(3, state === "in sync" || state === "slow", message);
    }
  }
}

function difference(one: ServerProcess, other: ServerProcess): string {
  const here = stateDigest(wholeState(one)).split("\n");
  const there = stateDigest(wholeState(other)).split("\n");
  const missing = here.filter((line) => !there.includes(line)).slice(0, 5);
  const more = there.filter((line) => !here.includes(line)).slice(0, 5);
  return `${one.machine.name} and ${other.machine.name} differ: ${missing.join("; ")} / ${more.join("; ")}`;
}

/** The memory of a server has exactly the entries that are durable on its disk. */
function checkDisk({ disk, process, world, name }: Machine): void {
  if (process === undefined) return;
  for (const [origin, seq] of disk.life.version) {
    const got = seqOf(process.state.version, origin);
    world.checks.check(1, got === seq, () => `${name} has ${origin}/${seq} on its disk and ${got} in memory`);
  }
}

function checkMessages({ checks, knowledge, registry }: World, state: State): void {
  for (const message of knowledge.messages.values()) {
    const { id, sender, recipient, existence, deletion } = message;
    const found = state.messages.withId(id).filter((each) => each.sender.id === sender);
    const words = found.map((each) =>
      `${each.sender.id} to ${each.recipient.id}${each.deleted ? ", deleted" : ""}`
    );
    const isOne = found.length <= 1 || registry.isAmbiguous(id);
    checks.check(6, isOne, () => `the message ${id} is there twice: ${words.join("; ")}`);
    const isThere = found.some((each) => !each.deleted && each.content === message.content);
    const gone = [sender, recipient].map((account) => knowledge.accounts.get(account ?? "")?.deletion);
    const isBound = existence.binds && deletion.certainty === "no" &&
      gone.every((wish) => wish === undefined || wish.certainty === "no");
    if (isBound) {
      checks.check(
        1,
        isThere,
        () => `the acknowledged message ${id} from ${sender} to ${recipient} is lost: ${words}`,
      );
    }
    if (deletion.isDue && !registry.isAmbiguous(id)) {
      checks.check(4, !isThere, () => `the message ${id} was deleted and is there again`);
    }
  }
}

function checkAccounts(world: World, { state }: ServerProcess): void {
  const { checks, knowledge } = world;
  const names = new Set<string>();
  for (const account of state.accounts.values()) {
    if (!account.alive) continue;
    const name = account.name.toLowerCase();
    checks.check(7, !names.has(name), () => `two accounts are shown as ${name}`);
    checks.check(7, state.directory.find(name) === account, () => `${name} does not lead to ${account.id}`);
    names.add(name);
  }
  checkCalm(world, names);
  for (const { id, existence, deletion, person } of knowledge.accounts.values()) {
    const account = state.accounts.get(id);
    if (deletion.isDue) {
      checks.check(4, !account?.alive, () => `the account ${id} was deleted and lives`);
    } else if (deletion.certainty === "no" && existence.binds) {
      checks.check(7, account?.alive === true, () => `the account ${id} is lost`);
      const password = passwordOf(account?.passwordHash ?? "");
      checks.check(7, person.everyPassword.has(password), () => `${id} has the password ${password}`);
    }
  }
}

/** While the nodes can talk, no account is renamed. */
function checkCalm({ checks, isCalm }: World, names: ReadonlySet<string>): void {
  if (!isCalm) return;
  const renamed = [...names].filter((name) => name.includes("~"));
  checks.check(7, renamed.length === 0, () => `although nothing went wrong, there are ${renamed}`);
}

/** The entries of a log give the same state in any order that keeps the order within each origin. */
function checkReplay({ checks, chance, settings }: World, process: ServerProcess): void {
  const { machine } = process;
  // Erased entries are what a later start finds.
  if (!chance.is(0.2) && !settings.isCompacting) return;
  const origins = new Map<string, Entry[]>();
  showLog(machine.disk.files, ({ record }) => {
    if (!isEntry(record)) return;
    const entries = origins.get(record.origin);
    if (entries === undefined) origins.set(record.origin, [record]);
    else entries.push(record);
  });
  const folded = new State();
  const rests = [...origins.values()];
  while (rests.length > 0) {
    const i = chance.below(rests.length);
    const rest = rests[i] as Entry[];
    for (const entry of rest.splice(0, chance.whole(1, 20))) evolve(folded, entry);
    if (rest.length === 0) rests.splice(i, 1);
  }
  const isSame = stateDigest(folded) === stateDigest(wholeState(process));
  checks.check(7, isSame, () => `the entries of ${machine.name} in another order give another state`);
}
