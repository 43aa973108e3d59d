import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { KnownIds } from "../../../server/core/messages/known_ids.ts";
import { State } from "../../../server/core/state.ts";
import { decideListMessages } from "../../../server/core/messages/pages.ts";
import type { ArchivedMessage, PageQuery } from "../../../server/core/messages/archived.ts";
import { answerOf } from "../../testing/memory_archive.ts";
import { foldInParts } from "../../testing/folded_history.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const HISTORIES = scale(5_000, 50_000);
/** Histories in one database: each has accounts and origins of its own. */
const HISTORIES_PER_DATABASE = 25;
const ENTRIES_MAX = 80;
const QUERIES = 6;
const LIMIT = 5;

Deno.test(`ArchiveDatabase.answer() has the pages and ids of ${HISTORIES} histories as the state and its lists have them`, () => {
  const numbers = new SeededNumbers(29);
  const seen = {
    pages: 0,
    marks: 0,
    messages: 0,
    more: 0,
    full: 0,
    ids: 0,
    deleted: 0,
    twins: 0,
    lists: 0,
    listed: 0,
    sizes: 0,
  };
  let archive = ArchiveDatabase.in(new DatabaseSync(":memory:"), 4);
  for (let i = 1; i <= HISTORIES; i++) {
    if (i % HISTORIES_PER_DATABASE === 0) {
      archive.close();
      archive = ArchiveDatabase.in(new DatabaseSync(":memory:"), 4);
    }
    const history = new MessageHistory(numbers, `-${i}`, numbers.below(ENTRIES_MAX));
    const state = foldInParts(archive, history, ENTRIES_MAX, numbers);
    for (const account of state.accounts.keys()) {
      const size = { type: "size", account } as const;
      assertEquals(archive.answer(size), answerOf(state, size));
      seen.sizes += archive.answer(size).size?.messages ?? 0;
    }
    for (let n = 0; n < QUERIES; n++) {
      const query = history.page();
      const page = archive.answer(query);
      assertEquals(page, answerOf(state, query), `history ${i}: ${JSON.stringify(query)}`);
      seen.pages++;
      seen.marks += Number(page.mark !== undefined);
      seen.messages += page.messages.length;
      seen.more += Number(page.more);
      seen.full += Number(page.more && page.messages.length < query.limit);
      assertListed(state, query);
    }
    const ids = history.ids();
    const { messages } = answerOf(state, ids);
    // Another history in the database has the same ids.
    const own = archive.answer(ids).messages.filter(({ sender }) => history.accounts.includes(sender));
    assertEquals(own, [...messages], `history ${i}: ${JSON.stringify(ids)}`);
    seen.ids += messages.length;
    seen.deleted += messages.filter(({ marks }) => marks.deleted).length;
    seen.twins += messages.length - new Set(messages.map(({ id }) => id)).size;
  }
  archive.close();
  console.log(`${HISTORIES} histories: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, HISTORIES / 10, what);

  /** LIST_MESSAGES of the state shows what the archive has beside the message that it names. */
  function assertListed(state: State, { account: id, other: otherId, side }: PageQuery): void {
    const [account, other] = [state.accounts.get(id), state.accounts.get(otherId)];
    if (account?.alive !== true || other?.alive !== true) return;
    const between = [...state.messages.all()].filter(({ sender, recipient }) =>
      sender === account && recipient === other || sender === other && recipient === account
    );
    const mark = between.length === 0 ? undefined : numbers.pick(between);
    // Of twins, the lists take the one that has arrived first, which the archive does not know.
    if (mark !== undefined && between.some((each) => each !== mark && each.id === mark.id)) return;
    const request = { with: other.name, ...mark && { [side]: mark.id }, limit: LIMIT };
    const outcome = wholeOf(decideListMessages(state, account, request, DEFAULT_LIMITS));
    const reply = isRefusal(outcome) ? undefined : outcome.reply([]);
    if (reply?.name !== "messages") throw new Error(`LIST_MESSAGES was answered with ${reply?.name}`);
    const place = mark && archive.answer({ type: "ids", account: id, ids: [mark.id] }).messages
      .find(({ sender, recipient }) => sender === mark.sender.id && recipient === mark.recipient.id);
    assertEquals(place !== undefined, mark !== undefined);
    const way = place === undefined ? "before" : side;
    const query = {
      type: "page",
      account: id,
      other: otherId,
      side: way,
      place,
      limit: LIMIT,
      bytes: 9_999,
    } as const;
    const page = archive.answer(query);
    const messages = way === "before" ? page.messages.toReversed() : page.messages;
    assertEquals({ ids: messages.map(({ id }) => id), more: page.more }, {
      ids: reply.payload.messages.map(({ id }) => id),
      more: reply.payload.more,
    });
    seen.lists++;
    seen.listed += messages.length;
  }
});

const ORIGIN = "node1#aaaaaaaaaaaa";

function entriesOf(events: readonly Event[]): Entry[] {
  return events.map((event, i) => entryOf(ORIGIN, i + 1, i + 1, event));
}

/** An archive with messages between two people, the oldest first, all of them hidden by their recipient but the first. */
function hiddenArchive(count: number): ArchiveDatabase {
  const archive = ArchiveDatabase.in(new DatabaseSync(":memory:"));
  const ids = Array.from({ length: count }, (_, i) => `m${i}`);
  const sent = ids.map((id): Event => ({ type: "messageSent", id, from: "ann", to: "bob", content: "x" }));
  const hidden: Event = { type: "messagesHidden", sender: "ann", recipient: "bob", ids: ids.slice(1) };
  archive.fold(entriesOf([...sent, hidden]), count + 1);
  return archive;
}

const PAGE: PageQuery = {
  type: "page",
  account: "bob",
  other: "ann",
  side: "before",
  place: undefined,
  limit: 50,
  bytes: 1_000,
};

function idsOf({ messages }: { readonly messages: readonly ArchivedMessage[] }): string[] {
  return messages.map(({ id }) => id);
}

Deno.test("answer() gives way while it passes over messages that the account has hidden", () => {
  const archive = hiddenArchive(3_000);
  const slices = [...archive.slicesOf(PAGE)].length;
  console.log(`${slices} slices for 3,000 messages`);
  assertGreater(slices, 10);
  assertEquals(idsOf(archive.answer(PAGE)), ["m0"]);
  assertEquals(idsOf(archive.answer({ ...PAGE, account: "ann", other: "bob", limit: 2 })), [
    "m2999",
    "m2998",
  ]);
  archive.close();
});

Deno.test("answer() puts a message on a page that is longer than all of its bytes, and no second one", () => {
  const archive = hiddenArchive(3);
  const page = archive.answer({ ...PAGE, account: "ann", other: "bob", bytes: 0 });
  assertEquals([idsOf(page), page.more], [["m2"], true]);
  archive.close();
});

Deno.test("answer() refuses a page of none or of over 1,000 messages, and more than 4,096 ids", () => {
  const archive = hiddenArchive(1);
  for (const limit of [0, 1_001, NaN, -1]) {
    assertThrows(() => archive.answer({ ...PAGE, limit }), RangeError, String(limit));
  }
  const ids = Array.from({ length: 4_097 }, (_, i) => `m${i}`);
  assertThrows(() => archive.answer({ type: "ids", account: "ann", ids }), RangeError, "4097");
  assertEquals(idsOf(archive.answer({ type: "ids", account: "ann", ids: ids.slice(1) })), []);
  archive.close();
});

Deno.test("ArchiveDatabase.answer() gives the ids of all messages, UUIDs and others", () => {
  using db = new DatabaseSync(":memory:");
  const archive = ArchiveDatabase.in(db);
  const ids = Array.from({ length: 3_000 }, (_, i) => i % 2 === 0 ? `m${i}` : crypto.randomUUID());
  const sent = ids.map((id, i) =>
    entryOf("node1#aaaaaaaaaaaa", i + 1, i + 1, {
      type: "messageSent",
      id,
      from: "ann.1",
      to: "bob.1",
      content: "x",
    })
  );
  archive.fold(sent, sent.length);
  const page = archive.answer({ type: "knownIds", account: "" });
  const known = new KnownIds();
  known.complete(page.ids ?? { words: new Uint32Array() });
  assertEquals(ids.filter((id) => !known.mayHave(id)), []);
  const wrong = ids.filter((id) => known.mayHave(`not ${id}`)).length;
  console.log(`${ids.length} ids known, ${wrong} of as many others`);
  assertGreater(ids.length / 10, wrong);
});
