/**
 * Replaces hashes that are cheaper than the configuration asks for.
 *
 * @module
 */

import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Account } from "../core/accounts/account.ts";
import { decideRehash, staleHash } from "../core/accounts/passwords.ts";
import type { Session } from "./session.ts";

/**
 * Hashes a password anew, after it was found right, if its hash is cheaper than the configured cost. Nobody could
 * choose one that is too long: it keeps the hash that it was imported with.
 */
export function renewHash({ node, ports, address }: Session, account: Account, password: string): void {
  const { hashCost: cost, limits } = node.settings;
  const stale = staleHash(account, cost);
  if (stale === undefined || utf8Bytes(password) > limits.passwordBytesMax) return;
  ports.hasher.hash({ password, cost, account: account.name.toLowerCase(), address }, (outcome) => {
    if (outcome !== "busy" && !node.ports.log.readOnly) {
      node.apply(decideRehash(account, stale, outcome.hash));
    }
  });
}
