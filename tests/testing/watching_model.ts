/**
 * A client of a `NodeHarness` that watches people.
 *
 * @module
 */

import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { HarnessClient } from "./harness_client.ts";
import { KnownPeople, type KnownPerson, peopleTexts, type Watched } from "./known_people.ts";

/** Watches, and compares what it knows with what LIST_USERS shows. */
export class WatchingModel {
  readonly #people: KnownPeople;

  constructor(readonly client: HarnessClient, readonly watched: Watched) {
    this.#people = new KnownPeople(watched);
  }

  /** Number of PERSON pushes. */
  get pushes(): number {
    return this.#people.pushes;
  }

  /** Watches, and asks for the state after that. */
  begin(): void {
    this.client.takePushes();
    const told = this.client.tell("watchPeople", this.watched);
    if (told !== "ok") throw new Error(`WATCH was answered with ${told}`);
    const [rows, named] = this.#listed();
    this.#people.listRange(rows);
    for (const person of named) this.#people.listName(person.name, [person]);
  }

  /** Takes the pushes since the last call. */
  take(): void {
    for (const push of this.client.takePushes()) this.#people.take(push);
  }

  /** The state that the client knows, and that which LIST_USERS shows. */
  compared(): { readonly known: readonly string[]; readonly shown: readonly string[] } {
    return { known: this.#people.known(), shown: peopleTexts(...this.#listed()) };
  }

  /** The people of the range, and those with the names. */
  #listed(): [KnownPerson[], KnownPerson[]] {
    const { people, names = [] } = this.watched;
    const rows = people === undefined ? [] : listed(this.client, people);
    return [rows, names.flatMap((name) => listed(this.client, { match: name }))];
  }
}

function listed(client: HarnessClient, page: RequestPayload<"listUsers">): KnownPerson[] {
  const reply = client.ask("listUsers", page);
  if (reply.name !== "users" || !("users" in reply.payload)) throw new Error(`LIST_USERS: ${reply.name}`);
  return reply.payload.users.map(({ name, online, account = "" }) => ({ name, account, online }));
}
