/**
 * Invariant 1, first half: an acknowledgement names no more copies than exist. Its promise is recorded
 * together with the disks that hold the copies.
 *
 * @module
 */

import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { MessageSent } from "../../../server/core/events.ts";
import type { ClientConnection } from "../client_connection.ts";
import { Assurance } from "../people.ts";
import type { DiskLife } from "../disk_ledger.ts";
import type { EntryPlace } from "../entry_registry.ts";
import type { Machine } from "../machine.ts";
import type { ServerProcess } from "../server_process.ts";
import { passwordOf } from "../simulated_hasher.ts";
import { simulatedDigest } from "../simulated_ports.ts";
import type { World } from "../world.ts";

/** Longest wait of a reply, ms: a second for other nodes, and the sync of a fast disk. */
const WAIT_MS = 1_000 + 400;

/** Longest wait for entries about the account that a message is meant for, ms. */
const ACCOUNT_MS = 2_000;

/**
 * Time until every node knows of a lost disk (a silent peer is given up after 10 s); a frozen node is late.
 */
const UNHEARD_MS = 12_000;
const UNHEARD_MS_FROZEN = 30_000;

/** Time in which the nodes find each other, ms. */
const BEGINNING_MS = 4_000;

/** Checks every acknowledgement, and records its promise. */
export class Acknowledgements {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** A server has answered a client. */
  replied(connection: ClientConnection, reply: ConfirmedReply): void {
    if (reply.name === "sent") this.#sent(connection, reply.payload);
    else if (reply.name === "loginSuccess") this.#loggedIn(connection, reply.payload.token);
  }

  #sent(connection: ClientConnection, sent: { readonly id: string; readonly copies: number }): void {
    const { id, copies } = sent;
    const { checks, knowledge, registry } = this.#world;
    const { machine } = connection.process;
    const lives = this.#world.lives.filter((life) => this.#hasCopy(life, id));
    const disks = this.#disksWith(connection.process, id);
    const isHere = lives.includes(machine.disk.life);
    const names = lives.map((life) => life.name).join(", ");
    const message = (): string =>
      `${machine.name} acknowledges ${id} with ${copies} copies; it is on: ${names}`;
    checks.check(1, isHere && copies >= 1 && copies <= disks, message);
    this.#checkCalm(connection.process, id, copies);
    this.#checkWait(connection);
    const known = knowledge.messages.get(id);
    if (known === undefined) return;
    const places = registry.sent.get(id)?.filter((place) => machine.disk.life.has(place)) ?? [];
    const entries = places.flatMap((place) => this.#sentAt(place) ?? []);
    const recipient = entries.find(({ from }) => from === known.sender)?.to;
    // Sent again after the loss of a disk, it can go to another account of that name: another message.
    if (recipient !== known.recipient) known.existence = new Assurance();
    known.recipient = recipient;
    known.existence.give(lives.filter((life) => this.#hasCopy(life, id, recipient)));
  }

  /** True if the disk has a copy: the message and both accounts, without which the message is invisible. */
  #hasCopy(life: DiskLife, id: string, recipient?: string): boolean {
    const { sent, created } = this.#world.registry;
    return sent.get(id)?.some((place) => {
      const entry = this.#sentAt(place);
      return entry !== undefined && entry.to === (recipient ?? entry.to) && life.has(place) &&
        life.hasAny(created.get(entry.from)) &&
        life.hasAny(created.get(entry.to));
    }) ?? false;
  }

  #sentAt(place: EntryPlace): MessageSent | undefined {
    const entry = this.#world.registry.at(place);
    return entry?.type === "messageSent" ? entry : undefined;
  }

  /** Number of machines with a copy, as known to a node that does not hear at once of a lost disk. */
  #disksWith({ wasFrozen }: ServerProcess, id: string): number {
    const { machines, nowMs } = this.#world;
    const sinceMs = nowMs - (wasFrozen ? UNHEARD_MS_FROZEN : UNHEARD_MS);
    const counts = ({ disk }: Machine): boolean =>
      disk.lives.some((life) => life.destroyedMs > sinceMs && this.#hasCopy(life, id));
    return machines.filter(counts).length;
  }

  /** With all nodes up, a reply waits for every one of them that is not much slower than the others. */
  #checkCalm({ machine, mesh }: ServerProcess, id: string, copies: number): void {
    const { checks, isCalm, nowMs, members } = this.#world;
    if (!isCalm || nowMs < BEGINNING_MS) return;
    const message = (): string =>
      `${machine.name} acknowledges ${id} with ${copies} copies, though nothing went wrong`;
    const slow = mesh.status().filter(({ state }) => state === "slow").length;
    checks.check(1, copies <= members.length && copies + slow >= members.length, message);
  }

  /** A reply does not wait for a node that is gone. */
  #checkWait({ process, askedMs, name, asking }: ClientConnection): void {
    const { checks, isFast, nowMs } = this.#world;
    if (!isFast || process.wasFrozen) return;
    const waitedMs = nowMs - askedMs;
    const waitMs = WAIT_MS + (asking?.account === undefined ? 0 : ACCOUNT_MS);
    checks.check(10, waitedMs <= waitMs, () => `${name} has waited ${waitedMs} ms for a SENT`);
  }

  #loggedIn(connection: ClientConnection, token: string): void {
    const { checks, registry, knowledge } = this.#world;
    const { machine, state } = connection.process;
    const { viewer } = connection;
    if (viewer === undefined) return;
    const lives = this.#world.livesWithAny(registry.created.get(viewer));
    const isThere = lives.includes(machine.disk.life);
    checks.check(1, isThere, () => `${machine.name} logs ${viewer} in before the account is synced`);
    const person = this.#world.clients.find(({ name }) => name === connection.name)?.person;
    if (person === undefined) return;
    knowledge.account(viewer, person).existence.give(lives);
    const password = passwordOf(state.accounts.get(viewer)?.passwordHash ?? "");
    // A node that knows of the account's deletion erases the password, even before the deletion comes here.
    const isTheirs = person.everyPassword.has(password) || registry.ended.has(viewer);
    checks.check(
      7,
      isTheirs,
      () => `${connection.name} is logged in as ${viewer}, whose ${password} it never knew`,
    );
    if (token === "") return;
    const issued = registry.issued.get(simulatedDigest(token));
    const isIssued = machine.disk.life.hasAny(issued);
    checks.check(1, isIssued, () => `${machine.name} gives ${viewer} a token before it is synced`);
  }
}
