/**
 * The rules for changing the password of an existing account (client protocol, CHANGE_PASSWORD).
 *
 * @module
 */

import { type Decision, OK } from "../decision.ts";
import type { Event, PasswordChanged } from "../events.ts";
import type { Account, Password, Token } from "./account.ts";
import { hashCost } from "./bcrypt_hash.ts";

/**
 * Sets another password and voids every token of the account except `keeps`.
 *
 * @param hash bcrypt hash of the new password
 * @param keeps token of the session that asks; `undefined` if it has none
 */
export function decideChangePassword(account: Account, hash: string, keeps: Token | undefined): Decision {
  const changed = passwordChanged(account, hash);
  return { events: [keeps ? { ...changed, keeps: keeps.hash } : changed], reply: OK };
}

/** The event of another password, which keeps no token. @param hash bcrypt hash of the new password */
export function passwordChanged({ id, password }: Account, hash: string): PasswordChanged {
  return { type: "passwordChanged", account: id, hash, generation: (password?.generation ?? 0) + 1 };
}

/** A hash cheaper than the configured cost, and the password it belongs to. */
interface StaleHash {
  readonly password: Password;
  readonly hash: string;
}

/** The account's hash if it is cheaper than `cost`, a bcrypt cost; `undefined` otherwise. */
export function staleHash({ password, passwordHash: hash }: Account, cost: number): StaleHash | undefined {
  if (password === undefined || hash === undefined || hashCost(hash) >= cost) return undefined;
  return { password, hash };
}

/** Replaces a stale hash; no events if the account, its password or its hash has changed meanwhile. */
export function decideRehash(account: Account, stale: StaleHash, hash: string): readonly Event[] {
  const isSame = account.password === stale.password && account.passwordHash === stale.hash;
  if (!account.alive || !isSame) return [];
  return [{ type: "passwordRehashed", account: account.id, password: stale.password.key, hash }];
}
