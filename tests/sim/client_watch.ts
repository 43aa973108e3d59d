/**
 * The people that a client watches: it asks for them after each login, and keeps what it was told.
 *
 * @module
 */

import type { RequestPayload } from "../../common/protocol/requests.ts";
import { KnownPeople, type KnownPerson, type Watched } from "../testing/known_people.ts";
import type { Client } from "./client.ts";
import type { ClientConnection, Said } from "./client_connection.ts";
import { lookForCalm } from "./invariants/watches.ts";

/** Small pages, so that people are pushed off them, and others. */
const WATCHED: readonly Watched[] = [
  { people: { limit: 1 } },
  { people: { limit: 3 } },
  { people: { limit: 4 } },
  { people: { limit: 500 } },
  { people: { match: "*-*", limit: 3 } },
  { people: { match: "*~*", limit: 500 }, names: ["USER1", "user2~node1"] },
  { people: { after: "user0", limit: 3 }, names: ["user0"] },
  { names: ["User0", "user3", "nobody"] },
];

/** People that are watched over one connection. */
export class WatchOfConnection {
  readonly people: KnownPeople;
  /** True once everything was listed that the changes come on top of. */
  isListed = false;

  constructor(readonly connection: ClientConnection, readonly watched: Watched) {
    this.people = new KnownPeople(watched);
  }
}

/** The watching of a client. */
export class ClientWatch {
  /** The present watch; `undefined` before the first login. */
  current: WatchOfConnection | undefined;
  readonly #client: Client;
  #watched: Watched;

  constructor(client: Client) {
    this.#client = client;
    this.#watched = client.world.chanceOf(`watch of ${client.name}`).pick(WATCHED);
  }

  /** Chooses other people for the next watch. */
  choose(number: number): void {
    this.#watched = WATCHED[number % WATCHED.length] ?? this.#watched;
  }

  /** Watches, and lists; `then` gets true if that succeeded. */
  begin(then: (isWatching: boolean) => void): void {
    const { connection } = this.#client;
    if (connection === undefined) return then(false);
    const next = new WatchOfConnection(connection, this.#watched);
    this.#client.ask({ name: "watchPeople", payload: next.watched }, (outcome) => {
      if (outcome === "lost" || outcome.name !== "ok") return then(false);
      this.current = next;
      this.#list(next, listsOf(next), then);
    });
  }

  #list(watch: WatchOfConnection, lists: readonly List[], then: (isWatching: boolean) => void): void {
    const [list, ...others] = lists;
    if (list === undefined) {
      watch.isListed = true;
      lookForCalm(this.#client.world, this, watch);
      return then(true);
    }
    this.#client.ask({ name: "listUsers", payload: list.page }, (outcome) => {
      if (outcome === "lost" || outcome.name !== "users") return then(false);
      list.take(outcome.payload.users.map(({ name, online, account = "" }) => ({ name, online, account })));
      this.#list(watch, others, then);
    });
  }

  /** The client was told something. */
  hear(said: Said): void {
    if ("push" in said) this.current?.people.take(said.push);
  }
}

/** A list to ask for after WATCH. */
interface List {
  readonly page: RequestPayload<"listUsers">;
  take(people: readonly KnownPerson[]): void;
}

function listsOf({ people, watched: { people: range, names = [] } }: WatchOfConnection): readonly List[] {
  return [
    ...range === undefined
      ? []
      : [{ page: range, take: (rows: readonly KnownPerson[]) => people.listRange(rows) }],
    ...names.map((name): List => ({
      page: { match: name },
      take: (holders) => people.listName(name, holders),
    })),
  ];
}
