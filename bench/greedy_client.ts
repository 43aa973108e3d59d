/**
 * Program of greedy clients: each sends one request again and again, as fast as the server takes it, and reads all
 * replies. Arguments: port, duration in ms, request as JSON, names of the accounts. Prints the number of replies.
 *
 * @module
 */

import { encodeRequest } from "../common/protocol/codec.ts";
import type { Request } from "../common/protocol/requests.ts";
import { Client } from "./client.ts";

/** Bytes of requests that a client writes at once. */
const WRITE_BYTES = 64 * 1_024;

/** Frame types from here on are pushes. */
const PUSHES_FROM = 200;

async function beGreedy(port: number, name: string, forMs: number, request: Request): Promise<number> {
  const { connection } = await Client.loggedIn(port, name);
  const frame = encodeRequest(request, "confirmed");
  const count = Math.ceil(WRITE_BYTES / frame.length);
  const block = new Uint8Array(frame.length * count);
  for (let i = 0; i < count; i++) block.set(frame, i * frame.length);
  let replies = 0;
  connection.onFrame = (bytes, start) => {
    // Answers come in order: those of one block make room for another.
    if ((bytes[start + 7] ?? 0) < PUSHES_FROM && ++replies % count === 0) connection.send(block);
  };
  for (let i = 0; i < 4; i++) connection.send(block);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  connection.close();
  return replies;
}

async function main([port, forMs, request, ...names]: readonly string[]): Promise<void> {
  const counts = await Promise.all(
    names.map((name) => beGreedy(Number(port), name, Number(forMs), JSON.parse(request ?? "null"))),
  );
  console.log(counts.reduce((sum, count) => sum + count, 0));
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
