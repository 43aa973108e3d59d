/**
 * Client of the confirmed dialect, with the few requests the measurements need.
 *
 * @module
 */

import { decodeFromServer } from "../common/protocol/client_codec.ts";
import { encodeRequest } from "../common/protocol/codec.ts";
import { PROTOCOL_VERSION } from "../common/protocol/requests.ts";
import type { ConfirmedReply } from "../common/protocol/replies.ts";
import type { Request } from "../common/protocol/requests.ts";
import { HEADER_BYTES } from "../common/wire/frame.ts";
import { LeanConnection } from "./lean_connection.ts";
import { type ClientSocket, connectFrom } from "./local_socket.ts";

/** Pushes have this frame type or a higher one. */
const PUSHES_FROM = 200;

/** Password of every account. */
export const PASSWORD = "correct horse battery";

/** bcrypt hash of it, cost 4. */
export const PASSWORD_HASH = "$2b$04$7VFEjbFXn1XTvfu9H1inPuOPfeCOI7HYQPGebtYSryNcXaVDehF7S";

/** Connection that asks and waits, until a faster reader takes over its frames. */
export class Client {
  readonly connection: LeanConnection;
  readonly #waiting: ((reply: ConfirmedReply) => void)[] = [];

  private constructor(socket: ClientSocket) {
    this.connection = new LeanConnection(socket);
    this.listen();
    void this.connection.read();
  }

  /** Connects and says HELLO. @param address the client's own address; 127.0.0.1 unless given */
  static async connect(port: number, address?: string): Promise<Client> {
    return await Client.over(await (address === undefined ? connect(port) : connectFrom(address, port)));
  }

  /** Says HELLO over a connection. */
  static async over(socket: ClientSocket): Promise<Client> {
    const client = new Client(socket);
    await client.ask({ name: "hello", payload: { version: PROTOCOL_VERSION, client: "bench" } }, "welcome");
    return client;
  }

  /** Connects and logs in; creates the account if it is missing. */
  static async loggedIn(port: number, name: string): Promise<Client> {
    const client = await Client.connect(port);
    await client.logIn(name);
    return client;
  }

  /** Logs in, creating the account if it is missing; returns the token. */
  async logIn(name: string): Promise<string> {
    await this.ask({ name: "startLogin", payload: { name } });
    const reply = await this.ask({ name: "finishLogin", payload: { password: PASSWORD } }, "loginSuccess");
    return reply.payload.token;
  }

  /** Takes its frames back from a faster reader. Pushes are dropped. */
  listen(): void {
    this.connection.onFrame = (bytes, start, end) => {
      const type = bytes[start + 7] ?? 0;
      if (type >= PUSHES_FROM) return;
      const decoded = decodeFromServer({ type, payload: bytes.slice(start + HEADER_BYTES, end) });
      if ("reply" in decoded) this.#waiting.shift()?.(decoded.reply);
    };
  }

  /**
   * Sends a request; resolves with its reply.
   *
   * @param expected name of the only acceptable reply
   * @throws {Error} if another reply comes
   */
  async ask<Name extends ConfirmedReply["name"] = ConfirmedReply["name"]>(
    request: Request,
    expected?: Name,
  ): Promise<ConfirmedReply & { readonly name: Name }> {
    const reply = await new Promise<ConfirmedReply>((resolve) => {
      this.#waiting.push(resolve);
      this.connection.send(encodeRequest(request, "confirmed"));
    });
    if (expected !== undefined && reply.name !== expected) {
      throw new Error(`${request.name} was answered with ${JSON.stringify(reply)}, not with ${expected}`);
    }
    return reply as ConfirmedReply & { readonly name: Name };
  }

  /** Closes the connection. */
  close(): void {
    this.connection.close();
  }
}

async function connect(port: number): Promise<ClientSocket> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  return socket;
}
