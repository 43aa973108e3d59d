/**
 * Faults in a start that loads memory from the archive, and in the replay behind it.
 *
 * @module
 */

import { advance, type Reached } from "../../../server/core/version.ts";
import { emptyEarlyMark } from "../../../server/core/messages/early_mark.ts";
import { PROGRESS } from "../../../server/core/messages/message.ts";
import type { Slices } from "../../../server/core/slices.ts";
import type { State } from "../../../server/core/state.ts";
import type { ResidentArchive } from "../../../server/follower/resident_archive.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import type { FileStore } from "../../../server/ports/files.ts";
import type { LogPlace } from "../../../server/ports/history.ts";
import type { ResidentPart } from "../../testing/resident_part.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** A start that reads something else of the archive. */
function reading(change: (part: ResidentPart) => Partial<ResidentPart>): Mutation {
  return { residentPart: (part) => ({ ...part, ...change(part) }) };
}

/** A start that changes what it has loaded, before it replays the rest. */
function having(change: (state: State) => void): Mutation {
  return {
    residentArchive: (archive) =>
      forwarding(archive, {
        *load(state, wallMs): Slices<void> {
          yield* archive.load(state, wallMs);
          change(state);
        },
      }),
  };
}

/** Takes away what is on the loaded early marks, at the moment at which their messages come. */
function losingEarlyMarks({ earlyMarks }: State): void {
  const loaded = new Set(earlyMarks.values());
  const remove = earlyMarks.delete.bind(earlyMarks);
  const removeAndLose = (key: string): boolean => {
    const mark = earlyMarks.get(key);
    if (mark !== undefined && loaded.has(mark)) Object.assign(mark, emptyEarlyMark());
    return remove(key);
  };
  Object.assign(earlyMarks, { delete: removeAndLose });
}

/** The end of a log, if that is before the place of an archive, which then passes for one of this log. */
function placeIn(files: FileStore, { part }: ResidentArchive): LogPlace {
  const version = new Map<string, Reached>();
  let position = 0;
  showLog(files, ({ record }) => {
    if (!isEntry(record)) return;
    advance(version, record);
    position++;
  });
  return position < part.position ? { position, version } : part;
}

/** Faults in a start from the archive. */
export const LOAD_FAULTS: readonly PlantedFault[] = [
  {
    name: "a start from the archive forgets an unread message",
    mutation: reading((part) => ({ unread: () => part.unread().slice(1) })),
  },
  {
    name: "a start from the archive takes a tombstone for a message",
    mutation: reading((part) => ({
      tombstones: () =>
        part.tombstones().map((each) => ({ ...each, marks: { ...each.marks, deleted: false } })),
    })),
  },
  {
    name: "a start from the archive forgets the tombstones of what the log still has",
    mutation: reading(() => ({ tombstones: () => [] })),
  },
  {
    name: "a start from the archive forgets the marks on messages that have not arrived",
    mutation: reading(() => ({ earlyMarks: () => [] })),
  },
  {
    name: "a mark that a start has loaded is lost when its message arrives",
    mutation: having(losingEarlyMarks),
  },
  {
    name: "a start from the archive does not know how new its messages are",
    mutation: reading(() => ({ newest: -1 })),
  },
  {
    name: "a start from the archive forgets keys of fingerprints",
    mutation: having(({ accounts }) => {
      for (const account of accounts.values()) account.fingerprintKeys = [];
    }),
  },
  {
    name: "a start from the archive counts what was read",
    mutation: reading((part) => ({
      unread: () => [...part.state.messages.all()].filter(({ hidden, deleted }) => !hidden && !deleted),
    })),
  },
  {
    name: "a start from the archive counts what was hidden",
    mutation: reading((part) => ({
      unread: () =>
        [...part.state.messages.all()].filter(({ progress, deleted }) =>
          progress < PROGRESS.read && !deleted
        ),
    })),
  },
  {
    name: "a start from the archive forgets conversations without unread messages",
    mutation: reading((part) => ({
      conversations: () =>
        part.conversations().filter((each) => each.unread(each.first) + each.unread(each.second) > 0),
    })),
  },
  {
    name: "a start from the archive forgets logins",
    mutation: having(({ tokens, accounts }) => {
      tokens.clear();
      for (const account of accounts.values()) account.tokens.clear();
    }),
  },
  {
    name: "a start from the archive takes the ids of the archive for new ones",
    mutation: having(({ evicted }) => void Object.assign(evicted, { mayHave: () => false })),
  },
  {
    name: "a start from the archive takes unknown last messages for none",
    mutation: having(({ accounts }) => {
      for (const account of accounts.values()) {
        for (const conversation of account.conversations.values()) {
          const last = conversation.last(account);
          if (!last.isKnown) last.found(undefined);
        }
      }
    }),
  },
  {
    name: "the replay behind the archive accepts an archived message a second time",
    mutation: { residentArchive: (archive) => forwarding(archive, { withId: () => [] }) },
  },
  {
    name: "the replay behind the archive brings a message back without its marks",
    mutation: {
      residentArchive: (archive) =>
        forwarding(archive, {
          withId: (id) => archive.withId(id).map((each) => ({ ...each, marks: emptyEarlyMark() })),
        }),
    },
  },
  {
    name: "the archive that a start loads is ahead of what is synced",
    mutation: {
      residentArchive: (archive, { machine: { rottenSegment, disk: { files } } }) =>
        rottenSegment === undefined
          ? forwarding(archive, { part: { ...archive.part, ...placeIn(files, archive) } })
          : archive,
    },
  },
  {
    name: "a start loads an archive of another version",
    mutation: { mayLoad: () => true },
  },
];
