/**
 * Coming and going of the clients: told to the peers, and to the clients that have a conversation with the account or
 * watch it.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import type { Change } from "../core/change.ts";
import { aboutUser, type Notice, partnersOf } from "../core/react.ts";
import type { State } from "../core/state.ts";
import type { Audience } from "./audience.ts";
import type { NodePorts } from "./node_settings.ts";
import { PresenceNews } from "./presence_news.ts";
import type { PeopleNews } from "./people_news.ts";
import { PARTNER_PACE, PresenceReceivers } from "./presence_receivers.ts";

/** The node, as far as presence needs it. */
interface PresenceNode {
  readonly audience: Audience;
  readonly ports: Pick<NodePorts, "clock" | "replication">;
  readonly state: Pick<State, "accounts">;
  readonly people: Pick<PeopleNews, "blockChanged" | "presenceChanged">;
  isOnline(account: Account): boolean;
  notify(notices: readonly Notice[]): void;
}

/** Presence of all accounts. */
export class ClientPresence {
  readonly #node: PresenceNode;
  readonly #forPeers = new PresenceNews((account) => this.#tellPeers(account));
  readonly #forClients = new PresenceNews((account) => this.#tellClients(account));
  readonly #receivers = new PresenceReceivers<Account>(
    PARTNER_PACE,
    (accounts, receivers) => this.#tellReceivers(accounts, receivers),
  );

  constructor(node: PresenceNode) {
    this.#node = node;
  }

  /** An account has its first session at this node, or has lost its last one. */
  changedHere(account: Account): void {
    const { clock, replication } = this.#node.ports;
    const nowMs = clock.monotonicMs();
    this.#forPeers.changed(account, nowMs);
    if (!replication.isOnline(account.id)) this.#forClients.changed(account, nowMs);
  }

  /** An account, by id, has come online at other nodes, or is at none of them any more. */
  changedElsewhere(id: string): void {
    const { audience, ports, state } = this.#node;
    const account = state.accounts.get(id);
    if (account === undefined || audience.of(account).length > 0) return;
    this.#forClients.changed(account, ports.clock.monotonicMs());
  }

  /** Tells the blocks among these changes: to a blocked person the account is gone, and later as it is. */
  changed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.type === "blockChanged") this.#blockChanged(change.account, change.person);
    }
  }

  #blockChanged(account: Account, person: Account): void {
    const { audience, ports, people } = this.#node;
    if (account.conversations.has(person.id) && audience.of(person).length > 0) {
      this.#receivers.changed(account, [person], ports.clock.monotonicMs());
    }
    people.blockChanged(account, person);
  }

  /** Tells the changes that had to wait; to be called about ten times a second. */
  look(): void {
    const nowMs = this.#node.ports.clock.monotonicMs();
    this.#forPeers.look(nowMs);
    this.#forClients.look(nowMs);
    this.#receivers.look(nowMs);
  }

  #tellPeers(account: Account): void {
    const { audience, ports } = this.#node;
    ports.replication.announce(account.id, audience.of(account).length > 0);
  }

  #tellClients(account: Account): void {
    const { audience, ports } = this.#node;
    const here = partnersOf(account).filter((partner) =>
      audience.of(partner).length > 0 && !account.blocks(partner)
    );
    this.#receivers.changed(account, here, ports.clock.monotonicMs());
    this.#node.people.presenceChanged(account);
  }

  #tellReceivers(accounts: readonly Account[], receivers: readonly Account[]): void {
    for (const account of accounts) {
      if (!account.alive) continue;
      const [blocked, others] = blockedApart(account, receivers);
      const change = this.#node.isOnline(account) ? "online" : "offline";
      this.#node.notify([...aboutUser(account, others, change), ...aboutUser(account, blocked, "offline")]);
    }
  }
}

/** Those of some accounts whom `account` blocks, and the others. */
function blockedApart(account: Account, others: readonly Account[]): [Account[], Account[]] {
  const { yes = [], no = [] } = Object.groupBy(others, (other) => account.blocks(other) ? "yes" : "no");
  return [yes, no];
}
