/**
 * Program of greedy clients: each sends the same requests again and again, as fast as the server takes them, and reads
 * all replies. Arguments: port, greed as JSON, names of the accounts. Each byte of its input begins greed or ends
 * it; an answer is a line, at the end with the number of replies, and how many of them are refusals.
 *
 * @module
 */

import { type Dialect, encodeRequest } from "../common/protocol/codec.ts";
import { CONFIRMED_REPLIES } from "../common/protocol/replies.ts";
import type { Request } from "../common/protocol/requests.ts";
import { Client, PASSWORD } from "./client.ts";
import { LeanConnection } from "./lean_connection.ts";

/** What greedy clients send. */
export interface Greed {
  readonly dialect: Dialect;
  /** Requests of everybody, in turn. */
  readonly requests: readonly Request[];
  /** More requests of single accounts, which come before those of everybody. */
  readonly own?: Readonly<Record<string, readonly Request[]>>;
  /** True if each reply is awaited. */
  readonly isPatient: boolean;
}

/** Numbers of replies, and of the refusals among them. */
export interface GreedyReplies {
  readonly replies: number;
  readonly refusals: number;
}

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

function lengthOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}

/** The frames, again and again, until they are enough for a write. */
function blockOf(frames: readonly Uint8Array[]): Uint8Array {
  const length = lengthOf(frames);
  const times = Math.ceil(WRITE_BYTES / length);
  const block = new Uint8Array(times * length);
  let filled = 0;
  for (let time = 0; time < times; time++) {
    for (const frame of frames) {
      block.set(frame, filled);
      filled += frame.length;
    }
  }
  return block;
}

/** A client that is greedy until it is closed. */
class GreedyClient {
  replies = 0;
  refusals = 0;
  readonly #connection: LeanConnection;

  constructor(connection: LeanConnection, name: string, { requests, own, dialect, isPatient }: Greed) {
    this.#connection = connection;
    const frames = [...own?.[name] ?? [], ...requests].map((request) => encodeRequest(request, dialect));
    const blocks = isPatient ? frames : [blockOf(frames)];
    const repliesOfBlock = isPatient ? 1 : Math.ceil(WRITE_BYTES / lengthOf(frames)) * frames.length;
    let sent = 0;
    const send = (): void => connection.send(blocks[sent++ % blocks.length] ?? new Uint8Array());
    connection.onFrame = (bytes, start) => {
      // Answers come in order: those of one block make room for another.
      const type = bytes[start + 7] ?? 0;
      if (type === CONFIRMED_REPLIES.error.type) this.refusals++;
      if (type < PUSHES_FROM && ++this.replies % repliesOfBlock === 0) send();
    };
    for (let i = 0; i < (isPatient ? 1 : BLOCKS_AHEAD); i++) send();
  }

  close(): void {
    this.#connection.close();
  }
}

async function main([port, json, ...names]: readonly string[]): Promise<void> {
  const greed: Greed = JSON.parse(json ?? "null");
  let clients: readonly GreedyClient[] = [];
  for await (const _ of Deno.stdin.readable) {
    if (clients.length > 0) {
      for (const client of clients) client.close();
      const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
      const replies = sum(clients.map((client) => client.replies));
      console.log(JSON.stringify({ replies, refusals: sum(clients.map((client) => client.refusals)) }));
      clients = [];
    } else {
      const connections = await Promise.all(names.map((name) => connect(Number(port), name, greed.dialect)));
      clients = connections.map((connection, i) => new GreedyClient(connection, names[i] ?? "", greed));
      console.log("begun");
    }
  }
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
