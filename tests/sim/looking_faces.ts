/**
 * Faces that look at people: any part of the list, and any names. In the end they know what their node shows.
 *
 * @module
 */

import type { Input } from "../../client/core/inputs.ts";
import type { Account } from "../../server/core/accounts/account.ts";
import { wildcardMatches } from "../../common/wildcard.ts";
import type { Node } from "../../server/node/node.ts";
import type { Chance } from "./chance.ts";
import type { SimulatedFace } from "./simulated_face.ts";

const MATCHES = [undefined, "*", "u*", "*1*", "*-*", "USER?"];
const AFTER = [undefined, undefined, "user0", "user2"];
const COUNTS = [1, 2, 3, 500];

/** Another screen of a face. */
export function anyScreen(chance: Chance, { model }: SimulatedFace): Extract<Input, { kind: "lookAt" }> {
  const known = model.chats.all.map(({ name }) => name).filter(() => chance.is(0.7));
  const names = chance.is(0.5) ? known : [...known, `user${chance.below(4)}`];
  if (chance.is(0.2)) return { kind: "lookAt", names };
  const people = { match: chance.pick(MATCHES), after: chance.pick(AFTER), count: chance.pick(COUNTS) };
  return { kind: "lookAt", people, names };
}

/** The people that a face knows and those that its node shows; equal if both are right. */
export function peopleOf(
  { model }: SimulatedFace,
  node: Node,
): { readonly known: readonly string[]; readonly shown: readonly string[] } {
  const me = model.account?.id ?? "";
  const { people: range, names } = model.looking.wish;
  const { directory } = node.state;
  const own = node.state.accounts.get(me);
  const row = (other: Account): string => {
    const unread = own?.conversations.get(other.id)?.unread(own) ?? 0;
    return [other.name, other.id, node.isOnline(other), unread].join();
  };
  const listed = range === undefined ? [] : [...directory.from("", range.after ?? "")]
    .filter(({ name }) => wildcardMatches((range.match ?? "*").toLowerCase(), name.toLowerCase()))
    .slice(0, range.count);
  const chats = names.flatMap((name) => model.chats.named(name) ?? []);
  return {
    known: [
      ...model.people.rows.map(({ name, account, online, unread }) => [name, account, online, unread].join()),
      ...chats.map(({ name, online }) => `${name} ${online}`),
    ],
    shown: [
      ...listed.map(row),
      ...chats.map(({ name }) => {
        const holder = directory.find(name);
        return `${name} ${holder && node.isOnline(holder)}`;
      }),
    ],
  };
}
