/**
 * The rules for the password of an account that exists (client protocol, CHANGE_PASSWORD).
 *
 * @module
 */

import { type Decision, OK } from "../decision.ts";
import type { Event, PasswordChanged } from "../events.ts";
import type { Account, Password, Token } from "./account.ts";
import { hashCost } from "./bcrypt_hash.ts";

/**
 * Sets another password; every token of the account but `keeps` is void from then on.
 *
 * @param hash bcrypt hash of the new password
 * @param keeps token of the session that asks; `undefined` if it has none
 */
export function decideChangePassword(account: Account, hash: string, keeps: Token | undefined): Decision {
  const generation = (account.password?.generation ?? 0) + 1;
  const changed: PasswordChanged = { type: "passwordChanged", account: account.id, hash, generation };
  return { events: [keeps ? { ...changed, keeps: keeps.hash } : changed], reply: OK };
}

/** A hash that costs less than the configuration asks for, and the password that it belongs to. */
export interface StaleHash {
  readonly password: Password;
  readonly hash: string;
}

/** The hash of an account's password if it is cheaper than `cost`, a bcrypt cost; else `undefined`. */
export function staleHash({ password, passwordHash: hash }: Account, cost: number): StaleHash | undefined {
  if (password === undefined || hash === undefined || hashCost(hash) >= cost) return undefined;
  return { password, hash };
}

/** Replaces a stale hash, unless the account, its password or the hash has changed since it was found. */
export function decideRehash(account: Account, stale: StaleHash, hash: string): readonly Event[] {
  const isSame = account.password === stale.password && account.passwordHash === stale.hash;
  if (!account.alive || !isSame) return [];
  return [{ type: "passwordRehashed", account: account.id, password: stale.password.key, hash }];
}
