/**
 * The connections below the incoming streams: an idle connection is closed.
 *
 * @module
 */

import type { Socket } from "node:net";

/** Origin of a connection: an address that the configuration names for a peer, or any other. */
export type Share = "peers" | "strangers";

/** Connections of each share at the same time, those included that have not proved anything yet. */
export const CONNECTIONS_MAX = 32;

/** Streams at the same time: a handful of nodes has one each, and some that are just ending. */
export const STREAMS_MAX = 16;

/** Those of one node that has proved its name: one, and some that are just ending. Others need theirs. */
export const STREAMS_PER_PEER_MAX = 4;

/** Streams of each share at the same time that owe a proof; the oldest gives way to the next one. */
export const UNPROVEN_MAX = 64;

/** Time that a connection may be there without a stream, ms; the TLS handshake is part of it. */
const WITHOUT_STREAM_MS = 10_000;

/** Streams that a connection may ask for in its life: a node opens one or two, and dials anew for the next. */
const STREAMS_IN_ALL_MAX = 8;

/** The same where only nodes come so far, by their certificates. */
const STREAMS_OF_NODE_IN_ALL_MAX = 64;

const ENDED_UNUSED =
  "it ended without having opened a stream; if it is a node, check that it does not use TLS, " +
  "as this one does not";

interface PeerSocket {
  readonly address: string;
  readonly share: Share;
  readonly socket: Socket;
  /** Streams that are open. */
  streams: number;
  /** Streams that were asked for, taken or refused. */
  asked: number;
  /** Runs while there are none. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** True if its end needs no explanation: it had a stream, or is ended here. */
  isExplained: boolean;
}

/** The open connections, named by the address and the port of the other end. */
export class IncomingConnections {
  readonly #connections = new Map<string, PeerSocket>();
  readonly #isSecure: boolean;
  readonly #onRefused: (address: string, reason: string) => void;

  /**
   * @param isSecure true if the other end must show a certificate
   * @param onRefused a connection was ended that never had a stream, and why
   */
  constructor(isSecure: boolean, onRefused: (address: string, reason: string) => void) {
    this.#isSecure = isSecure;
    this.#onRefused = onRefused;
  }

  /** Takes a connection; where its share is full, the oldest of it that has no stream gives way. */
  add(socket: Socket, share: Share): void {
    const address = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.on("error", () => {});
    if (this.#of(share).length >= CONNECTIONS_MAX) {
      const reason = `there are more than ${CONNECTIONS_MAX} connections, which is the limit`;
      const unused = this.#of(share).find(({ streams }) => streams === 0);
      if (unused === undefined) {
        socket.destroy();
        return this.#onRefused(address, reason);
      }
      this.#onRefused(unused.address, `it had not opened a stream, and ${reason}`);
      this.#connections.delete(unused.address);
      end(unused);
    }
    // Of a handshake that failed, TLS tells more.
    const connection: PeerSocket = {
      address,
      share,
      socket,
      streams: 0,
      asked: 0,
      timer: undefined,
      isExplained: this.#isSecure,
    };
    this.#connections.set(address, connection);
    socket.on("close", () => {
      clearTimeout(connection.timer);
      if (this.#connections.get(address) === connection) this.#connections.delete(address);
      if (!connection.isExplained) this.#onRefused(address, ENDED_UNUSED);
    });
    const reason = `it opened no stream within ${WITHOUT_STREAM_MS} ms`;
    expectStream(connection, () => this.#onRefused(address, reason));
  }

  #of(share: Share): PeerSocket[] {
    return [...this.#connections.values()].filter((connection) => connection.share === share);
  }

  /** The share of an open connection. */
  shareOf(address: string): Share {
    return this.#connections.get(address)?.share ?? "strangers";
  }

  /** It is known why a connection is about to end. */
  explain(address: string): void {
    const connection = this.#connections.get(address);
    if (connection !== undefined) connection.isExplained = true;
  }

  /** A stream is asked for on a connection, which is ended if there were too many: each of them costs. */
  streamAsked(address: string): void {
    const connection = this.#connections.get(address);
    const max = this.#isSecure ? STREAMS_OF_NODE_IN_ALL_MAX : STREAMS_IN_ALL_MAX;
    if (connection === undefined || ++connection.asked !== max + 1) return;
    this.#onRefused(address, `it has asked for more than ${max} streams, which is the limit`);
    end(connection);
  }

  /** A stream of a node was opened on a connection: it does not give way to others. */
  streamBegan(address: string): void {
    this.explain(address);
    const connection = this.#connections.get(address);
    if (connection === undefined) return;
    connection.streams++;
    clearTimeout(connection.timer);
  }

  /** A stream is over. The other end has some time to close the connection, or to open another stream. */
  streamEnded(address: string): void {
    const connection = this.#connections.get(address);
    if (connection === undefined) return;
    connection.streams--;
    if (connection.streams === 0) expectStream(connection, () => {});
  }

  /** Ends those that have no stream. */
  endUnused(): void {
    for (const connection of this.#connections.values()) if (connection.streams === 0) end(connection);
  }

  /** Ends all. */
  endAll(): void {
    for (const connection of this.#connections.values()) end(connection);
  }
}

function expectStream(connection: PeerSocket, onEnd: () => void): void {
  connection.timer = setTimeout(() => {
    end(connection);
    onEnd();
  }, WITHOUT_STREAM_MS);
}

function end(connection: PeerSocket): void {
  connection.isExplained = true;
  connection.socket.destroy();
}
