/**
 * A client's connection to a server: both ends, and the network between them.
 *
 * @module
 */

import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { type Dialect, encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import type { Session } from "../../server/sessions/session.ts";
import type { ClientLink, MinuteCharge } from "../../server/ports/clients.ts";
import type { KnownMessage } from "./people.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** A reply or a push. */
export type Said = { readonly reply: ConfirmedReply } | { readonly push: Push };

/** Receiver of a connection's replies and pushes, and of its end. */
export interface Listener {
  hears(connection: ClientConnection, said: Said): void;
  lost(connection: ClientConnection): void;
}

/** Longest payload that is decoded, bytes. */
const FRAME_BYTES_MAX = 1_048_576;

/** A connection between a client and a server process, with a delay in both directions. */
export class ClientConnection implements ClientLink {
  /** Not a loopback address, so that every limit applies. */
  readonly address: string;
  /** One slice of a list, then others have their turn. */
  readonly share = { mayGoOn: true, take: () => {}, use: () => void (this.share.mayGoOn = false) };
  readonly hasRoom = true;
  readonly isConfirmedOnly = false;
  session: Session | undefined;
  /** Account id that the client is logged in as. */
  viewer: string | undefined;
  /** Arrival of its last request at the server, ms of virtual time. */
  askedMs = 0;
  /** The version of the server's disk before its last batch, when the last request came. */
  before: ReadonlyMap<string, number> = new Map();
  /** The last message that its client has sent over it. */
  asking: KnownMessage | undefined;
  /** Ids of the messages pushed to it. */
  readonly pushed = new Set<string>();
  /** Timestamps of the messages that it was shown, by message id. */
  readonly shown = new Map<string, number>();
  #isOver = false;
  #isPaused = false;
  readonly #inbox: Uint8Array[] = [];
  #dialect: Dialect = "original";
  #toServerMs = 0;
  #toClientMs = 0;
  readonly #listener: Listener;

  /** @param name name of the client */
  constructor(readonly process: ServerProcess, readonly name: string, listener: Listener) {
    this.#listener = listener;
    this.address = `192.0.2.${name.length}`;
    this.#onServer(() => this.session = process.openSession(this));
  }

  get #world(): World {
    return this.process.machine.world;
  }

  /** True until the connection has ended. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** Sends a request to the server. */
  request(request: Request): void {
    if (this.#isOver) return;
    const bytes = encodeRequest(request, this.#dialect);
    this.#dialect = "confirmed";
    this.#onServer(() => this.#arrived(bytes));
  }

  #onServer(act: () => void): void {
    const world = this.#world;
    this.#toServerMs = Math.max(this.#toServerMs + 0.001, world.nowMs + this.#delayMs());
    world.at(this.#toServerMs, () => this.process.run(act));
  }

  #delayMs(): number {
    return this.#world.chance.delay(1, 30);
  }

  #arrived(bytes: Uint8Array): void {
    this.before = this.process.machine.disk.life.before;
    this.askedMs = this.#world.nowMs;
    this.#inbox.push(bytes);
    this.#read();
  }

  #read(): void {
    while (!this.#isPaused && !this.#isOver) {
      if (this.session?.isUnfinished) {
        if (!this.share.mayGoOn) return this.#waitForTurn();
        this.#pause(this.session.goOn());
        continue;
      }
      const bytes = this.#inbox.shift();
      if (bytes === undefined || this.session === undefined) return;
      const reader = new FrameReader(this.session.payloadBytesMax);
      reader.push(bytes);
      const frame = reader.next();
      if (frame === undefined) throw new Error("a client has sent no whole frame");
      this.#pause(this.session.received(frame));
    }
  }

  /** See `ClientLink`. The simulation has no limit on new connections. */
  charge(): MinuteCharge {
    return { giveBack: () => {} };
  }

  #pause(ms: number): void {
    if (ms === 0) return;
    this.#isPaused = true;
    if (ms !== Infinity) this.process.later(ms, () => this.resume());
  }

  #waitForTurn(): void {
    this.share.mayGoOn = true;
    this.#pause(1);
  }

  /** See `ClientLink`. */
  resume(): void {
    this.#isPaused = false;
    // Later, not inside the session's call: it may be in the middle of a frame.
    this.process.later(0, () => this.#read());
  }

  /** See `ClientLink`. */
  send(frames: Uint8Array): void {
    if (this.#isOver || !this.process.isAlive) return;
    const reader = new FrameReader(FRAME_BYTES_MAX);
    reader.push(frames);
    for (let whole = reader.next(); whole !== undefined; whole = reader.next()) {
      const said = decodeFromServer(whole);
      this.#world.watch.clientIsShown(this, said);
      this.#onClient(() => this.#listener.hears(this, said));
    }
    if (reader.pendingBytes > 0) throw new Error("the server has sent no whole frame");
  }

  /** See `ClientLink`. */
  give(frame: Uint8Array): void {
    this.send(frame);
  }

  /** See `ClientLink`. */
  owe(): void {}

  /** See `ClientLink`. */
  because(): void {}

  /** See `ClientLink`. */
  close(): void {
    this.#onClient(() => this.#end());
  }

  #onClient(act: () => void): void {
    const world = this.#world;
    this.#toClientMs = Math.max(this.#toClientMs + 0.001, world.nowMs + this.#delayMs());
    world.at(this.#toClientMs, () => this.#isOver || act());
  }

  /** Ends the connection, as the client or the network does. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onServer(() => this.session?.disconnected());
  }

  /** Ends the connection after the death of the process; frames in transit still arrive. */
  break(): void {
    this.#onClient(() => this.#end());
  }

  #end(): void {
    this.drop();
    this.#listener.lost(this);
  }
}
