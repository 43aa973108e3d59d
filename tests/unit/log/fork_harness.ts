/**
 * A log of one of two nodes that went on from one state, with the file `fork`.
 *
 * @module
 */

import { FIRST_CHAIN, nextChain } from "../../../server/core/chain.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { keepFork, type StoredFork } from "../../../server/log/fork_file.ts";
import { giveNewOrigin } from "../../../server/log/new_origin.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { sha256 } from "../../../server/process/system_ports.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "./log_harness.ts";

/** The origin that forks, and one of another node. */
export const FORKED = "node1#000000000001";
export const OTHER = "node2#000000000009";

const ADA = "ada.000000000001";
const BOB = "bob.000000000002";

/** An event by its number: people, a password with tokens of it, and messages of which some are deleted. */
function event(seq: number): Event {
  switch (seq) {
    case 1:
      return { type: "accountCreated", account: ADA, name: "ada", hash: "h" };
    case 2:
      return { type: "accountCreated", account: BOB, name: "bob", hash: "h" };
    case 24:
      return { type: "passwordChanged", account: ADA, hash: "h2", generation: 1 };
    case 25:
      return { type: "passwordRehashed", account: ADA, password: `${FORKED}/24`, hash: "h3" };
    case 26:
      return { type: "tokenIssued", account: ADA, token: "t1", password: `${FORKED}/24` };
    case 27:
      return { type: "tokenIssued", account: BOB, token: "t2", password: `${FORKED}/2` };
    case 28:
      return { type: "tokenRevoked", account: BOB, token: "t2", issued: `${FORKED}/27` };
    case 40:
      return { type: "messagesDeleted", sender: ADA, recipient: BOB, ids: ["m10", "m30"] };
    default:
      return { type: "messageSent", id: `m${seq}`, from: ADA, to: BOB, content: `message ${seq}` };
  }
}

/** Entries of the forked origin. */
export function branchEntry(seq: number): Entry {
  return entryOf(FORKED, seq, 1_700_000_000_000_000 + seq * 10, event(seq));
}

/** An entry of another node. */
export function otherEntry(seq: number): Entry {
  const id = `other${seq}`;
  return entryOf(OTHER, seq, 1_700_000_000_000_005 + seq * 10, {
    type: "messageSent",
    id,
    from: BOB,
    to: ADA,
    content: id,
  });
}

/** The fork of entries behind one of them. */
export function forkBehind(after: number): StoredFork {
  let chain = FIRST_CHAIN;
  for (let seq = 1; seq <= after; seq++) chain = nextChain(chain, seq, branchEntry(seq).stamp);
  return { origin: FORKED, after, chain, seenMs: 1_700_000_000_000 };
}

/** A log of several segments of a node that has found a fork, killed behind its last batch. */
export function forkedLog(fork: StoredFork, entries = mixedEntries()): LogHarness {
  const harness = new LogHarness({ segmentBytes: 3_000 });
  const batches = Array.from(
    { length: entries.length / 3 },
    (_, index) => entries.slice(index * 3, index * 3 + 3),
  );
  harness.write(batches);
  harness.files.kill();
  keepFork(harness.files, fork);
  return harness;
}

/** Sixty entries of the forked origin, and thirty of the other one among them. */
export function mixedEntries(): Entry[] {
  return Array.from(
    { length: 30 },
    (_, i) => [branchEntry(2 * i + 1), otherEntry(i + 1), branchEntry(2 * i + 2)],
  )
    .flat();
}

/** The entries of a log, each as its line has it. */
export function entriesIn(files: MemoryFiles): Entry[] {
  const entries: Entry[] = [];
  showLog(files, ({ record }) => "seq" in record && entries.push(record));
  return entries;
}

/** The fold of entries. */
export function folded(entries: readonly Entry[]): State {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  return state;
}

/** Another disk with the same files. */
export function copyOf(files: MemoryFiles): MemoryFiles {
  const copy = new MemoryFiles();
  for (const folder of ["", "log", "broken"]) {
    for (const name of files.list(folder)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      copy.put(path, files.bytesOf(path));
    }
  }
  return copy;
}

/** Moves the branch of the only fork; returns its new origin. */
export function move(files: MemoryFiles): string {
  const [moved, ...more] = giveNewOrigin(files, sha256, 5);
  if (more.length > 0) throw new Error("the log has more than one fork");
  return moved?.origin ?? "none";
}
