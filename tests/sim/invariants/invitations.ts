/**
 * Invariant 18: where registration needs an invitation, every account was made with one that its node knew to be open;
 * each use counts, and while the nodes can talk, none is given twice.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { State } from "../../../server/core/state.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

type Invitations = State["invitations"];

/** Looks at all accounts, at what was promised of invitations, and at the order of each log. */
export function checkInvitations(world: World, first: ServerProcess): void {
  if (!world.settings.needsInvitations) return;
  // A planted fault may answer look-ups in the map of the state otherwise.
  const known: Invitations = new Map(first.state.invitations);
  checkAccounts(world, first.state, known);
  checkPromises(world, known);
  for (const { process } of world.machines) if (process !== undefined) checkLog(world, process);
}

function checkAccounts({ checks, invitations, isCalm }: World, state: State, all: Invitations): void {
  const used = new Map<string, number>();
  for (const { id, created, invitation } of state.accounts.values()) {
    if (created === undefined) continue;
    const isInvited = invitations.some(({ hash }) => hash === invitation);
    checks.check(
      18,
      isInvited,
      () => `${id} was made with the invitation ${invitation}, which nobody has told`,
    );
    if (invitation !== undefined) used.set(invitation, (used.get(invitation) ?? 0) + 1);
  }
  for (const { hash, uses } of invitations) {
    const [count, known] = [used.get(hash) ?? 0, all.get(hash)?.used ?? 0];
    checks.check(18, count === known, () => `${hash} was used ${count} times, and ${known} are counted`);
    if (!isCalm) continue;
    checks.check(
      18,
      count <= uses,
      () => `although nothing went wrong, ${hash} was used ${count} times of ${uses}`,
    );
  }
}

/** What was acknowledged is there, unless every disk is gone that had it. */
function checkPromises({ checks, invitations }: World, all: Invitations): void {
  for (const { hash, existence, revocation } of invitations) {
    const known = all.get(hash);
    if (existence.binds) checks.check(18, known?.made !== undefined, () => `the invitation ${hash} is lost`);
    if (revocation.isDue) {
      checks.check(18, known?.revoked !== undefined, () => `${hash} was revoked, and is not any more`);
    }
  }
}

/** In the order of its log, each account that a node has made has an invitation that was open there. */
function checkLog({ checks }: World, { machine, origin, state }: ServerProcess): void {
  const known: Invitations = new Map(state.invitations);
  const used = new Map<string, Set<string>>();
  const revoked = new Set<string>();
  const check = (entry: Entry): void => {
    if (entry.type === "invitationRevoked") revoked.add(entry.invitation);
    if (entry.type !== "accountCreated" || entry.invitation === undefined) return;
    const { invitation, account } = entry;
    const users = used.get(invitation) ?? new Set();
    if (entry.origin === origin && !users.has(account)) {
      const uses = known.get(invitation)?.made?.uses ?? 0;
      const isOpen = users.size < uses && !revoked.has(invitation);
      checks.check(
        18,
        isOpen,
        () => `${machine.name} has let ${account} in with ${invitation}, which was not open`,
      );
    }
    used.set(invitation, users.add(account));
  };
  showLog(machine.disk.files, ({ record }) => {
    if (isEntry(record)) check(record);
  });
}
