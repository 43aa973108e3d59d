/**
 * Credentials that serve for one connection. The library would try again on its own for some seconds after
 * its channel was closed, and leaves a socket open whose other end accepts it and then says nothing, as a
 * frozen node does. The connection of a stream must be gone when the stream is over.
 *
 * @module
 */

import { ChannelCredentials } from "@grpc/grpc-js";
import type { Socket } from "node:net";

type Connector = ReturnType<ChannelCredentials["_createSecureConnector"]>;
type ConnectorArguments = Parameters<ChannelCredentials["_createSecureConnector"]>;

/** Hands out the one connection, and ends it. */
export class SingleConnection extends ChannelCredentials {
  readonly #inner: ChannelCredentials;
  #isUsed = false;
  #isOver = false;
  #socket: Socket | undefined;

  /** @param inner the credentials that secure the connection */
  constructor(inner: ChannelCredentials) {
    super();
    this.#inner = inner;
  }

  /** Nothing is connected any more. */
  end(): void {
    this.#isOver = true;
    this.#socket?.destroy();
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...args: ConnectorArguments): Connector {
    const connector = this.#inner._createSecureConnector(...args);
    return {
      waitForReady: () => this.#isUsed ? over() : this.#begin(connector),
      connect: (socket) => this.#connect(connector, socket),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy: () => connector.destroy(),
    };
  }

  #begin(connector: Connector): Promise<void> {
    this.#isUsed = true;
    return connector.waitForReady();
  }

  #connect(connector: Connector, socket: Socket): ReturnType<Connector["connect"]> {
    // The library destroys the socket of a connection that fails.
    if (this.#isOver) return over();
    this.#socket = socket;
    return connector.connect(socket);
  }
}

function over(): Promise<never> {
  return Promise.reject(new Error("the stream is over"));
}
