/**
 * Invariant 1, first half: an acknowledgement names no more copies than there are, and what it promises is
 * remembered together with the disks that made it up.
 *
 * @module
 */

import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { DiskLife } from "../disk_ledger.ts";
import type { EntryPlace } from "../entry_registry.ts";
import { passwordOf } from "../simulated_hasher.ts";
import type { World } from "../world.ts";

/** How long nodes have to find each other, ms. */
const BEGINNING_MS = 4_000;

/** See the module. */
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
    const { checks, registry, knowledge } = this.#world;
    const { machine } = connection.process;
    const places = registry.sent.get(id);
    const lives = this.#livesWith(places);
    checks.check(
      1,
      copies >= 1 && copies <= lives.length && lives.includes(machine.disk.life),
      () =>
        `${machine.name} acknowledges ${id} with ${copies} copies, and it is on ${
          lives.map((life) => life.name).join(", ") || "no disk"
        }`,
    );
    this.#checkCalm(machine.name, id, copies);
    const message = knowledge.messages.get(id);
    if (message === undefined) return;
    message.existence.give(lives);
    const [place] = places ?? [];
    const entry = place && registry.at(place);
    if (entry?.type === "messageSent") message.recipient = entry.to;
  }

  /** With all nodes up, every one of them is waited for. */
  #checkCalm(name: string, id: string, copies: number): void {
    const { checks, isCalm, nowMs, members } = this.#world;
    if (!isCalm || nowMs < BEGINNING_MS) return;
    const message = (): string =>
      `${name} acknowledges ${id} with ${copies} copies, though nothing went wrong`;
    checks.check(1, copies === members.length, message);
  }

  #loggedIn(connection: ClientConnection, token: string): void {
    const { checks, registry, knowledge } = this.#world;
    const { machine, state } = connection.process;
    const { viewer } = connection;
    if (viewer === undefined) return;
    const lives = this.#livesWith(registry.created.get(viewer));
    const isThere = lives.includes(machine.disk.life);
    checks.check(1, isThere, () => `${machine.name} logs ${viewer} in before the account is synced`);
    const person = this.#world.clients.find(({ name }) => name === connection.name)?.person;
    if (person === undefined) return;
    knowledge.account(viewer, person).existence.give(lives);
    const password = passwordOf(state.accounts.get(viewer)?.passwordHash ?? "");
    // Whoever knows of its deletion erases the password before the deletion itself has come here.
    const isTheirs = person.everyPassword.has(password) || registry.ended.has(viewer);
    checks.check(
      7,
      isTheirs,
      () => `${connection.name} is logged in as ${viewer}, whose ${password} it never knew`,
    );
    if (token === "") return;
    const issued = registry.issued.get(`d${token.slice(0, 32)}`);
    const isIssued = machine.disk.life.hasAny(issued);
    checks.check(1, isIssued, () => `${machine.name} gives ${viewer} a token before it is synced`);
  }

  #livesWith(places: readonly EntryPlace[] | undefined): DiskLife[] {
    return this.#world.watch.livesWithAny(places);
  }
}
