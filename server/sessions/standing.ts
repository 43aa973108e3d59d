/**
 * Standing of sessions with accounts: known by their address, by their login, or strangers.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import {
  type AddressKnowledge,
  decideAddressKnown,
  isAddressKnown,
} from "../core/accounts/known_addresses.ts";
import { isQuotaSpent } from "../core/accounts/stored_entries.ts";
import { addressGroup } from "../core/address.ts";
import type { Event } from "../core/events.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import type { Guess } from "./guess.ts";
import type { Session } from "./session.ts";

/** The guess of a login to an account. */
export function loginGuess(session: Session, account: Account): Guess {
  const { address } = session;
  const isKnown = isAddressKnown(account, addressGroup(address), knowledgeOf(session));
  return { account: account.id, address, standing: isKnown ? "known" : "stranger" };
}

/** The guess of a session that is logged in to the account. */
export function sessionGuess({ address, token }: Session, account: Account): Guess {
  const guess: Guess = { account: account.id, address, standing: "session" };
  return token === undefined ? guess : { ...guess, token: token.hash };
}

/**
 * Events that make the address of a login known; none while nothing can be written, or once the account has spent its
 * quota of the day.
 */
export function addressEvents(session: Session, account: Account): Event[] {
  const { node, address, ports } = session;
  const { log, clock } = node.ports;
  if (log.readOnly || isQuotaSpent(account, clock.wallMs(), node.settings.limits)) return [];
  const makeKey = (): string => hex(ports.random.bytes(RANDOM_BYTES.addressKey));
  return decideAddressKnown(account, addressGroup(address), knowledgeOf(session), makeKey);
}

function knowledgeOf({ node, ports }: Session): AddressKnowledge {
  return { fingerprinter: ports.fingerprinter, wallMs: node.ports.clock.wallMs() };
}
