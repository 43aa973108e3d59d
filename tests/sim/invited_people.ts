/**
 * Schedules in which nobody registers without an invitation: operators make and revoke invitations at any node, and
 * people who know a code use it, several at one moment.
 *
 * @module
 */

import type { Operator } from "../../server/operator/operator.ts";
import type { Chance } from "./chance.ts";
import { invitationKey } from "./entry_registry.ts";
import { KnownInvitation } from "./people.ts";
import type { OperationKind, OperatorAct, Schedule } from "./schedule.ts";
import type { ServerProcess } from "./server_process.ts";
import { simulatedDigest } from "./simulated_ports.ts";
import type { World } from "./world.ts";

/** Share of these schedules in which nothing goes wrong: each use must count once there. */
const CALM_SHARE = 0.5;

/** Time until the nodes have found each other, ms. */
const BEGINS_MS = 1_500;

/** Numbers of invitations and of revocations. */
const INVITATIONS_MIN = 6;
const INVITATIONS_MAX = 14;
const REVOCATIONS_MAX = 4;

/** Most uses of an invitation, and the time for which it holds, ms: longer than a schedule. */
const USES_MAX = 3;
const FOR_MS = 3_600_000;

/** Share of the registrations without a code, and of those with the code that was told last. */
const NONE_SHARE = 0.05;
const LATEST_SHARE = 0.7;

/** People come and go: most of what they do is to register. */
const KINDS: readonly OperationKind[] = ["deleteAccount", "comeBack", "comeBack", "send", "listUsers"];

/** A schedule about invitations, with the faults and the delays of another one. */
export function aboutInvitations(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations, faults, healsAtMs } = schedule;
  const { machines } = settings;
  const isCalm = chance.is(CALM_SHARE);
  const calm = { delayMsMax: 5, syncMsMax: 5, joinsAtMs: undefined };
  const whenever = (): number => chance.between(BEGINS_MS, healsAtMs);
  const acts = (kind: OperatorAct["kind"], count: number): OperatorAct[] =>
    Array.from({ length: count }, () => ({
      atMs: whenever(),
      kind,
      machine: chance.below(machines),
      person: chance.below(USES_MAX),
    }));
  return {
    ...schedule,
    settings: {
      ...settings,
      ...isCalm && calm,
      needsInvitations: true,
      backlog: 0,
      names: settings.people,
    },
    operations: operations.map((each) => ({ ...each, kind: chance.pick(KINDS) })),
    faults: isCalm ? [] : faults,
    acts: [
      ...acts("invite", chance.whole(INVITATIONS_MIN, INVITATIONS_MAX)),
      ...acts("revokeInvitation", chance.whole(0, REVOCATIONS_MAX)),
    ].sort((a, b) => a.atMs - b.atMs),
  };
}

/** Makes an invitation, whose code is told to everybody. */
export function invite(world: World, process: ServerProcess, desk: Operator, choice: number): void {
  desk.serve({ act: "invite", uses: 1 + choice, forMs: FOR_MS }, (answer) => {
    world.trace.add(process.machine.name, "operator: invite", JSON.stringify(answer));
    if (!("made" in answer)) return;
    const { code, uses } = answer.made;
    const made = new KnownInvitation(code, simulatedDigest(code.replaceAll("-", "")), uses);
    promised(world, process, made, "invitationMade", (lives) => made.existence.give(lives));
    world.invitations.push(made);
  });
}

/** Revokes an invitation that people know. */
export function revokeInvitation(world: World, process: ServerProcess, desk: Operator, choice: number): void {
  const known = world.invitations[choice % world.invitations.length];
  if (known === undefined) return;
  known.revocation.ask();
  desk.serve({ act: "revokeInvitation", id: known.hash.slice(0, 12) }, (answer) => {
    world.trace.add(process.machine.name, "operator: revoke", JSON.stringify(answer));
    // One that was revoked before is said to be, whoever has acknowledged it.
    if (!("done" in answer) || answer.done.copies === 0) return;
    promised(world, process, known, "invitationRevoked", (lives) => known.revocation.granted(lives));
  });
}

/** Records an acknowledgement and the disks that have it: that of the node is one of them. */
function promised(
  world: World,
  { machine }: ServerProcess,
  { hash }: KnownInvitation,
  type: "invitationMade" | "invitationRevoked",
  give: (lives: ReturnType<World["livesWithAny"]>) => void,
): void {
  const places = world.registry.invitations.get(invitationKey(type, hash));
  const isHere = machine.disk.life.hasAny(places);
  world.checks.check(1, isHere, () => `${machine.name} acknowledges ${type} ${hash} before its sync`);
  give(world.livesWithAny(places));
}

/** The code that a person gives; `undefined` for none. */
export function codeFor({ settings, invitations, chance }: World): string | undefined {
  if (!settings.needsInvitations || invitations.length === 0 || chance.is(NONE_SHARE)) return undefined;
  const { code } = chance.is(LATEST_SHARE)
    ? invitations.at(-1) ?? chance.pick(invitations)
    : chance.pick(invitations);
  return code;
}
