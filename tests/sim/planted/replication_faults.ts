/**
 * Faults between nodes: in the entries sent, in the acknowledgements, and in the entries absorbed.
 *
 * @module
 */

import { eraseEntry } from "../../../server/core/compaction.ts";
import { type EncodedEntry, encodeEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry, Place } from "../../../server/core/entry.ts";
import type { PeerLink } from "../../../server/ports/peers.ts";
import type { EntriesMessage, PeerMessage } from "../../../server/ports/peer_message.ts";
import { joinedLines, linesOf, linesOfEntries } from "../../testing/encoded_entries.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import type { ServerProcess } from "../server_process.ts";
import { forwarding } from "./forwarding.ts";

/** Changes the messages from a node to its targets. */
function sentToTargets(change: (message: PeerMessage, process: ServerProcess) => PeerMessage): Mutation {
  return {
    network: (network, process) => ({
      dial: (peer, stream) => changed(network.dial(peer, stream), (message) => change(message, process)),
    }),
  };
}

/** Changes the messages from a node to its sources. */
function sentToSources(change: (message: PeerMessage) => PeerMessage): Mutation {
  return { acceptedLink: (link) => changed(link, change) };
}

function changed(link: PeerLink, change: (message: PeerMessage) => PeerMessage): PeerLink {
  return forwarding(link, { send: (message) => link.send(change(message)) });
}

/** Changes the entries of other nodes before they are absorbed. */
function absorbed(change: (entry: Entry, process: ServerProcess) => object): Mutation {
  return {
    host: (host, process) =>
      forwarding(host, {
        absorb: (entries, durable) =>
          host.absorb(
            entries.map(({ entry }) => encodeEntry({ ...entry, ...change(entry, process) } as Entry)),
            durable,
          ),
      }),
  };
}

function entriesOnly(message: PeerMessage, change: (message: EntriesMessage) => EntriesMessage): PeerMessage {
  return message.type === "entries" ? change(message) : message;
}

/** Faults in replication. */
export const REPLICATION_FAULTS: readonly PlantedFault[] = [
  { name: "what has come is acknowledged before it is synced", mutation: acknowledgedOnReceipt() },
  {
    name: "one entry more is acknowledged than there is",
    mutation: sentToSources((message) =>
      message.type === "ack" ? { ...message, version: message.version.map(oneMore) } : message
    ),
  },
  { name: "entries are sent before they are synced", mutation: sentTooEarly() },
  {
    name: "what was deleted is left out before its deletion is synced",
    mutation: sentToTargets((message, process) =>
      entriesOnly(message, (entries) => {
        const sent = linesOf(entries.lines).map((line) => JSON.parse(line) as Entry);
        return {
          ...entries,
          lines: linesOfEntries(
            sent.map((entry) => eraseEntry(process.state, entry, process.node.ports.clock.wallMs())),
          ),
        };
      })
    ),
  },
  {
    name: "the middle of a batch is left out",
    mutation: sentToTargets((message) =>
      entriesOnly(message, (entries) => {
        const lines = linesOf(entries.lines);
        if (lines.length < 3) return entries;
        return { ...entries, lines: joinedLines(lines.toSpliced(1, 1)), count: entries.count - 1 };
      })
    ),
  },
  {
    name: "contents are changed on the way",
    mutation: sentToTargets((message) =>
      entriesOnly(message, (entries) => ({
        ...entries,
        lines: joinedLines(
          linesOf(entries.lines).map((line) => line.replace('"content":"message', '"content":"massage')),
        ),
      }))
    ),
  },
  {
    name: "the deletion of a message elsewhere is forgotten",
    mutation: absorbed((entry) => entry.type === "messagesDeleted" ? { ids: [] } : {}),
  },
  {
    name: "the fingerprint is lost when the deletion comes before the message",
    mutation: absorbed((entry, { state }) =>
      entry.type === "messagesDeleted" && entry.ids.some((id) => state.messages.withId(id).length === 0)
        ? { fingerprints: undefined }
        : {}
    ),
  },
  {
    name: "the deletion of an account elsewhere is ignored",
    mutation: absorbed((entry) => entry.type === "accountDeleted" ? { account: "nobody.000000000000" } : {}),
  },
  {
    name: "tokens of elsewhere are not known",
    mutation: absorbed((entry) => entry.type === "tokenIssued" ? { token: `not ${entry.token}` } : {}),
  },
  {
    name: "one node knows an account by another name",
    mutation: absorbed((entry, { machine }) =>
      entry.type === "accountCreated" && machine.name === "node2" ? { name: entry.name.toUpperCase() } : {}
    ),
  },
  {
    name: "a status is dropped if something later is known",
    mutation: absorbed((entry, { state }) =>
      (entry.type === "messagesDelivered" || entry.type === "messagesRead") && entry.stamp < state.stamp
        ? { ids: [] }
        : {}
    ),
  },
  {
    name: "what comes from elsewhere gets the time of its arrival",
    mutation: absorbed((entry, { state }) => ({ stamp: Math.max(entry.stamp, state.stamp + 1) })),
  },
];

function oneMore({ origin, seq, stamp }: Place): Place {
  return { origin, seq: seq + 1, stamp };
}

function acknowledgedOnReceipt(): Mutation {
  const links = new WeakMap<ServerProcess, PeerLink>();
  return {
    acceptedLink: (link, process) => {
      links.set(process, link);
      return link;
    },
    acceptedStream: (stream, process) => {
      const link = links.get(process);
      return forwarding(stream, {
        received: (message) => {
          stream.received(message);
          if (message.type !== "entries") return;
          const last = JSON.parse(linesOf(message.lines).at(-1) ?? "") as Entry;
          const { origin, seq, stamp } = last;
          link?.send({ type: "ack", number: message.number, version: [{ origin, seq, stamp }] });
        },
      });
    },
  };
}

function sentTooEarly(): Mutation {
  const unsynced = new WeakMap<ServerProcess, readonly EncodedEntry[]>();
  const inTransit = sentToTargets((message, process) =>
    entriesOnly(message, (entries) => {
      const more = (unsynced.get(process) ?? []).filter(({ entry }) => entry.origin === process.origin);
      const lines = [...linesOf(entries.lines), ...more.map(({ entry }) => JSON.stringify(entry))];
      return { ...entries, lines: joinedLines(lines), count: entries.count + more.length };
    })
  );
  return {
    ...inTransit,
    log: (log, process) =>
      forwarding(log, {
        commit: (entries) => {
          unsynced.set(process, entries);
          log.commit(entries);
        },
      }),
  };
}
