/**
 * Faults in what a node makes of blocks between people.
 *
 * @module
 */

import { requestName } from "../../../common/protocol/codec.ts";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import type { Entry } from "../../../server/core/entry.ts";
import type { Slices } from "../../../server/core/slices.ts";
import type { State } from "../../../server/core/state.ts";
import type { Node } from "../../../server/node/node.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";
import { rewritten } from "./log_faults.ts";

/** The node that does not fold what is decided at others. */
const DEAF = "node1";

/** Makes an account block nobody while something is done. */
class Blindness {
  #isBlind = false;
  readonly #treated = new WeakSet<Account>();

  constructor(readonly state: State) {}

  /** Calls `act` while no account seems to block another one. */
  during<Result>(act: () => Result): Result {
    for (const account of this.state.accounts.values()) this.#treat(account);
    this.#isBlind = true;
    try {
      return act();
    } finally {
      this.#isBlind = false;
    }
  }

  #treat(account: Account): void {
    if (this.#treated.has(account)) return;
    this.#treated.add(account);
    const blocks = account.blocks.bind(account);
    account.blocks = (other) => !this.#isBlind && blocks(other);
  }
}

/** Sessions for which nobody blocks anybody while they take a request of one name. */
function takingBlindly(name: string): Mutation {
  return {
    session: (session, { state }) => {
      const blindness = new Blindness(state);
      return forwarding(session, {
        received: (frame) =>
          requestName(frame.type, "confirmed") === name
            ? blindness.during(() => session.received(frame))
            : session.received(frame),
      });
    },
  };
}

/** Sessions for which nobody blocks anybody while they make a list. */
const LISTING_BLINDLY: Mutation = {
  session: (session, { state }) => {
    const blindness = new Blindness(state);
    return forwarding(session, {
      // The rest of a session stays as it is, whose properties change.
      goOn: () => blindness.during(() => session.goOn()),
    });
  },
};

/** A node that tells marks, and messages with their marks, to whom it may not. */
function tellingMarks(node: Node): Node {
  const blindness = new Blindness(node.state);
  return forwarding(node, {
    apply: (events, asker) => blindness.during(() => node.apply(events, asker)),
    absorb: (entries, durable) => blindness.during(() => node.absorb(entries, durable)),
  });
}

/** A node that tells presence to whom it may not. */
function tellingPresence({ presence, people, state }: Node): void {
  const blindness = new Blindness(state);
  const { changedHere, changedElsewhere, look } = presence;
  presence.changedHere = (account) => blindness.during(() => changedHere.call(presence, account));
  presence.changedElsewhere = (id) => blindness.during(() => changedElsewhere.call(presence, id));
  presence.look = () => blindness.during(() => look.call(presence));
  const lookAtPeople = people.look;
  people.look = () => blindness.during(() => lookAtPeople.call(people));
}

/** A node that tells nobody that they are blocked from now on, or no longer. */
function tellingNoBlock({ presence }: Node): void {
  presence.changed = () => {};
}

/** An entry as it came, that is folded as an event of a newer version if it is about a block. */
function unfoldable(encoded: EncodedEntry): EncodedEntry {
  const { entry } = encoded;
  if (entry.type !== "personBlocked" && entry.type !== "personUnblocked") return encoded;
  return { ...encoded, entry: { ...entry, type: "ofALaterVersion" } as unknown as Entry };
}

/** Faults in blocks. */
export const BLOCK_FAULTS: readonly PlantedFault[] = [
  { name: "the messages of a blocked person are taken", mutation: takingBlindly("sendMessage") },
  { name: "a blocked person is told marks", mutation: { node: tellingMarks } },
  { name: "a blocked person finds marks and presence in lists", mutation: LISTING_BLINDLY },
  { name: "a blocked person is told who comes online", mutation: { watched: tellingPresence } },
  { name: "a blocked person sees for ever who was online", mutation: { watched: tellingNoBlock } },
  {
    name: "one node does not fold blocks, and logs them as they came",
    mutation: {
      host: (host, { machine }) =>
        machine.node === DEAF
          ? forwarding(host, {
            absorb: (entries, durable) => host.absorb(entries.map(unfoldable), durable),
          })
          : host,
    },
  },
  {
    name: "a block is written in an earlier generation",
    mutation: rewritten("personBlocked", ({ generation }) => ({ generation: generation - 1 })),
  },
  {
    name: "a person is accepted again on the disk of the node that has taken the block",
    mutation: rewritten("personBlocked", () => ({ type: "personUnblocked" })),
  },
  {
    name: "the log keeps whom a deleted account has blocked",
    mutation: { erase: (erase) => (entry) => "person" in entry ? entry : erase(entry) },
  },
  {
    name: "a start from the archive forgets blocks",
    mutation: {
      residentArchive: (archive) =>
        forwarding(archive, {
          *load(state, wallMs): Slices<void> {
            yield* archive.load(state, wallMs);
            for (const account of state.accounts.values()) account.decisions = undefined;
          },
        }),
    },
  },
];
