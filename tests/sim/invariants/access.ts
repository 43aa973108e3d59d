/**
 * Invariant 15: nobody is logged in to an account at a node that knows it to be disabled, and in the end an account is
 * disabled or enabled as it was last acknowledged.
 *
 * @module
 */

import type { Access } from "../../../server/core/accounts/account.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Looks at every session, after a step of a server. */
export function checkKeptOut({ checks, connections, hasOperators }: World): void {
  if (!hasOperators) return;
  for (const { process, session, name } of connections) {
    const account = session?.account;
    if (account === undefined || !process.isAlive) continue;
    // What the node makes of it is the question.
    const isDisabled = account.access?.isDisabled === true;
    checks.check(15, !isDisabled, () => `${name} is logged in as ${account.id}, which is disabled`);
  }
}

/** Compares an account at the end with everything that operators were promised about it. */
export function checkAccess({ checks, knowledge }: World, { state }: ServerProcess): void {
  for (const { id, deletion, accesses } of knowledge.accounts.values()) {
    if (deletion.certainty !== "no") continue;
    const access = state.accounts.get(id)?.access;
    for (const promised of accesses) {
      if (!promised.assurance.binds) continue;
      const holds = access !== undefined && isAtLeast(access, promised.access);
      checks.check(
        15,
        holds,
        () =>
          `${id} has access ${JSON.stringify(access)}, and ${
            JSON.stringify(promised.access)
          } was acknowledged`,
      );
    }
  }
}

/** True if an access is a promised one, or overrules it: of equal generations, the one that disables. */
function isAtLeast(access: Access, promised: Access): boolean {
  if (access.generation !== promised.generation) return access.generation > promised.generation;
  return access.isDisabled || !promised.isDisabled;
}
