/**
 * Operators: schedules in which they disable, enable and delete accounts, set passwords and end logins, at any node;
 * and how such an act is done.
 *
 * @module
 */

import type { Account } from "../../server/core/accounts/account.ts";
import { Operator } from "../../server/operator/operator.ts";
import type { OperatorAnswer, OperatorRequest } from "../../server/ports/operator.ts";
import type { Chance } from "./chance.ts";
import { forget } from "./client_operations.ts";
import { accessKey } from "./entry_registry.ts";
import { invite, revokeInvitation } from "./invited_people.ts";
import { KnownAccess, type KnownAccount } from "./people.ts";
import type { ActKind, OperatorAct, Schedule } from "./schedule.ts";
import type { ServerProcess } from "./server_process.ts";
import { SimulatedHasher } from "./simulated_hasher.ts";
import { SILENT_LOGGER, simulatedDigest } from "./simulated_ports.ts";
import type { World } from "./world.ts";

/** Kinds, as often as they are drawn. */
const KINDS: readonly ActKind[] = [
  ...Array<ActKind>(8).fill("disableUser"),
  ...Array<ActKind>(8).fill("enableUser"),
  ...Array<ActKind>(3).fill("setPassword"),
  ...Array<ActKind>(3).fill("endLogins"),
  "deleteUser",
];

/** Numbers of acts in a schedule. */
const ACTS_MIN = 8;
const ACTS_MAX = 30;

/** Share of the acts that another one follows at once, about the same person and at another node. */
const ECHO_SHARE = 0.4;
const ECHO_MS_MAX = 500;

/** A schedule with the operations and faults of another one, and operators. */
export function aboutOperators(schedule: Schedule, chance: Chance): Schedule {
  const { settings: { machines, people }, healsAtMs } = schedule;
  const acts = Array.from({ length: chance.whole(ACTS_MIN, ACTS_MAX) }, (): OperatorAct => ({
    atMs: chance.between(0.1, 1) * healsAtMs,
    kind: chance.pick(KINDS),
    machine: chance.below(machines),
    person: chance.below(people),
  }));
  const echoes = acts.filter(() => chance.is(ECHO_SHARE)).map((act): OperatorAct => ({
    ...act,
    atMs: act.atMs + chance.between(0, ECHO_MS_MAX),
    kind: chance.pick(KINDS),
    machine: chance.below(machines),
  }));
  return { ...schedule, acts: [...acts, ...echoes].sort((a, b) => a.atMs - b.atMs) };
}

/** Does an act, if its node runs and, of one about a person, knows their account. */
export function operate(world: World, { kind, machine: number, person: which }: OperatorAct): void {
  const { process } = world.machines[number % world.machines.length] ?? {};
  const person = world.people[which % world.people.length];
  process?.run(() => {
    if (kind === "invite") return invite(world, process, deskOf(world, process), which);
    if (kind === "revokeInvitation") return revokeInvitation(world, process, deskOf(world, process), which);
    const account = process.state.directory.find(person?.shownName ?? person?.name ?? "");
    const known = world.knowledge.accounts.get(account?.id ?? "");
    if (account === undefined || known === undefined) return;
    world.trace.add(process.machine.name, "operator:", kind, account.name);
    act(world, process, kind, account, known);
  });
}

function act(
  world: World,
  process: ServerProcess,
  kind: Exclude<ActKind, "invite" | "revokeInvitation">,
  account: Account,
  known: KnownAccount,
): void {
  const before = account.access;
  const { name } = account;
  const serve = (request: OperatorRequest, then: () => void): void =>
    deskOf(world, process).serve(request, (answer) => isDone(world, answer) && then());
  switch (kind) {
    case "setPassword": {
      const password = known.person.newPassword();
      const { passwords } = known.person;
      passwords.push(password);
      return serve({ act: kind, name, password }, () => {
        known.person.passwords = [password, ...known.person.passwords.filter((each) => each !== password)];
      });
    }
    case "deleteUser":
      known.deletion.ask();
      return serve({ act: kind, name }, () => {
        known.deletion.granted(world.livesWithAny(world.registry.ended.get(known.id)));
        if (known.person.account === known) forget(known.person);
      });
    default: {
      const promised = serve.bind(undefined, { act: kind, name });
      let made: KnownAccess | undefined;
      promised(() => made && promise(world, process, known, made));
      // The event is folded by now; another act may follow before the answer.
      if (account.access !== undefined && account.access !== before) made = new KnownAccess(account.access);
    }
  }
}

function isDone({ trace }: World, answer: OperatorAnswer): boolean {
  trace.add("operator", "done" in answer ? `on ${answer.done.copies}` : JSON.stringify(answer));
  return "done" in answer;
}

/** Records that an account was disabled or enabled, on the disks that say so. */
function promise(world: World, { machine }: ServerProcess, known: KnownAccount, made: KnownAccess): void {
  const places = world.registry.accesses.get(accessKey(known.id, made.access));
  const isHere = machine.disk.life.hasAny(places);
  const { generation } = made.access;
  world.checks.check(
    1,
    isHere,
    () => `${machine.name} acknowledges access ${generation} of ${known.id} before its sync`,
  );
  made.assurance.give(world.livesWithAny(places));
  known.accesses.push(made);
}

/** The desk has no memory: there is a new one for each act. */
function deskOf({ chance }: World, process: ServerProcess): Operator {
  return new Operator(process.node, {
    random: chance,
    hasher: new SimulatedHasher((then) => process.later(chance.delay(20, 300), then)),
    digest: simulatedDigest,
    logger: SILENT_LOGGER,
    timers: { after: (ms, callback) => process.timer(ms, callback) },
  });
}
