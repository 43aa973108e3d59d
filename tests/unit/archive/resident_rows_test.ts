import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import fc from "fast-check";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { evolveBehindArchive, type WithId } from "../../../server/core/evolve_behind_archive.ts";
import type { ArchivedMessage } from "../../../server/core/messages/archived.ts";
import type { Conversation } from "../../../server/core/messages/conversation.ts";
import { earlyMarkKey } from "../../../server/core/messages/early_mark.ts";
import { messageTime } from "../../../server/core/messages/message_time.ts";
import { bringBack } from "../../../server/core/messages/returning.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { emptying } from "../../testing/emptied_archive.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { otherFacts } from "../../testing/other_facts.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const SETS = scale(3_000, 30_000);
/** No fingerprint and no known address of the sets is too old. */
const WALL_MS = 1;
const IDS = ["m1", "m2", "m3"];

const UNUSABLE = {
  origin: "node9#broken",
  seq: 1,
  stamp: 1,
  type: "messageSent",
  from: "somebody",
  to: "somebody",
  id: 5,
} as unknown as Entry;

function loaded(archive: ArchiveDatabase): State {
  const state = new State();
  for (const _ of archive.loadResident(state, WALL_MS));
  return state;
}

function conversationsOf(state: State): Conversation[] {
  return [
    ...new Set([...state.accounts.values()].flatMap(({ conversations }) => [...conversations.values()])),
  ];
}

function nameOf(
  message: { readonly sender: { readonly id: string }; readonly id: string } | undefined,
): string {
  return message === undefined ? "none" : `${message.sender.id} ${message.id}`;
}

