/**
 * Schedules in which people block each other and accept each other again, at any node; and what a node must know of that.
 *
 * @module
 */

import type { Block } from "../../server/core/accounts/account.ts";
import type { Chance } from "./chance.ts";
import type { Client, Outcome } from "./client.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { EntryPlace } from "./entry_registry.ts";
import { KnownBlock } from "./people.ts";
import type { Operation, OperationKind, Schedule } from "./schedule.ts";
import type { World } from "./world.ts";

const PEOPLE = 4;

/** Kinds, as often as they are drawn. */
const KINDS: readonly OperationKind[] = [
  ...Array<OperationKind>(8).fill("send"),
  ...Array<OperationKind>(6).fill("block"),
  ...Array<OperationKind>(4).fill("accept"),
  ...Array<OperationKind>(4).fill("read"),
  ...Array<OperationKind>(3).fill("confirm"),
  ...Array<OperationKind>(4).fill("comeBack"),
  ...Array<OperationKind>(2).fill("listMessages"),
  "resend",
  "listUsers",
  "listChats",
  "listBlocked",
  "hide",
  "deleteAccount",
];

/** Shares of these schedules in which people watch each other, and search. */
const WATCHERS_SHARE = 0.5;
const SEARCHES_SHARE = 0.3;

/** A schedule about blocks, with the faults and the delays of another one. */
export function aboutBlocks(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations } = schedule;
  const clients = PEOPLE + chance.whole(0, 2);
  return {
    ...schedule,
    settings: {
      ...settings,
      hasBlocks: true,
      hasAccountIds: true,
      hasWatchers: chance.is(WATCHERS_SHARE),
      hasSearches: chance.is(SEARCHES_SHARE),
      backlog: 0,
      people: PEOPLE,
      clients,
      names: chance.pick([PEOPLE, 3]),
    },
    operations: operations.map((each): Operation => {
      return { ...each, kind: chance.pick(KINDS), client: chance.below(clients) };
    }),
  };
}

/** A decision of an account about another one, in a log. */
export interface BlockPlace extends EntryPlace, Block {}

/** The key of the decisions of an account about another one, by their ids. */
export function blockKey(account: string, person: string): string {
  return `${account} ${person}`;
}

/** The decision that holds of those; `undefined` if there is none. */
export function holdingOf<Any extends Block>(decisions: readonly Any[]): Any | undefined {
  return decisions.reduce<Any | undefined>((holding, each) => {
    if (holding === undefined || each.generation > holding.generation) return each;
    return each.generation === holding.generation && each.isBlocked ? each : holding;
  }, undefined);
}

/**
 * True if whatever was decided between two versions of a disk was decided with the knowledge of a block: it is in both,
 * with nothing later.
 */
export function isKnownBlock(
  { registry }: World,
  [before, now]: readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>],
  account: string,
  person: string,
): boolean {
  const decisions = registry.blocks.get(blockKey(account, person)) ?? [];
  const [first, last] = [before, now].map((version) =>
    holdingOf(decisions.filter(({ origin, seq }) => (version.get(origin) ?? 0) >= seq))
  );
  return first?.isBlocked === true && first.generation === last?.generation;
}

/** Lets the person of a client block somebody, or accept them again; records what was acknowledged. */
export function decide(
  client: Client,
  user: string | undefined,
  blocked: boolean,
  then: (outcome: Outcome | undefined) => void,
): void {
  const { account, connection } = client;
  if (user === undefined || account === undefined || connection === undefined) return then(undefined);
  client.ask({ name: "blockPerson", payload: { user, blocked } }, (outcome) => {
    if (outcome !== "lost" && outcome.name === "ok") promise(client, connection, account.id, user, blocked);
    then(outcome);
  });
}

/** A later decision may hold by now, or somebody else may have the name: then nothing is recorded. */
function promise(
  { world }: Client,
  { process: { machine, state } }: ClientConnection,
  account: string,
  user: string,
  blocked: boolean,
): void {
  const person = state.directory.find(user)?.id ?? "";
  const made = state.accounts.get(account)?.decisions?.get(person);
  if (made?.isBlocked !== blocked) return;
  const places = world.registry.blocks.get(blockKey(account, person))?.filter((place) =>
    place.generation === made.generation && place.isBlocked === blocked
  );
  // A decision of this very moment may be on its way to the disk.
  if (!machine.disk.life.hasAny(places)) return;
  const known = new KnownBlock(account, person, made);
  known.assurance.give(world.livesWithAny(places));
  world.knowledge.blocks.push(known);
}
