/**
 * Program of greedy clients: each sends one request again and again, as fast as the server takes it, and reads all
 * replies. Arguments: port, duration in ms, dialect, request as JSON, names of the accounts. Prints the number of
 * replies.
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

async function beGreedy(connection: LeanConnection, forMs: number, frame: Uint8Array): Promise<number> {
  const count = Math.ceil(WRITE_BYTES / frame.length);
  const block = new Uint8Array(frame.length * count);
  for (let i = 0; i < count; i++) block.set(frame, i * frame.length);
  let replies = 0;
  connection.onFrame = (bytes, start) => {
    // Answers come in order: those of one block make room for another.
    if ((bytes[start + 7] ?? 0) < PUSHES_FROM && ++replies % count === 0) connection.send(block);
  };
  for (let i = 0; i < BLOCKS_AHEAD; i++) connection.send(block);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  connection.close();
  return replies;
}

async function main([port, forMs, dialect, json, ...names]: readonly string[]): Promise<void> {
  const request: Request = JSON.parse(json ?? "null");
  const spoken = dialect === "original" ? "original" : "confirmed";
  const connections = await Promise.all(names.map((name) => connect(Number(port), name, spoken)));
  const frame = encodeRequest(request, spoken);
  const counts = await Promise.all(connections.map((each) => beGreedy(each, Number(forMs), frame)));
  console.log(counts.reduce((sum, count) => sum + count, 0));
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