Deno.test(`loadResident() and the rest of the log are the fold of all, for ${SETS} sets in any order, cut anywhere`, () => {
  const seen = {
    entries: 0,
    replayed: 0,
    resident: 0,
    archived: 0,
    repeated: 0,
    lastKnown: 0,
    lastUnknown: 0,
    tokens: 0,
    revoked: 0,
    days: 0,
    addresses: 0,
    early: 0,
  };
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db, 2);
  const empty = emptying(db);
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (entries, seed) => {
      db.exec(empty);
      // After an error, the archive reads everything anew.
      assertThrows(() => archive.fold([UNUSABLE], 1));
      const numbers = new SeededNumbers(seed);
      const arrived = interleaved(entries, numbers);
      const cut = numbers.below(arrived.length + 1);
      for (let at = 0; at < cut;) {
        const part = arrived.slice(at, Math.min(cut, at + 1 + numbers.below(cut)));
        at += part.length;
        archive.fold(part, at);
        for (let slices = numbers.below(4); slices > 0 && archive.compact(WALL_MS); slices--);
      }
      const node = loaded(archive);
      seen.resident += node.messages.size;
      const withId: WithId = (id) => {
        const { messages } = archive.answer({ type: "ids", account: "", ids: [id] });
        seen.repeated += messages.length;
        return messages;
      };
      for (const entry of arrived.slice(cut)) evolveBehindArchive(node, entry, withId);
      const whole = new State();
      for (const entry of arrived) evolve(whole, entry);
      assertResident(node, whole);
      assertEquals(otherFacts(node), otherFacts(whole));
      const rows = archive.answer({ type: "ids", account: "", ids: IDS }).messages;
      seen.archived += rows.length;
      putBack(node, rows);
      assertEquals([...stateLines(node)], [...stateLines(whole)]);
      seen.entries += arrived.length;
      seen.replayed += arrived.length - cut;
      seen.tokens += whole.tokens.size;
      seen.revoked += whole.revoked.size;
      seen.early += whole.earlyMarks.size;
      for (const { stored, knownAddresses } of whole.accounts.values()) {
        seen.days += stored.days.length;
        seen.addresses += knownAddresses.length;
      }
    }),
    { numRuns: SETS, seed: 13, endOnFailure: true },
  );
  db.close();
  console.log(`${SETS} sets: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, SETS / 50, what);

  /** What is not resident is behind the bound of its conversation, and a last message that is known is right. */
  function assertResident(node: State, whole: State): void {
    for (const conversation of conversationsOf(whole)) {
      const { first, second } = conversation;
      const ours = node.accounts.get(first.id)?.conversations.get(second.id);
      assert(ours !== undefined, "a conversation is missing");
      for (const message of conversation.messages) {
        const isHere = ours.messages.some((each) => nameOf(each) === nameOf(message));
        assert(isHere || !ours.isResidentFrom(message.time), "a message is missing that seems to be here");
        assert(isHere || !message.countsAsUnread, "an unread message is missing");
      }
      for (const account of [first, second]) {
        const mine = node.accounts.get(account.id);
        const last = mine && ours.last(mine);
        seen[last?.isKnown ? "lastKnown" : "lastUnknown"]++;
        if (!last?.isKnown) continue;
        const visible = conversation.messages.filter((message) => message.visibleTo(account));
        assertEquals(nameOf(last.message), nameOf(visible.at(-1)));
      }
    }
  }
});

/** Loads all messages of the archive that are not resident; the marks on them are early ones no more. */
function putBack(state: State, rows: readonly ArchivedMessage[]): void {
  for (const row of rows) {
    bringBack(state, [row]);
    state.earlyMarks.delete(earlyMarkKey(row.sender, row.recipient, row.id));
  }
}

Deno.test("loadResident() finds a changed name, hash, token or message", () => {
  const db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const at = (seq: number): { origin: string; seq: number; stamp: number } => ({
    origin: "n#1",
    seq,
    stamp: seq,
  });
  archive.fold([
    { ...at(1), type: "accountCreated", account: "a1", name: "ann", hash: "h1" },
    { ...at(2), type: "tokenIssued", account: "a1", token: "t1", password: "n#1/1" },
    { ...at(3), type: "messageSent", id: "m1", from: "a1", to: "b1", content: "word" },
  ], 3);
  assertEquals(loaded(archive).directory.find("ann")?.id, "a1");
  const changes = [
    ["account_facts", "facts = replace(facts, 'ann', 'anm')"],
    ["account_facts", "facts = replace(facts, 'h1', 'h0')"],
    ["accounts", "id = 'a2' WHERE id = 'a1'"],
    ["tokens", "password = 'n#1/3'"],
    ["tokens", "hash = 't2'"],
    ["tokens", "stamp = 9"],
    ["messages", "content = 'ward'"],
    ["messages", "id = 'm2'"],
    ["messages", "time = 4"],
    ["messages", "side = 1"],
    ["messages", "progress = 1"],
    ["accounts", "id = 'b2' WHERE id = 'b1'"],
    ["origins", "origin = 'n#2'"],
  ] as const;
  for (const [table, change] of changes) {
    db.exec("BEGIN");
    assertEquals(db.prepare(`UPDATE ${table} SET ${change}`).run().changes, 1);
    assertThrows(() => loaded(archive), ArchiveUnusable, "does not fit");
    db.exec("ROLLBACK");
  }
  assertEquals(loaded(archive).tokens.size, 1);
  archive.close();
  console.log(`${changes.length} changes found`);
});

Deno.test("loadResident() gives later times to messages of those conversations alone in which a clock was ahead", () => {
  using db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const [now, ahead] = [WALL_MS * 1_000, WALL_MS * 2_000];
  const sent = (seq: number, to: string, at: number): Entry =>
    entryOf("n#1", seq, seq, { type: "messageSent", id: `m${seq}`, from: "ann", to, content: "x", at });
  archive.fold([sent(1, "bob", now - 5), sent(2, "cem", ahead), sent(3, "dee", now - 7)], 3);
  const state = loaded(archive);
  const times = ["bob", "cem", "dee"].map((other) =>
    messageTime(state.account("ann").conversations.get(other), WALL_MS)
  );
  assertEquals(times, [now + 1, ahead + 1, now + 1]);
});

/** A database that remembers what was asked of it. */
class AskedDatabase extends DatabaseSync {
  readonly asked: string[] = [];

  override prepare(sql: string): StatementSync {
    this.asked.push(sql);
    return super.prepare(sql);
  }
}

Deno.test("loadResident() reads through no table of messages as a whole, though a clock was ahead", () => {
  using db = new AskedDatabase(":memory:");
  const archive = ArchiveDatabase.in(db);
  const sent = Array.from({ length: 300 }, (_, i) =>
    entryOf("n#1", i + 1, i + 1, {
      type: "messageSent",
      id: `m${i}`,
      from: "ann",
      to: `b${i}`,
      content: "x",
      at: 2_000 * WALL_MS,
    }));
  archive.fold(sent, sent.length);
  db.asked.length = 0;
  const slices = [...archive.loadResident(new State(), WALL_MS)];
  const plans = [...db.asked].flatMap((sql) =>
    db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(sql.split("?").length - 1).fill(0))
      .map(({ detail }) => String(detail))
  );
  assertEquals(plans.filter((plan) => /SCAN (m|messages)\b/.test(plan)), []);
  assert(plans.some((plan) => /SEARCH messages .*messages_by_time/.test(plan)), plans.join("\n"));
  const conversations = slices.filter((rows) => rows > 0 && rows <= 64);
  assertGreater(conversations.length, 300 / 64);
  console.log(`${plans.length} steps of plans, ${slices.length} slices`);
});

Deno.test("loadResident() has a deleted message until the log has none of its two contents", () => {
  for (const isEarlier of [true, false]) {
    using db = new DatabaseSync(":memory:");
    const archive = ArchiveDatabase.in(db);
    const ids = { sender: "ann", recipient: "bob", ids: ["m1"] };
    const sent = { type: "messageSent", id: "m1", from: "ann", to: "bob" } as const;
    archive.fold([
      entryOf("n#1", 1, 1, { ...sent, content: "secret", at: 100 }),
      entryOf("n#1", 2, 2, { type: "messagesDeleted", ...ids }),
      // The other side of a split accepted it too; this node logs it without content.
      entryOf("n#2", 1, 3, { ...sent, content: "", digest: 0, at: isEarlier ? 90 : 110 }),
    ], 3);
    const deletedIn = (): boolean[] => [...loaded(archive).messages.all()].map(({ deleted }) => deleted);
    assertEquals(deletedIn(), [true]);
    while (archive.compact(WALL_MS, 2));
    assertEquals(deletedIn(), [true]);
    while (archive.compact(WALL_MS, 3));
    assertEquals(deletedIn(), []);
  }
});
