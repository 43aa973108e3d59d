/**
 * Invariant 16: who watches people knows them as they are, once everything was told: the people of a range and those with
 * watched names, all of them and nobody else, and which of them are online.
 *
 * @module
 */

import { wildcardMatches } from "../../../common/wildcard.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { type KnownPerson, peopleTexts, type Watched } from "../../testing/known_people.ts";
import type { ClientConnection } from "../client_connection.ts";
import type { ClientWatch, WatchOfConnection } from "../client_watch.ts";
import type { World } from "../world.ts";

/** Interval of the looks at a watch, ms. */
const LOOK_MS = 500;

/** Looks without a change after which everything was told: the last change of an account may wait for 4 s. */
const CALM_LOOKS = 14;

/** Longer than a push is on its way to a client, ms. */
const WAY_MS = 100;

/** Compares what a client knows with what its node shows, whenever neither has changed for a while. */
export function lookForCalm(world: World, client: ClientWatch, watch: WatchOfConnection): void {
  const { connection, people, watched } = watch;
  const { process } = connection;
  const shown = (): string => shownPeople(connection, watched, (account) => process.node.isOnline(account));
  let [before, pushes, looks] = ["", 0, 0];
  const isWatching = (): boolean =>
    client.current === watch && connection.isOpen && process.isAlive && !process.node.closing;
  const isCalm = (): boolean => shown() === before && people.pushes === pushes;
  const compare = (): void => {
    if (!isWatching() || !isCalm()) return;
    check(world, watch, before, `${process.machine.name} shows`);
  };
  // The server is what may stand still, so the looks are steps of it.
  const look = (): void => {
    if (!isWatching()) return;
    looks = isCalm() ? looks + 1 : 0;
    [before, pushes] = [shown(), people.pushes];
    // A push leaves when a list of the same moment does: the disk may be slow.
    if (looks === CALM_LOOKS) process.node.whenDurable(() => world.after(WAY_MS, compare));
    process.later(LOOK_MS, look);
  };
  process.later(LOOK_MS, look);
}

/** At the end, every client that watches knows who is online anywhere. */
export function checkWatches(world: World): void {
  const processes = world.machines.flatMap(({ process }) => process ?? []);
  const isOnline = ({ id }: Account): boolean =>
    processes.some(({ node, state }) => {
      const account = state.accounts.get(id);
      return account !== undefined && node.audience.of(account).length > 0;
    });
  for (const { connection, watch } of world.clients) {
    const current = watch?.current;
    if (current === undefined || !current.isListed || current.connection !== connection) continue;
    if (!connection.isOpen) continue;
    check(world, current, shownPeople(connection, current.watched, isOnline), "there are");
  }
}

function check({ checks, nowMs }: World, watch: WatchOfConnection, truth: string, source: string): void {
  const { connection, people, watched } = watch;
  const known = people.known().join();
  const where = (): string => `${connection.name} at ${nowMs} ms watches ${JSON.stringify(watched)}`;
  checks.check(16, known === truth, () => `${where()}, knows ${known}, and ${source} ${truth}`);
}

/** The people that a state has for a watch, as text. Whoever blocks the one who watches is not online to them. */
function shownPeople(
  { process: { state: { directory } }, session }: ClientConnection,
  watched: Watched,
  isOnline: (account: Account) => boolean,
): string {
  const { people, names = [] } = watched;
  const person = (account: Account): KnownPerson => {
    const { name, id } = account;
    const viewer = session?.account;
    const isBlocked = viewer !== undefined && account.blocks(viewer);
    return { name, account: id, online: !isBlocked && isOnline(account) };
  };
  const rows: KnownPerson[] = [];
  if (people !== undefined) {
    for (const account of directory.from("", people.after ?? "")) {
      if (rows.length === people.limit) break;
      if (wildcardMatches(people.match ?? "*", account.name.toLowerCase())) rows.push(person(account));
    }
  }
  return peopleTexts(rows, names.flatMap((name) => directory.find(name) ?? []).map(person)).join();
}
