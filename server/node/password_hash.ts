/**
 * bcrypt hashes: their cost, and one that no password fits.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import type { Node } from "./node.ts";

/** Twenty-two characters of salt and thirty-one of hash, in bcrypt's own base 64: what no password gives. */
const NO_SALT_NO_HASH = ".".repeat(53);

/** A hash that is as slow to compare as a real one, so that an unknown name costs what a known one does. */
export function unknownAccountHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, "0")}$${NO_SALT_NO_HASH}`;
}

/** The cost of a bcrypt hash; 0 if it is none. */
export function hashCost(hash: string): number {
  return Number(/^\$2[abxy]\$(\d\d)\$/.exec(hash)?.[1] ?? 0);
}

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
