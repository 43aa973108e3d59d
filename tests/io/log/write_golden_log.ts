/**
 * Writes a golden log: `deno run --allow-read --allow-write write_golden_log.ts NAME FOLDER`. A golden log that was
 * released is never written again.
 *
 * @module
 */

import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import { compactSegment } from "../../../server/log/segment_compaction.ts";
import type { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "../../unit/log/log_harness.ts";

const ADA = "ada.000000000001";
const BOB = "bob.000000000002";
const CAT = "5f000000000000000003";
const HASH = "$2b$04$abcdefghijklmnopqrstuuSYb.r3wVWSUhRFFgHcbyzRqZtWDdu9e";
const TOKEN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const PASSWORD = "node1#000000000001/1";

const MARKS = { sender: ADA, recipient: BOB, ids: ["11111111-1111-4111-8111-111111111111"] };

/** The unkeyed digest of "gone" that versions before 1.1 left of it. */
const UNKEYED_DIGEST = 3_300_596_994_189_998;

/** One event of each type, and content that is hard to escape. */
const EVENTS: readonly Event[] = [
  { type: "accountCreated", account: ADA, name: "Ada", hash: HASH },
  { type: "accountCreated", account: BOB, name: "bob", hash: HASH },
  { type: "tokenIssued", account: ADA, token: TOKEN, password: PASSWORD },
  { type: "tokensUsed", account: ADA, tokens: [TOKEN] },
  { type: "messageSent", id: MARKS.ids[0] ?? "", from: ADA, to: BOB, content: 'żółć 🎉 "\\\n\u2028' },
  {
    type: "messageSent",
    id: "own id",
    from: BOB,
    to: ADA,
    content: "short",
    at: 1_600_000_000_000_000,
  },
  { type: "messageSent", id: "erased", from: ADA, to: BOB, content: "", digest: UNKEYED_DIGEST },
  { type: "messagesDelivered", ...MARKS },
  { type: "messagesRead", ...MARKS },
  { type: "messagesHidden", ...MARKS },
  { type: "messagesDeleted", sender: BOB, recipient: ADA, ids: ["own id"] },
  { type: "passwordRehashed", account: ADA, password: PASSWORD, hash: HASH },
  { type: "passwordChanged", account: ADA, hash: HASH, generation: 1, keeps: TOKEN },
  { type: "tokenRevoked", account: ADA, token: TOKEN, issued: "node1#000000000001/3" },
  { type: "accountDeleted", account: BOB },
];

const STRANGE = {
  origin: "node2#0000000000ff",
  seq: 1,
  stamp: 1_700_000_000_000_099,
  type: "ofALaterVersion",
  x: [1],
};

/** The events that version 1.1 adds, and the new forms of an erased message and of an erased account. */
const EVENTS_1_1: readonly Event[] = [
  ...EVENTS.slice(0, 6),
  { type: "messageSent", id: "erased", from: ADA, to: BOB, content: "", digest: 0 },
  { type: "fingerprintKeyMade", account: BOB, key: "0f".repeat(32) },
  {
    type: "messagesDeleted",
    sender: BOB,
    recipient: ADA,
    ids: ["own id"],
    fingerprints: ["b0344c61d8db38535ca8afceaf0bf12b"],
  },
  { type: "fingerprintKeyMade", account: ADA, key: "" },
  { type: "accountCreated", account: CAT, name: "", hash: "" },
  { type: "accountDeleted", account: CAT },
  { type: "nameForgotten", account: CAT },
];

/** The events and members that version 1.1 adds for acts of operators. */
const OPERATOR_EVENTS: readonly Event[] = [
  { type: "accountCreated", account: ADA, name: "Ada", hash: HASH, by: "operator" },
  { type: "accountCreated", account: BOB, name: "bob", hash: HASH },
  { type: "tokenIssued", account: ADA, token: TOKEN, password: PASSWORD },
  { type: "accountDisabled", account: ADA, generation: 1 },
  { type: "accountEnabled", account: ADA, generation: 2, at: 1_600_000_000_000_000 },
  { type: "tokenRevoked", account: ADA, token: TOKEN, issued: "node1#000000000001/3", by: "operator" },
  { type: "passwordChanged", account: ADA, hash: HASH, generation: 1, by: "operator" },
  { type: "accountDisabled", account: ADA, generation: 3 },
  { type: "accountDeleted", account: BOB, by: "operator" },
];

/** The events that version 1.1 adds for blocks between people. */
const BLOCK_EVENTS: readonly Event[] = [
  { type: "accountCreated", account: ADA, name: "Ada", hash: HASH },
  { type: "accountCreated", account: BOB, name: "bob", hash: HASH },
  { type: "personBlocked", account: ADA, person: BOB, generation: 1 },
  { type: "personUnblocked", account: ADA, person: BOB, generation: 2 },
  { type: "personBlocked", account: ADA, person: BOB, generation: 3 },
  { type: "personBlocked", account: BOB, person: ADA, generation: 1 },
  { type: "personUnblocked", account: BOB, person: ADA, generation: 2 },
  { type: "accountDeleted", account: CAT },
  { type: "personBlocked", account: ADA, person: "", generation: 1 },
];

const INVITATION = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

/** The events and members that version 1.1 adds for invitations. */
const INVITATION_EVENTS: readonly Event[] = [
  { type: "invitationMade", invitation: INVITATION, uses: 2, until: 1_700_000_600_000_000 },
  { type: "accountCreated", account: ADA, name: "Ada", hash: HASH, invitation: INVITATION },
  { type: "accountCreated", account: BOB, name: "", hash: "", invitation: INVITATION },
  { type: "accountDeleted", account: BOB },
  { type: "invitationRevoked", invitation: INVITATION, at: 1_600_000_000_000_000 },
];

/** A golden log: its entries, in order, and the numbers of entries in its batches. */
interface GoldenLog {
  readonly entries: readonly Entry[];
  readonly batches: readonly number[];
}

/** All golden logs, by the names of their folders in `tests/testdata/`. */
export const GOLDEN_LOGS: Readonly<Record<string, GoldenLog>> = {
  "log-format-1": { entries: placed(EVENTS), batches: [2, 3, 5, 5, 1] },
  "log-format-1-version-1.1": { entries: placed(EVENTS_1_1), batches: [2, 3, 3, 2, 3, 1] },
  "log-format-1-version-1.1-blocks": { entries: placed(BLOCK_EVENTS), batches: [2, 3, 3, 1, 1] },
  "log-format-1-version-1.1-invitations": { entries: placed(INVITATION_EVENTS), batches: [1, 2, 2, 1] },
  "log-format-1-version-1.1-operator": { entries: placed(OPERATOR_EVENTS), batches: [2, 3, 3, 1, 1] },
};

function placed(events: readonly Event[]): Entry[] {
  const entries = events.map((event, index) =>
    entryOf("node1#000000000001", index + 1, 1_700_000_000_000_001 + index, event)
  );
  return [...entries, STRANGE as unknown as Entry];
}

/** Compacts the sealed segments, as if the erased message had not been erased before. */
function compact(files: MemoryFiles): void {
  const erase = (entry: Entry): Entry => "digest" in entry ? { ...entry } : entry;
  const options = { files, erase, whenDurable: (then: () => void) => then(), whyStop: () => undefined };
  for (let segment = 1; segment < files.list("log").length; segment++) {
    compactSegment(options, segment, ({ error }) => {
      if (error) throw error;
    });
    files.settle();
  }
}

if (import.meta.main) {
  const [name = "", folder = "."] = Deno.args;
  const golden = GOLDEN_LOGS[name];
  if (golden === undefined) throw new Error(`${name} is none of ${Object.keys(GOLDEN_LOGS)}`);
  const harness = new LogHarness({ segmentBytes: 1_500 });
  const rest = [...golden.entries];
  const open = harness.write(golden.batches.map((count) => rest.splice(0, count)));
  harness.timers.advance(1_000);
  harness.files.settle();
  harness.close(open);
  compact(harness.files);
  const files = new DenoFiles(folder);
  files.makeFolder("log");
  for (const path of [...harness.files.list("log").map((name) => `log/${name}`), "clean"]) {
    files.append(path, harness.files.bytesOf(path));
    files.close(path);
  }
}
