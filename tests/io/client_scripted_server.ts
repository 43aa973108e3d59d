/**
 * A node with scripted answers and breaks, for cases that a real node does not produce on demand.
 *
 * @module
 */

import { decodeRequest, encodePush, encodeReply, requestName, TAG_MAX } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { FrameReader } from "../../common/wire/frame.ts";

const BOUNDS = { depth: 16, items: 4_096, keys: 64, tagMax: TAG_MAX.confirmed };

/** Reaction of a node to a request: an answer, a break of the connection, or silence. */
export type Answer = ConfirmedReply | "break" | "nothing";

/** A listening node that follows a script. `await using` ends it. */
export class ScriptedServer implements AsyncDisposable {
  /** Every request that came, oldest first. */
  readonly requests: Request[] = [];
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #accepting: Promise<void>;
  readonly #serving = new Set<Promise<void>>();

  /**
   * @param answer reaction to some requests; `undefined` leaves one to `usualAnswer`
   * @param port any free one unless given
   */
  constructor(
    readonly name: string,
    readonly answer: (request: Request) => Answer | undefined = () => undefined,
    port = 0,
  ) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Received requests with this name. */
  asked<Name extends Request["name"]>(name: Name): readonly Extract<Request, { name: Name }>["payload"][] {
    return this.requests.filter((each) => each.name === name).map((each) => each.payload) as never;
  }

  /** Pushes to every connection, one byte at a time. */
  async push(push: Push): Promise<void> {
    const frame = encodePush(push);
    for (const connection of this.#connections) {
      for (const byte of frame) await connection.write(Uint8Array.of(byte));
    }
  }

  /** Breaks every connection. */
  breakAll(): void {
    for (const connection of this.#connections) end(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.breakAll();
    await this.#accepting;
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.#connections.add(connection);
        const serving = this.#serve(connection);
        this.#serving.add(serving);
      }
    } catch {
      // The listener was closed.
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    const reader = new FrameReader(1_048_576);
    try {
      for await (const chunk of connection.readable) {
        reader.push(chunk);
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
          const name = requestName(frame.type, "confirmed");
          if (name === undefined) throw new Error(`a client sent the unknown type ${frame.type}`);
          const request = decodeRequest(name, frame.payload, "confirmed", BOUNDS);
          this.requests.push(request);
          const answer = this.answer(request) ?? this.#usualAnswer(request);
          if (answer === "break") return end(connection);
          if (answer !== "nothing") await connection.write(encodeReply(answer));
        }
      }
    } catch {
      // The connection has ended.
    } finally {
      this.#connections.delete(connection);
      end(connection);
    }
  }

  #usualAnswer(request: Request): ConfirmedReply {
    switch (request.name) {
      case "hello":
        return {
          name: "welcome",
          payload: {
            version: 2,
            server: "scripted",
            node: this.name,
            cluster: "test",
            nodes: [{ name: this.name, host: "127.0.0.1", port: this.port }],
            limits: new Map(),
          },
        };
      case "startLogin":
        return { name: "userExisting", payload: null };
      case "finishLogin":
      case "resume":
        return { name: "loginSuccess", payload: { name: "alice", token: "the token", unread: 0 } };
      case "sendMessage":
        return { name: "sent", payload: { id: request.payload.id ?? "", timestamp: 1, copies: 1, nodes: 1 } };
      case "listMessages":
        return { name: "messages", payload: { messages: [], more: false } };
      case "listChats":
        return { name: "chats", payload: { chats: [], more: false } };
      case "listUsers":
        return { name: "users", payload: { users: [], more: false } };
      case "ping":
        return { name: "pong", payload: null };
      default:
        return { name: "ok", payload: { count: 0 } };
    }
  }
}

function end(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It has ended already.
  }
}
