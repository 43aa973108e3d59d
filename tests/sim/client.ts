/**
 * A simulated client. It runs its operations one after the other, and repeats an unanswered one on the next
 * node with the same message id.
 *
 * @module
 */

import type { Feature } from "../../common/protocol/features.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { uuidOf } from "../../server/core/identity.ts";
import { ClientConnection, type Listener, type Said } from "./client_connection.ts";
import { type Flow, operationFlow } from "./client_operations.ts";
import { ClientWatch } from "./client_watch.ts";
import { Contacts } from "./contacts.ts";
import { loginFlow } from "./client_login.ts";
import type { Chance } from "./chance.ts";
import type { Machine } from "./machine.ts";
import type { KnownAccount, Person } from "./people.ts";
import type { Operation } from "./schedule.ts";
import type { World } from "./world.ts";

/** Time limit of a request, ms. */
const PATIENCE_MS = 3_000;

/** Attempts at one operation, and the pause between two, ms. */
const TRIES = 5;
const PAUSE_MS = 300;

/** Share of the clients that send to accounts, in worlds that have such clients. */
const CONTACTS_SHARE = 0.8;

/** The outcome of a request: its reply, or "lost". */
export type Outcome = ConfirmedReply | "lost";

/** A client of one person, with a queue of operations and at most one connection. */
export class Client implements Listener {
  connection: ClientConnection | undefined;
  /** Token of the last login; empty if there is none. */
  token = "";
  /** The accounts of the people that it has heard of; `undefined` if it knows names only. */
  readonly contacts: Contacts | undefined;
  /** The people that it watches, in worlds about watching. */
  readonly watch: ClientWatch | undefined;
  readonly #queue: Operation[] = [];
  #isBusy = false;
  #awaited: ((outcome: Outcome) => void) | undefined;

  readonly #ids: Chance;

  constructor(readonly world: World, readonly name: string, readonly person: Person) {
    this.#ids = world.chanceOf(`ids of ${name}`);
    const hasContacts = world.settings.hasAccountIds &&
      world.chanceOf(`accounts of ${name}`).is(CONTACTS_SHARE);
    this.contacts = hasContacts ? new Contacts() : undefined;
    this.watch = world.settings.hasWatchers ? new ClientWatch(this) : undefined;
  }

  /** Features of the protocol that it uses. */
  get features(): readonly Feature[] {
    if (this.watch !== undefined) return ["account-ids", "watch"];
    return this.contacts === undefined ? [] : ["account-ids"];
  }

  /** Queues an operation. */
  add(operation: Operation): void {
    this.#queue.push(operation);
    this.#next();
  }

  /** The account that it is logged in as; its person may have another one meanwhile. */
  get account(): KnownAccount | undefined {
    return this.world.knowledge.accounts.get(this.connection?.viewer ?? "");
  }

  /** A fresh message id. */
  newId(): string {
    return uuidOf(this.#ids.bytes(16));
  }

  #next(): void {
    if (this.#isBusy) return;
    const operation = this.#queue.shift();
    if (operation === undefined || this.world.isQuiet) return;
    this.#isBusy = true;
    const flow = operationFlow(this, operation);
    this.#attempt(flow, operation.machine, 0);
  }

  /** Attempts the operation at one machine; a failed attempt is repeated at the next. */
  #attempt(flow: Flow, machineNumber: number, tries: number): void {
    const again = (): void => {
      if (tries + 1 >= TRIES || this.world.isQuiet) return this.#done();
      this.world.after(PAUSE_MS, () => this.#attempt(flow, machineNumber + 1, tries + 1));
    };
    this.#connect(machineNumber, (isThere) => {
      if (!isThere) return again();
      flow((isOver) => isOver ? this.#done() : again());
    });
  }

  #done(): void {
    this.#isBusy = false;
    this.world.after(0, () => this.#next());
  }

  /** Connects and logs in, unless it is logged in there already. Archives are left out. */
  #connect(machineNumber: number, then: (isThere: boolean) => void): void {
    const { machines } = this.world;
    const serving = machines.filter(({ isArchive }) => !isArchive);
    const machine = serving[machineNumber % serving.length] as Machine;
    const { connection, account, person } = this;
    const isThere = connection?.isOpen && connection.process.machine === machine;
    if (isThere && account !== undefined && account === person.account) return then(true);
    this.hangUp();
    if (machine.process === undefined) return then(false);
    this.connection = new ClientConnection(machine.process, this.name, this);
    this.world.connections.add(this.connection);
    loginFlow(this, then);
  }

  /** Closes its connection, if there is one. */
  hangUp(): void {
    const { connection } = this;
    this.connection = undefined;
    if (connection === undefined) return;
    connection.drop();
    this.world.connections.delete(connection);
  }

  /** Sends a request; `then` gets the reply, or "lost" after the time limit. One request at a time. */
  ask(request: Request, then: (outcome: Outcome) => void): void {
    const { connection } = this;
    if (connection === undefined || !connection.isOpen) return then("lost");
    let isAnswered = false;
    const answered = (outcome: Outcome): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.#awaited = undefined;
      then(outcome);
    };
    this.#awaited = answered;
    const { trace } = this.world;
    trace.add(this.name, "asks", request.name, connection.process.machine.name);
    connection.request(request);
    this.world.after(PATIENCE_MS, () => {
      if (isAnswered) return;
      this.hangUp();
      answered("lost");
    });
  }

  hears(connection: ClientConnection, said: Said): void {
    if (connection !== this.connection) return;
    for (const { id, timestamp } of shownIn(said)) connection.shown.set(id, timestamp);
    this.contacts?.hear(said);
    this.watch?.hear(said);
    if ("push" in said) return this.#pushed(said.push);
    this.#awaited?.(said.reply);
  }

  #pushed(push: Push): void {
    if (push.name !== "message") return;
    const { got } = this.person;
    got.push(push.payload.id);
    if (got.length > 40) got.splice(0, 20);
  }

  lost(connection: ClientConnection): void {
    this.world.connections.delete(connection);
    if (connection !== this.connection) return;
    this.connection = undefined;
    this.#awaited?.("lost");
  }
}

/** The messages that a reply or a push shows. */
function shownIn(said: Said): readonly { readonly id: string; readonly timestamp: number }[] {
  if ("push" in said) return said.push.name === "message" ? [said.push.payload] : [];
  const { reply } = said;
  if (reply.name === "sent") return [reply.payload];
  if (reply.name === "messages" || reply.name === "found") return reply.payload.messages;
  return reply.name === "chats" ? reply.payload.chats.map(({ last }) => last) : [];
}
