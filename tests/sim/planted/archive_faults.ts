/**
 * Faults in the archive of a node.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import type { ArchiveOutcome, MessageArchive } from "../../../server/ports/archive.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

type Page = Extract<ArchiveOutcome, { readonly more: boolean }>;

/** An archive whose pages are changed. */
function changed(change: (page: Page) => ArchiveOutcome): (archive: MessageArchive) => MessageArchive {
  return (archive) =>
    forwarding(archive, {
      ask: (query, done) =>
        archive.ask(query, (outcome) => done("messages" in outcome ? change(outcome) : outcome)),
    });
}

/** A fold that leaves entries out. */
function leavingOut(isLeftOut: (entry: Entry) => boolean): Mutation {
  return {
    writtenArchive: (archive) =>
      forwarding(archive, {
        fold: (entries, position, ...rest) =>
          archive.fold(entries.filter((entry) => !isLeftOut(entry)), position, ...rest),
      }),
  };
}

/** Faults in what an archive folds and finds. What it finds too much is none: the node filters it. */
export const ARCHIVE_FAULTS: readonly PlantedFault[] = [
  {
    name: "an archive does not find the oldest message of a page",
    mutation: {
      archive: changed(({ messages, more }) => ({ messages: messages.slice(0, -1), more })),
    },
  },
  {
    name: "an archive does not tell that there is more",
    mutation: { archive: changed(({ messages }) => ({ messages, more: false })) },
  },
  {
    name: "an archive does not find messages to its owner",
    mutation: {
      archive: (archive) =>
        forwarding(archive, {
          ask: (query, done) =>
            archive.ask(query, (outcome) => {
              if (!("messages" in outcome)) return done(outcome);
              const own = outcome.messages.filter(({ sender }) => sender === query.account);
              done({ ...outcome, messages: own });
            }),
        }),
    },
  },
  {
    name: "an archive gets ahead of what is synced",
    mutation: {
      durable: ({ segment, bytes, position }, { machine: { disk: { files } } }) => ({
        segment,
        bytes: Math.max(bytes, files.size(segmentPath(segment)) ?? 0),
        position,
      }),
    },
  },
  {
    name: "an archive drops the hiding of a message that it has",
    mutation: leavingOut(({ type }) => type === "messagesHidden"),
  },
  {
    name: "an archive keeps the content of a deleted message",
    mutation: leavingOut(({ type }) => type === "messagesDeleted"),
  },
  {
    name: "an archive keeps the messages of a deleted account",
    mutation: leavingOut(({ type }) => type === "accountDeleted"),
  },
];
