/**
 * Facts about a state that its lines leave out.
 *
 * @module
 */

import type { State } from "../../server/core/state.ts";

/** Facts that the lines of a state leave out. */
export function otherFacts(state: State): unknown {
  const known = [...state.accounts.values()].filter(({ deleted }) => deleted === undefined);
  const facts = known.map((account) => {
    const { id, fingerprintKeys, addressKeys, knownAddresses, stored, rehashes, unreadBytes } = account;
    return { id, fingerprintKeys, addressKeys, knownAddresses, days: stored.days, rehashes, unreadBytes };
  });
  return {
    accounts: facts.filter(says).sort((a, b) => a.id < b.id ? -1 : 1),
    forgettable: [...state.forgettable].map(({ id }) => id).sort(),
    latestDeletion: state.latestDeletion,
    uses: [...state.tokenUses].sort(),
    revoked: [...state.revoked.hashes()].map((hash) => [hash, state.revoked.issued(hash)]).sort(),
    version: new Map(state.version),
    backlogs: [...state.accounts.values()].filter(({ backlog }) => backlog.size > 0)
      .map(({ id, backlog }) => `${id} ${backlog.size}`).sort(),
  };
}

/** True if any fact about an account is not that of an unknown one. */
function says({ id: _id, ...facts }: Readonly<Record<string, unknown>>): boolean {
  return Object.values(facts).some((fact) =>
    (fact instanceof Map ? fact.size : Array.isArray(fact) ? fact.length : fact) !== 0
  );
}
