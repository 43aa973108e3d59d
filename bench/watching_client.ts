/**
 * Program of clients that watch people: each watches as many as a session may, and reads all pushes. Arguments: port, the
 * names to watch as JSON, names of the accounts. Each byte of its input begins the watching or ends it; an answer is a
 * line, at the end with the number of pushes.
 *
 * @module
 */

import { PUSHES } from "../common/protocol/pushes.ts";
import type { Request } from "../common/protocol/requests.ts";
import { Client } from "./client.ts";

/** Number of PERSON pushes, and their bytes. */
export interface WatchedChanges {
  readonly pushes: number;
  readonly bytes: number;
}

/** The people that clients watch. */
export interface Crowd {
  /** All of them, as many as a session may watch by name, or fewer. */
  readonly names: readonly string[];
  /** A name that comes just before all of them. */
  readonly before: string;
  readonly limit: number;
}

/** Clients that connect at the same time. */
const AT_ONCE = 20;

class WatchingClient {
  readonly #client: Client;
  readonly #watch: Request;

  constructor(client: Client, watch: Request) {
    this.#client = client;
    this.#watch = watch;
  }

  async begin(onPush: (bytes: number) => void): Promise<void> {
    await this.#client.ask(this.#watch, "ok");
    const { connection } = this.#client;
    const { onFrame } = connection;
    connection.onFrame = (bytes, start, end) => {
      if (bytes[start + 7] === PUSHES.person.type) onPush(end - start);
      else onFrame(bytes, start, end);
    };
  }

  async rest(): Promise<void> {
    await this.#client.ask({ name: "watchPeople", payload: null }, "ok");
    this.#client.listen();
  }
}

/** Half of the clients watch a range of their own, the others the names. */
function watchOf(number: number, { names, before, limit }: Crowd): Request {
  const people = { after: `${before}${String(number).padStart(6, "0")}`, limit };
  return { name: "watchPeople", payload: number % 2 === 0 ? { people } : { names } };
}

async function connect(port: number, name: string, watch: Request): Promise<WatchingClient> {
  const client = await Client.loggedIn(port, name);
  await client.ask({ name: "useFeatures", payload: { use: ["watch"] } }, "ok");
  return new WatchingClient(client, watch);
}

async function connectAll(port: number, crowd: Crowd, names: readonly string[]): Promise<WatchingClient[]> {
  const clients: WatchingClient[] = [];
  for (let i = 0; i < names.length; i += AT_ONCE) {
    const some = names.slice(i, i + AT_ONCE);
    clients.push(...await Promise.all(some.map((name, k) => connect(port, name, watchOf(i + k, crowd)))));
  }
  return clients;
}

async function main([port, json, ...names]: readonly string[]): Promise<void> {
  const crowd: Crowd = JSON.parse(json ?? "null");
  const clients = await connectAll(Number(port), crowd, names);
  let figures: { pushes: number; bytes: number } | undefined;
  for await (const _ of Deno.stdin.readable) {
    if (figures === undefined) {
      const begun = figures = { pushes: 0, bytes: 0 };
      const onPush = (bytes: number): void => {
        begun.pushes++;
        begun.bytes += bytes;
      };
      for (const client of clients) await client.begin(onPush);
      console.log("begun");
    } else {
      for (const client of clients) await client.rest();
      console.log(JSON.stringify(figures));
      figures = undefined;
    }
  }
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
