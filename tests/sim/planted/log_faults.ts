/**
 * Faults between a node and its log.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import type { EntryLog } from "../../../server/ports/node.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import type { Mutation } from "../mutation.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** Writes other entries than the node has made. */
function written(change: (entries: readonly Entry[]) => readonly Entry[]): Mutation {
  return {
    log: (log: EntryLog): EntryLog =>
      forwarding(log, {
        commit: (entries) => log.commit(encoded(change(entries.map(({ entry }) => entry)))),
      }),
  };
}

/** Writes every entry of a type with another content. */
export function rewritten<Type extends Entry["type"]>(
  type: Type,
  change: (entry: Extract<Entry, { readonly type: Type }>) => object,
): Mutation {
  return written((entries) =>
    entries.map((entry) =>
      entry.type === type
        ? { ...entry, ...change(entry as Extract<Entry, { readonly type: Type }>) } as Entry
        : entry
    )
  );
}

/** Faults in the entries that are written. */
export const LOG_FAULTS: readonly PlantedFault[] = [
  {
    name: "the entries of a turn are written in another order",
    mutation: written((entries) => entries.toReversed()),
  },
  {
    name: "the last of several entries is not written",
    mutation: written((entries) => entries.length > 1 ? entries.slice(0, -1) : entries),
  },
  {
    name: "the log has another stamp than the memory",
    mutation: written((entries) => entries.map((entry) => ({ ...entry, stamp: entry.stamp + 1 }))),
  },
  {
    name: "a deletion is written without its ids",
    mutation: rewritten("messagesDeleted", () => ({ ids: [] })),
  },
  {
    name: "a deletion is written without its fingerprints",
    mutation: rewritten("messagesDeleted", () => ({ fingerprints: undefined })),
  },
  {
    name: "a key of fingerprints is not written",
    mutation: rewritten("fingerprintKeyMade", () => ({ key: "" })),
  },
  {
    name: "read is written as if nothing was read",
    mutation: rewritten("messagesRead", () => ({ ids: [] })),
  },
  {
    name: "a new password is written without its generation",
    mutation: rewritten("passwordChanged", () => ({ generation: 0 })),
  },
  {
    name: "names are erased that are not forgotten",
    mutation: {
      erase: (erase) => (entry) => {
        const left = erase(entry);
        return left.type === "accountCreated" && left.hash === "" && left.name !== ""
          ? { ...left, name: "" }
          : left;
      },
    },
  },
];
