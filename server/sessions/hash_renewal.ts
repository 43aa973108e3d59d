/**
 * Hashes that are cheaper than what is configured now.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { hashCost } from "../core/accounts/bcrypt_hash.ts";
import type { Node } from "../node/node.ts";

/** Hashes a password anew, after it was found right, if its hash is cheaper than what is configured now. */
export function renewHash(node: Node, account: Account, password: string, address: string): void {
  const { settings, ports } = node;
  const { password: known, passwordHash: old } = account;
  if (known === undefined || old === undefined || hashCost(old) >= settings.hashCost) return;
  const job = { password, cost: settings.hashCost, account: account.name.toLowerCase(), address };
  ports.hasher.hash(job, (outcome) => {
    if (outcome === "busy" || ports.log.readOnly) return;
    if (!account.alive || account.password !== known || account.passwordHash !== old) return;
    const { hash } = outcome;
    node.apply([{ type: "passwordRehashed", account: account.id, password: known.key, hash }]);
  });
}
