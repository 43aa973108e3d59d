/**
 * Observes everything that leaves a server, and every start, and passes it to the invariants.
 *
 * @module
 */

import type { PeerMessage } from "../../server/ports/peer_message.ts";
import type { ClientConnection, Said } from "./client_connection.ts";
import { checkKeptOut } from "./invariants/access.ts";
import { checkBlockedPush, checkBlockedReply } from "./invariants/blocks.ts";
import { Acknowledgements } from "./invariants/acknowledgements.ts";
import { checkPeerMessage, checkPush, checkReply } from "./invariants/shown_is_synced.ts";
import { Clocks } from "./invariants/clocks.ts";
import { checkTime } from "./invariants/order.ts";
import { checkPushedRecipient, checkRepliedRecipient } from "./invariants/recipients.ts";
import { checkLoaded, checkStart } from "./invariants/starts.ts";
import { Views } from "./invariants/views.ts";
import { checkWindow } from "./invariants/bounds.ts";
import type { Machine } from "./machine.ts";
import type { ServerProcess } from "./server_process.ts";
import type { StreamWindow } from "./stream_window.ts";
import type { World } from "./world.ts";

/** The observer of one world. */
export class Watch {
  readonly #world: World;
  readonly #views: Views;
  readonly #acknowledgements: Acknowledgements;
  readonly #clocks: Clocks;

  constructor(world: World) {
    this.#world = world;
    this.#views = new Views(world);
    this.#acknowledgements = new Acknowledgements(world);
    this.#clocks = new Clocks(world);
  }

  /**
   * A server has read its log.
   *
   * @param before last durable entry of every origin before the start
   * @param isLoaded true if its memory was loaded from its archive
   */
  started(process: ServerProcess, before: ReadonlyMap<string, number>, isLoaded: boolean): void {
    if (isLoaded) checkLoaded(process);
    checkStart(process, before);
  }

  /** A server sends a message to a peer. */
  peerSends(machine: Machine, to: string, message: PeerMessage, window: StreamWindow): void {
    checkPeerMessage(this.#world, machine, to, message);
    checkWindow(this.#world, machine, message, window);
  }

  /** A server sends a reply or a push to a client. */
  clientIsShown(connection: ClientConnection, said: Said): void {
    const { machine } = connection.process;
    const { trace } = this.#world;
    if ("push" in said) {
      const { push } = said;
      trace.add(machine.name, `pushes ${push.name}`, connection.name, traced(push.payload));
      checkPush(this.#world, machine, push);
      checkPushedRecipient(this.#world, connection, push);
      checkBlockedPush(this.#world, connection, push);
      this.#views.pushed(connection, push);
      return;
    }
    const { reply } = said;
    trace.add(machine.name, `replies ${reply.name}`, connection.name, traced(reply.payload));
    if (reply.name === "loginSuccess") connection.viewer = connection.session?.account?.id;
    checkReply(this.#world, machine, reply);
    checkRepliedRecipient(this.#world, connection, reply);
    checkBlockedReply(this.#world, connection, reply);
    this.#acknowledgements.replied(connection, reply);
    if (reply.name === "sent") checkTime(this.#world, connection, reply.payload);
    this.#views.replied(connection, reply);
  }

  /** A server has made a step. */
  stepped(): void {
    this.#clocks.look();
    checkKeptOut(this.#world);
  }

  /** A client was told that messages are deleted. */
  deletionIsShown(connection: ClientConnection, ids: readonly string[]): void {
    this.#views.deleted(connection, ids);
  }
}

/** The fields of a payload that the trace shows: those that identify it, and those needed most often. */
function traced(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { name, change, id, ids, code, copies, status } = payload as Record<string, unknown>;
  let text = "";
  for (const word of [name, change, id, ids, code, copies, status]) {
    if (word !== undefined) text += ` ${word}`;
  }
  return text;
}
