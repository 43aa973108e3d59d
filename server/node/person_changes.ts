/**
 * The PERSON pushes that bring what a session knows of a person up to date.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { Account } from "../core/accounts/account.ts";

/** A push of a change of a person. */
export type PersonPush = Extract<Push, { readonly name: "person" }>;

/** The end of a name under which a session knows an account. */
export class Departure {
  /** @param name as the session knows it */
  constructor(readonly account: Account, readonly name: string) {}

  /** The change, by the state of the account at this moment; `undefined` if it has the name again. */
  change(): PersonPush["payload"] | undefined {
    const { account, name } = this;
    const known = { name, account: account.id };
    if (!account.alive) return { ...known, change: "deleted" };
    return account.name === name ? undefined : { ...known, change: "renamed", to: account.name };
  }
}

/** The push that an account was made; it means offline. */
export function createdPush({ name, id }: Account): PersonPush {
  return { name: "person", payload: { name, account: id, change: "created" } };
}

/** The push of the presence of an account. */
export function presencePush({ name, id }: Account, isOnline: boolean): PersonPush {
  return { name: "person", payload: { name, account: id, change: isOnline ? "online" : "offline" } };
}
