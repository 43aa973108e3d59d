/**
 * Deletions of the original dialect that wait for the archive. Its DELETE_MESSAGE has no reply: nobody can be told to
 * ask again, so the node does.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import type { Decision } from "../core/decision.ts";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import { detachedMessage } from "../core/messages/detached_message.ts";
import { decideDelete } from "../core/messages/marks.ts";
import type { Message } from "../core/messages/message.ts";
import type { Node } from "../node/node.ts";
import { roomProblem } from "./room.ts";
import type { SessionPorts } from "./session_ports.ts";

/** Most ids that wait, of all accounts and of one. */
const HELD_MAX = 10_000;
const HELD_OF_ACCOUNT_MAX = 1_000;

/** Longest id that waits: those of all messages are shorter. */
const ID_LENGTH_MAX = 128;

/** Most accounts that the archive is asked for at once, and most ids of one question. */
const ACCOUNTS_AT_ONCE = 32;
const IDS_AT_ONCE = 500;

type Deleting = Pick<SessionPorts, "fingerprinter" | "random">;

/**
 * The decision to delete messages for an account.
 *
 * @param elsewhere messages with these ids that have left memory
 */
export function deletionOf(
  { state, settings, ports }: Node,
  { fingerprinter, random }: Deleting,
  account: Account,
  ids: readonly string[],
  elsewhere: readonly Message[],
): Decision {
  const newKey = hex(random.bytes(RANDOM_BYTES.fingerprintKey));
  const fingerprinting = { fingerprinter, newKey, wallMs: ports.clock.wallMs() };
  return decideDelete(state, account, ids, settings.limits, fingerprinting, elsewhere);
}

/** The deletions of one node that wait. They are in memory only. */
export class HeldDeletions {
  readonly #ids = new Map<Account, Set<string>>();
  readonly #asking = new Set<Account>();
  #count = 0;
  #isFullTold = false;
  readonly #node: Node;
  readonly #ports: SessionPorts;

  constructor(node: Node, ports: SessionPorts) {
    this.#node = node;
    this.#ports = ports;
  }

  /** Keeps the ids of messages that an account deletes, if there is room. */
  add(account: Account, ids: readonly string[]): void {
    const own = this.#ids.get(account) ?? new Set();
    for (const id of ids) {
      if (own.has(id) || id.length > ID_LENGTH_MAX) continue;
      if (own.size >= HELD_OF_ACCOUNT_MAX || this.#count >= HELD_MAX) return this.#tellFull(account);
      own.add(id);
      this.#count++;
      this.#ids.set(account, own);
    }
  }

  #tellFull({ name }: Account): void {
    if (this.#isFullTold) return;
    this.#isFullTold = true;
    const wayOut = "delete them again once the archive answers";
    this.#ports.logger.warn("deletionsDropped", {
      user: name,
      waiting: this.#count,
      limit: HELD_MAX,
      limitOfUser: HELD_OF_ACCOUNT_MAX,
      wayOut,
    });
  }

  /** Asks the archive for messages that wait, and deletes those that it has; called about once a second. */
  look(): void {
    for (const [account, ids] of this.#ids) {
      if (this.#asking.size >= ACCOUNTS_AT_ONCE) return;
      if (account.deleted !== undefined) this.#forget(account, [...ids]);
      else if (!this.#asking.has(account)) this.#ask(account, [...ids].slice(0, IDS_AT_ONCE));
    }
  }

  /** Asks for nothing more: the node stops, and what waits is lost with it. */
  stop(): void {
    const wayOut = "delete them again after the next start";
    if (this.#count > 0) this.#ports.logger.warn("deletionsLost", { messages: this.#count, wayOut });
    this.#ids.clear();
  }

  #ask(account: Account, ids: readonly string[]): void {
    this.#asking.add(account);
    this.#ports.archive?.ask({ type: "ids", account: account.id, ids }, (outcome) => {
      this.#asking.delete(account);
      if (!this.#ids.has(account)) return;
      if ("messages" in outcome && account.deleted === undefined) {
        this.#delete(account, ids, outcome.messages);
      }
    });
  }

  #delete(account: Account, ids: readonly string[], found: readonly ArchivedMessage[]): void {
    const { state, ports } = this.#node;
    const elsewhere = found.flatMap((each) => detachedMessage(state, each) ?? []);
    const { events } = deletionOf(this.#node, this.#ports, account, ids, elsewhere);
    if (roomProblem(ports, events) !== undefined) return;
    this.#node.apply(events);
    this.#forget(account, ids);
  }

  #forget(account: Account, ids: readonly string[]): void {
    const own = this.#ids.get(account);
    for (const id of ids) if (own?.delete(id)) this.#count--;
    if (own?.size === 0) this.#ids.delete(account);
    if (this.#count === 0) this.#isFullTold = false;
  }
}
