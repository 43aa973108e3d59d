/**
 * Faults in a node's other ports: randomness, hasher, digests and replication.
 *
 * @module
 */

import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import type { MessagesRead } from "../../../server/core/events.ts";
import { RANDOM_BYTES } from "../../../server/core/identity.ts";
import { type Message, PROGRESS } from "../../../server/core/messages/message.ts";
import type { State } from "../../../server/core/state.ts";
import type { Node } from "../../../server/node/node.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** Longer than any reply may wait, ms. */
const LATE_MS = 1_500;

/** The node that does not fold what others forget. */
const FORGETFUL = "node1";

/** An entry as it came, that is folded as an event of a newer version if it forgets a name. */
function unfoldable(encoded: EncodedEntry): EncodedEntry {
  const { entry } = encoded;
  if (entry.type !== "nameForgotten") return encoded;
  return { ...encoded, entry: { ...entry, type: "ofALaterVersion" } as unknown as Entry };
}

/** Applies the events of a request, without counting the bytes of an inbox down for what its owner reads. */
function withoutCountingDown(node: Node): Node["apply"] {
  return (events, asker) => {
    const readers = events.flatMap((event) =>
      event.type === "messagesRead" ? [node.state.account(event.recipient)] : []
    );
    const before = readers.map(({ unreadBytes }) => unreadBytes);
    const changes = node.apply(events, asker);
    readers.forEach((reader, i) => reader.unreadBytes = before[i] ?? 0);
    return changes;
  };
}

/** Applies the events of a request, without counting the summary of a conversation down for what its reader reads. */
function withoutCountingSummary(node: Node): Node["apply"] {
  return (events, asker) => {
    const read = events.flatMap((event) =>
      event.type === "messagesRead" ? event.ids.map((id) => unread(node.state, event, id)) : []
    );
    const changes = node.apply(events, asker);
    for (const message of read) {
      const { sender, recipient } = message ?? {};
      if (message?.progress !== PROGRESS.read || sender === undefined || recipient === undefined) continue;
      sender.conversations.get(recipient.id)?.countUnread(message, 1);
      recipient.unread--;
      recipient.unreadBytes -= message.contentBytes;
    }
    return changes;
  };
}

function unread(
  { accounts, messages }: State,
  { sender, recipient }: MessagesRead,
  id: string,
): Message | undefined {
  const [from, to] = [accounts.get(sender), accounts.get(recipient)];
  const message = from && to && messages.find(from, to, id);
  return message?.countsAsUnread === true && !message.deleted ? message : undefined;
}

/** Faults in randomness, passwords, tokens, copies and counts. */
export const NODE_FAULTS: readonly PlantedFault[] = [
  {
    name: "a data folder gets the same incarnation again",
    mutation: {
      random: (random, process) => ({
        // Before the log is open, randomness is needed for the incarnation only.
        bytes: (count) =>
          process.origin === "" && count === RANDOM_BYTES.incarnation
            ? new Uint8Array(count).fill(7)
            : random.bytes(count),
      }),
    },
  },
  {
    name: "every password fits",
    mutation: {
      hasher: (hasher) =>
        forwarding(hasher, {
          verify: (job, done) => hasher.hash({ ...job, cost: 10 }, () => done({ fits: true })),
        }),
    },
  },
  {
    name: "all tokens have one digest",
    mutation: { digest: () => () => "digest" },
  },
  {
    name: "a deleted message is recognised by its content alone",
    mutation: { fingerprinter: (make) => (key) => (text) => make(key)(text.slice(text.indexOf("\n"))) },
  },
  {
    name: "a deleted message is recognised by its id alone",
    mutation: { fingerprinter: (make) => (key) => (text) => make(key)(text.slice(0, text.indexOf("\n"))) },
  },
  {
    name: "SENT names a copy more than there is",
    mutation: {
      replication: (replication) =>
        forwarding(replication, { copies: (needed) => replication.copies(needed) + 1 }),
    },
  },
  {
    name: "nobody is waited for",
    mutation: { replication: (replication) => forwarding(replication, { isAwaited: () => false }) },
  },
  {
    name: "replies that have waited leave much later",
    mutation: {
      host: (host, process) =>
        forwarding(host, { replicated: () => process.later(LATE_MS, () => host.replicated()) }),
    },
  },
  {
    name: "a name is given without asking others",
    mutation: {
      replication: (replication) => forwarding(replication, { reserve: (_name, done) => done(true) }),
    },
  },
  {
    name: "one node does not fold that a name is forgotten, and logs it as it came",
    mutation: {
      host: (host, { machine }) =>
        machine.node === FORGETFUL
          ? forwarding(host, {
            absorb: (entries, durable) => host.absorb(entries.map(unfoldable), durable),
          })
          : host,
    },
  },
  {
    name: "the bytes of an inbox are not counted down when its owner reads",
    mutation: { node: (node) => forwarding(node, { apply: withoutCountingDown(node) }) },
  },
  {
    name: "a summary is not counted down when its messages are read",
    mutation: { node: (node) => forwarding(node, { apply: withoutCountingSummary(node) }) },
  },
  {
    name: "every peer counts as a copy, whether it is there or not",
    mutation: {
      replication: (replication) => forwarding(replication, { copies: () => replication.status().length }),
    },
  },
];
