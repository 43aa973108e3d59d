/**
 * Program of greedy clients: each sends one request again and again, as fast as the server takes it, and reads all
 * replies. Arguments: port, dialect, request as JSON, names of the accounts. Each byte of its input begins greed or ends
 * it; an answer is a line, at the end with the number of replies.
 *
 * @module
 */

import { type Dialect, encodeRequest } from "../common/protocol/codec.ts";
import type { Request } from "../common/protocol/requests.ts";
import { Client, PASSWORD } from "./client.ts";
import { LeanConnection } from "./lean_connection.ts";

/** Bytes of requests that a client writes at once. */
const WRITE_BYTES = 64 * 1_024;

/** Blocks of that many bytes that may be without replies. */
const BLOCKS_AHEAD = 4;

/** Frame types from here on are pushes. */
const PUSHES_FROM = 200;

/** Connects and logs in, in a dialect. */
async function connect(port: number, name: string, dialect: Dialect): Promise<LeanConnection> {
  if (dialect === "confirmed") return (await Client.loggedIn(port, name)).connection;
  const connection = new LeanConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
  const loggedIn = Promise.withResolvers<void>();
  let replies = 0;
  connection.onFrame = () => ++replies === 2 && loggedIn.resolve();
  void connection.read();
  connection.send(encodeRequest({ name: "startLogin", payload: { name } }, dialect));
  connection.send(encodeRequest({ name: "finishLogin", payload: { password: PASSWORD } }, dialect));
  await loggedIn.promise;
  return connection;
}

/** A client that is greedy until it is closed. */
class GreedyClient {
  replies = 0;
  readonly #connection: LeanConnection;

  constructor(connection: LeanConnection, frame: Uint8Array) {
    this.#connection = connection;
    const count = Math.ceil(WRITE_BYTES / frame.length);
    const block = new Uint8Array(frame.length * count);
    for (let i = 0; i < count; i++) block.set(frame, i * frame.length);
    connection.onFrame = (bytes, start) => {
      // Answers come in order: those of one block make room for another.
      if ((bytes[start + 7] ?? 0) < PUSHES_FROM && ++this.replies % count === 0) connection.send(block);
    };
    for (let i = 0; i < BLOCKS_AHEAD; i++) connection.send(block);
  }

  close(): void {
    this.#connection.close();
  }
}

async function main([port, dialect, json, ...names]: readonly string[]): Promise<void> {
  const request: Request = JSON.parse(json ?? "null");
  const spoken = dialect === "original" ? "original" : "confirmed";
  const frame = encodeRequest(request, spoken);
  let clients: readonly GreedyClient[] = [];
  for await (const _ of Deno.stdin.readable) {
    if (clients.length > 0) {
      for (const client of clients) client.close();
      console.log(clients.reduce((sum, { replies }) => sum + replies, 0));
      clients = [];
    } else {
      const connections = await Promise.all(names.map((name) => connect(Number(port), name, spoken)));
      clients = connections.map((connection) => new GreedyClient(connection, frame));
      console.log("begun");
    }
  }
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
