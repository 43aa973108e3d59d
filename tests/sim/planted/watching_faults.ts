/**
 * Faults in what those are told who watch people.
 *
 * @module
 */

import type { Account } from "../../../server/core/accounts/account.ts";
import type { Change } from "../../../server/core/change.ts";
import type { Refusal } from "../../../server/core/decision.ts";
import type { Slices } from "../../../server/core/slices.ts";
import type { Node } from "../../../server/node/node.ts";
import type { PersonPush } from "../../../server/node/person_changes.ts";
import type { Outlet, Turn } from "../../../server/node/turn.ts";
import type { PlantedFault } from "../planted_faults.ts";

/** Changes that leave at once within a window, ms. */
const AT_ONCE = 2;
const WINDOW_MS = 500;

/** Time after an arrival within which a departure is not told, ms. */
const SOON_MS = 2_000;

/** Plants that no change of a kind is told. */
function silence(type: Change["type"], { people }: Node): void {
  const changed = people.changed.bind(people);
  people.changed = (changes) => changed(changes.filter((change) => change.type !== type));
}

/** Plants that only some pushes leave. */
function filter(node: Node, passes: (push: PersonPush, outlet: Outlet) => boolean): void {
  const openTurn = node.openTurn.bind(node);
  const changed = new WeakSet<Turn>();
  node.openTurn = () => {
    const turn = openTurn();
    if (changed.has(turn)) return turn;
    changed.add(turn);
    const add = turn.add.bind(turn);
    turn.add = (outlet, kind, start, end, source) => {
      const push = source?.push;
      if (push?.name !== "person" || passes(push, outlet)) add(outlet, kind, start, end, source);
    };
    return turn;
  };
}

/** Plants that changes are dropped that would have to wait. */
function dropWaiting(node: Node): void {
  const windows = new WeakMap<Outlet, { readonly sinceMs: number; count: number }>();
  filter(node, (_push, outlet) => {
    const nowMs = node.ports.clock.monotonicMs();
    let window = windows.get(outlet);
    if (window === undefined || nowMs - window.sinceMs >= WINDOW_MS) {
      windows.set(outlet, window = { sinceMs: nowMs, count: 0 });
    }
    return ++window.count <= AT_ONCE;
  });
}

/** Plants that a session goes on with its first watch. */
function keepFirst({ people }: Node): void {
  const watching = new WeakSet<Outlet>();
  const [watch, leave] = [people.watch.bind(people), people.leave.bind(people)];
  people.watch = function* (account, outlet, wish): Slices<Refusal | undefined> {
    if (watching.has(outlet)) return undefined;
    const refusal = yield* watch(account, outlet, wish);
    if (refusal === undefined) watching.add(outlet);
    return refusal;
  };
  people.leave = (outlet) => {
    watching.delete(outlet);
    leave(outlet);
  };
}

/** Plants that nobody hears of a person who goes soon after coming. */
function keepLeavers({ presence, ports, audience }: Node): void {
  const came = new WeakMap<Account, number>();
  const changed = presence.changedHere.bind(presence);
  presence.changedHere = (account) => {
    const nowMs = ports.clock.monotonicMs();
    if (audience.of(account).length > 0) came.set(account, nowMs);
    else if (nowMs - (came.get(account) ?? -Infinity) < SOON_MS) return;
    changed(account);
  };
}

/** Plants that nobody hears of a person who comes onto a page for somebody who has left it. */
function leaveGaps(node: Node): void {
  const { people } = node;
  /** Ids of accounts that have come, gone, or got another name. */
  const changed = new Set<string>();
  const [tell, tellPresence] = [people.changed.bind(people), people.presenceChanged.bind(people)];
  people.changed = (changes) => {
    for (const change of changes) {
      if (change.type === "accountMade" || change.type === "accountRenamed") changed.add(change.account.id);
    }
    tell(changes);
  };
  people.presenceChanged = (account) => {
    changed.add(account.id);
    tellPresence(account);
  };
  filter(
    node,
    ({ payload: { account, change } }) => change !== "online" && change !== "offline" || changed.has(account),
  );
}

/** Faults in PERSON. */
export const WATCHING_FAULTS: readonly PlantedFault[] = [
  {
    name: "a person who is deleted stays on the lists of those who watch",
    mutation: { watched: (node) => silence("accountGone", node) },
  },
  {
    name: "a person who is renamed keeps the name on the lists of those who watch",
    mutation: { watched: (node) => silence("accountRenamed", node) },
  },
  {
    name: "nobody hears of who comes onto a page for somebody who has left it",
    mutation: { watched: leaveGaps },
  },
  {
    name: "changes that would have to wait are dropped",
    mutation: { watched: dropWaiting },
  },
  {
    name: "a WATCH in place of another is not taken over",
    mutation: { watched: keepFirst },
  },
  {
    name: "the last state of a person who flaps is not told",
    mutation: { watched: ({ presence }) => Object.assign(presence, { look: () => {} }) },
  },
  {
    name: "the departure of a person who has just come is not told",
    mutation: { watched: keepLeavers },
  },
  {
    name: "nobody hears who comes and goes at other nodes",
    mutation: { watched: ({ presence }) => Object.assign(presence, { changedElsewhere: () => {} }) },
  },
];
