/**
 * Faults in the erasure of what remains of deleted messages and accounts.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { State } from "../../../server/core/state.ts";
import type { Node } from "../../../server/node/node.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** Passes that leave some entries as they are. */
function leaving(isLeft: (entry: Entry, state: State) => boolean): Mutation {
  return {
    erase: (erase, { state }) => (entry) => isLeft(entry, state) ? entry : erase(entry),
  };
}

/** True if it is the deletion of a message from or to an account that is gone. */
function isOfGoneAccount(entry: Entry, { accounts }: State): boolean {
  return entry.type === "messagesDeleted" &&
    [entry.sender, entry.recipient].some((id) => accounts.get(id)?.deleted !== undefined);
}

/** Lets the fingerprints of a server be new. */
function renewFingerprints({ accounts }: State, wallMs: number): void {
  for (const account of accounts.values()) {
    for (const conversation of account.conversations.values()) {
      for (const message of conversation.deleted) {
        const { fingerprint } = message;
        if (fingerprint !== undefined) message.fingerprint = { ...fingerprint, at: wallMs * 1_000 };
      }
    }
  }
}

/** A node that takes the stamp of each deletion for its time. */
function dating(node: Node): Node {
  return forwarding(node, {
    apply: (events, asker) => {
      const changes = node.apply(events, asker);
      const { messages, stamp } = node.state;
      const deletions = events.filter((event) => event.type === "messagesDeleted");
      for (const message of deletions.flatMap(({ ids }) => ids).flatMap((id) => messages.withId(id))) {
        const { fingerprint } = message;
        if (fingerprint !== undefined) message.fingerprint = { ...fingerprint, at: stamp };
      }
      return changes;
    },
  });
}

/** Faults in erasure. */
export const ERASURE_FAULTS: readonly PlantedFault[] = [
  {
    name: "fingerprints are kept when the account is gone",
    mutation: leaving(isOfGoneAccount),
  },
  {
    name: "fingerprints are kept after their 30 days",
    mutation: leaving((entry, state) => entry.type === "messagesDeleted" && !isOfGoneAccount(entry, state)),
  },
  {
    name: "fingerprints are recognised after their 30 days",
    mutation: {
      node: (node, { machine: { clock } }) =>
        forwarding(node, {
          tick: () => {
            renewFingerprints(node.state, clock.wallMs());
            node.tick();
          },
        }),
    },
  },
  {
    name: "the 30 days of a fingerprint count from the stamp of the deletion",
    mutation: { node: dating },
  },
  {
    name: "a key outlives its account",
    mutation: leaving(({ type }) => type === "fingerprintKeyMade"),
  },
  {
    name: "known addresses outlive their account",
    mutation: leaving(({ type }) => type === "addressKeyMade" || type === "addressKnown"),
  },
  {
    name: "a pass leaves an old digest",
    mutation: leaving((entry) => entry.type === "messageSent" && entry.digest !== undefined),
  },
  {
    name: "a pass leaves the contents of messages to an account that is gone",
    mutation: leaving((entry, { accounts }) =>
      entry.type === "messageSent" && accounts.get(entry.to)?.deleted !== undefined
    ),
  },
];
