import { assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { ArchiveRows, stateRows } from "../../testing/archive_rows.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const SETS = scale(10_000, 100_000);
/** Sets in one database: each has accounts and origins of its own. */
const SETS_PER_DATABASE = 40;
/** No fingerprint of the sets is too old. */
const WALL_MS = 1;

/** The entries with accounts, origins and ids of their own. */
function apart(entries: readonly Entry[], set: number): Entry[] {
  const id = (name: string): string =>
    set % 2 === 0 ? name : `00000000-0000-4000-8000-0000000000${name.padStart(2, "0").replace("m", "a")}`;
  return entries.map((entry): Entry => {
    const origin = `${entry.origin}${set}`;
    if ("ids" in entry) {
      const { sender, recipient, ids } = entry;
      return {
        ...entry,
        origin,
        sender: `${sender}+${set}`,
        recipient: `${recipient}+${set}`,
        ids: ids.map(id),
      };
    }
    if (entry.type === "messageSent") {
      return { ...entry, origin, id: id(entry.id), from: `${entry.from}+${set}`, to: `${entry.to}+${set}` };
    }
    if (entry.type === "invitationMade" || entry.type === "invitationRevoked") {
      return { ...entry, origin, invitation: `${entry.invitation}+${set}` };
    }
    const account = `${entry.account}+${set}`;
    if (entry.type !== "accountCreated") return { ...entry, origin, account };
    const { invitation } = entry;
    return { ...entry, origin, account, ...invitation && { invitation: `${invitation}+${set}` } };
  });
}

function accountsOf(state: State): string[] {
  return [...state.accounts.keys()];
}

Deno.test(`ArchiveDatabase.fold() has the messages of evolve() for ${SETS} sets in any order, cut anywhere`, () => {
  const seen = {
    entries: 0,
    cuts: 0,
    open: 0,
    undone: 0,
    messages: 0,
    checked: 0,
    deleted: 0,
    fingerprints: 0,
    early: 0,
    gone: 0,
    slices: 0,
  };
  let set = 0;
  let db = new DatabaseSync(":memory:");
  let archive = ArchiveDatabase.in(db, 2);
  let rows = new ArchiveRows(db);
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (entries, seed) => {
      if (++set % SETS_PER_DATABASE === 0) {
        assertNothingLeft(db);
        archive.close();
        db = new DatabaseSync(":memory:");
        archive = ArchiveDatabase.in(db, 2);
        rows = new ArchiveRows(db);
      }
      const numbers = new SeededNumbers(seed);
      const arrived = apart(interleaved(entries, numbers), set);
      const state = new State();
      const before = archive.place.position;
      for (let at = 0, committed = 0, evolved = 0; at < arrived.length;) {
        const part = arrived.slice(at, Math.max(evolved, at + 1 + numbers.below(arrived.length)));
        at += part.length;
        for (; evolved < at; evolved++) evolve(state, arrived[evolved] as Entry);
        const goesOn = at < arrived.length && numbers.below(3) === 0;
        archive.fold(part, at, [], goesOn);
        if (goesOn) {
          seen.open++;
          if (numbers.below(3) > 0) continue;
          archive.rollBack();
          assertEquals(archive.place.position, committed === 0 ? before : committed);
          at = committed;
          seen.undone++;
          continue;
        }
        committed = at;
        const expected = stateRows(state);
        assertEquals(rows.of(accountsOf(state)), expected);
        for (let slices = numbers.below(4); slices > 0 && archive.compact(WALL_MS); slices--) seen.slices++;
        assertEquals(rows.of(accountsOf(state)), expected);
        seen.cuts++;
      }
      assertEquals(archive.place.position, arrived.length);
      for (const [origin, reached] of state.version) assertEquals(archive.place.version.get(origin), reached);
      seen.entries += arrived.length;
      seen.messages += state.messages.size;
      // Each has the checksum of what it is by now.
      const ids = [...new Set([...state.messages.all()].map(({ id }) => id))];
      seen.checked += archive.answer({ type: "ids", account: "", ids }).messages.length;
      seen.early += state.earlyMarks.size;
      for (const message of state.messages.all()) {
        seen.deleted += Number(message.deleted);
        seen.fingerprints += Number(message.fingerprint !== undefined);
      }
      for (const account of state.accounts.values()) seen.gone += Number(account.deleted !== undefined);
    }),
    { numRuns: SETS, seed: 13 },
  );
  assertNothingLeft(db);
  archive.close();
  console.log(`${SETS} sets: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, SETS / 20, what);

  /** What was deleted has no rows, and no block is stale, once everything is erased. */
  function assertNothingLeft(db: DatabaseSync): void {
    while (archive.compact(WALL_MS)) seen.slices++;
    const kept = db.prepare("SELECT count(*) AS messages FROM messages WHERE deleted = 0").get()
      ?.["messages"];
    assertEquals(archive.messages, kept);
    for (const sql of LEFT) assertEquals(db.prepare(sql).get(), countOf(0), sql);
  }
});

/** A row of `count(*)`, which has no prototype. */
function countOf(count: number): unknown {
  return Object.assign(Object.create(null), { "count(*)": count });
}

const DELETED = "(SELECT number FROM accounts WHERE deletion > 0)";

/** Rows that should not be there any more. */
const LEFT = [
  "SELECT count(*) FROM accounts WHERE deletion = 1",
  `SELECT count(*) FROM conversations WHERE first IN ${DELETED} OR second IN ${DELETED}`,
  "SELECT count(*) FROM messages WHERE conversation NOT IN (SELECT number FROM conversations)",
  "SELECT count(*) FROM messages WHERE deleted = 1 AND content <> ''",
  "SELECT count(*) FROM fingerprints WHERE message NOT IN (SELECT number FROM messages)",
  `SELECT count(*) FROM early_marks WHERE sender IN ${DELETED} OR recipient IN ${DELETED}`,
  `SELECT count(*) FROM unindexed WHERE account IN ${DELETED}`,
  `SELECT count(*) FROM blocks WHERE account IN ${DELETED}`,
  "SELECT count(*) FROM stale_blocks",
];

Deno.test("ArchiveDatabase.fold() undoes everything after an error, and goes on from there", () => {
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const rows = new ArchiveRows(db);
  const sets = 100;
  let set = 0;
  let errors = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (entries, seed) => {
      const arrived = apart(interleaved(entries, new SeededNumbers(seed)), ++set);
      const state = new State();
      for (const entry of arrived) evolve(state, entry);
      const before = { position: archive.place.position, version: new Map(archive.place.version) };
      const broken = {
        ...arrived[0],
        origin: "node9#broken",
        type: "messageSent",
        from: "somebody",
        to: "somebody",
        id: 5,
      } as unknown as Entry;
      try {
        archive.fold([...arrived, broken], 1);
      } catch {
        errors++;
      }
      assertEquals(archive.place, before);
      assertEquals(rows.of(accountsOf(state)), []);
      archive.fold(arrived, 2);
      assertEquals(rows.of(accountsOf(state)), stateRows(state));
    }),
    { numRuns: sets, seed: 14 },
  );
  archive.close();
  console.log(`${errors} folds failed`);
  assertEquals(errors, sets);
});

Deno.test("compact() erases fingerprints whose time is over", () => {
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const day = 86_400_000;
  const at = 40 * day;
  const marks = { type: "messagesDeleted", sender: "a", recipient: "b" } as const;
  archive.fold([
    { origin: "n#1", seq: 1, stamp: 1, type: "messageSent", id: "m1", from: "a", to: "b", content: "x" },
    {
      origin: "n#1",
      seq: 2,
      stamp: 2,
      ...marks,
      ids: ["m1", "m2"],
      fingerprints: ["f1", "f2"],
      at: at * 1000,
    },
    {
      origin: "n#1",
      seq: 3,
      stamp: 3,
      ...marks,
      ids: ["m3"],
      fingerprints: ["f3"],
      at: (at + 9 * day) * 1000,
    },
  ], 3);
  const rows = new ArchiveRows(db);
  const kept = (): string[] => rows.of(["a"]).flatMap((row) => row.match(/f\d/) ?? []);
  while (archive.compact(at + 29 * day));
  assertEquals(kept(), ["f2", "f3", "f1"]);
  while (archive.compact(at + 30 * day));
  assertEquals(kept(), ["f3"]);
  while (archive.compact(at));
  assertEquals(kept(), []);
  archive.close();
});

Deno.test("ArchiveDatabase.rollBack() gives the memory of a long transaction back", () => {
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const memory = (): unknown => db.prepare("PRAGMA cache_size").get()?.["cache_size"];
  const usual = memory();
  archive.fold([], 1, [], true);
  assertNotEquals(memory(), usual);
  archive.rollBack();
  assertEquals(memory(), usual);
  archive.close();
});
