import { assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  accountName,
  CHATS,
  type HistorySize,
  ROLES,
  StoredHistory,
  wordOf,
} from "../../../bench/stored_history.ts";
import type { MessageSent } from "../../../server/core/events.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";

const SIZE: HistorySize = { messages: 100_000, accounts: 300, conversations: 500 };

const events = [...new StoredHistory(SIZE).events()];
const sent = events.filter((event): event is MessageSent => event.type === "messageSent");
const ids = new Map(
  events.flatMap((event) => event.type === "accountCreated" ? [[event.name, event.account]] : []),
);

/** The messages from and to an account, by its name. */
function messagesOf(name: string): MessageSent[] {
  const account = ids.get(name);
  return sent.filter(({ from, to }) => from === account || to === account);
}

Deno.test("StoredHistory gives each role its share of the messages", () => {
  assertEquals([ids.size, sent.length], [SIZE.accounts, SIZE.messages]);
  assertEquals(new Set(sent.map(({ id }) => id)).size, SIZE.messages, "ids are unique");
  const [first, second] = ROLES.long;
  assertEquals([messagesOf(first).length, messagesOf(second).length], [10_000, 10_000]);
  assertEquals(messagesOf(ROLES.searcher).length, 1_000);
  assertEquals(messagesOf(ROLES.leaver).length, 3_000);
  const social = ids.get(ROLES.social);
  const partners = new Set(messagesOf(ROLES.social).map(({ from, to }) => from === social ? to : from));
  assertEquals(partners.size, Math.min(CHATS, SIZE.messages / 1_000));
});

Deno.test("StoredHistory folds: most is read, little is deleted, and no mark is ahead of its message", () => {
  const state = new State();
  events.forEach((event, i) => evolve(state, entryOf("node1#0", i + 1, i + 1, event)));
  assertEquals([state.messages.size, state.earlyMarks.size], [SIZE.messages, 0]);
  const unread = [...state.accounts.values()].reduce((sum, { unread }) => sum + unread, 0);
  const sides = new Set(sent.map(({ from, to }) => `${from} ${to}`)).size;
  assertEquals(unread, sides, "the newest message of everybody to everybody");
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  assertGreater(count("messagesRead"), SIZE.messages / 50 / 2);
  assertGreater(count("messagesDeleted"), 100);
  assertGreater(count("messagesHidden"), 100);
  assertLess(events.length, SIZE.messages * 1.05);
  console.log(`${events.length} events, ${unread} messages unread`);
});

Deno.test("StoredHistory is the same each time, and its words are found in few messages or in many", () => {
  const again = new StoredHistory(SIZE).events();
  assertEquals(Array.from({ length: 1_000 }, () => again.next().value), events.slice(0, 1_000));
  const [common = 0, rare = 0] = [0, 1_900].map((number) =>
    sent.filter(({ content }) => content.split(" ").includes(wordOf(number))).length
  );
  assertGreater(common, SIZE.messages / 10);
  assertGreater(rare, 0);
  assertLess(rare, SIZE.messages / 50);
  assertEquals(new Set(Array.from({ length: 2_000 }, (_, number) => wordOf(number))).size, 2_000);
  assertEquals([accountName(2), accountName(7)], ["social", "user000007"]);
  const lengths = sent.map(({ content }) => content.length);
  assertEquals([Math.min(...lengths), Math.max(...lengths)], [111, 111]);
});
