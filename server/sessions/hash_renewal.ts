/**
 * Replaces hashes that are cheaper than the configuration asks for.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { decideRehash, staleHash } from "../core/accounts/passwords.ts";
import type { Session } from "./session.ts";

/** Hashes a password anew, after it was found right, if its hash is cheaper than the configured cost. */
export function renewHash({ node, ports, address }: Session, account: Account, password: string): void {
  const cost = node.settings.hashCost;
  const stale = staleHash(account, cost);
  if (stale === undefined) return;
  ports.hasher.hash({ password, cost, account: account.name.toLowerCase(), address }, (outcome) => {
    if (outcome !== "busy" && !node.ports.log.readOnly) {
      node.apply(decideRehash(account, stale, outcome.hash));
    }
  });
}
