import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { shownMessage } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { seqOf } from "../../../server/core/version.ts";
import { type ExportLine, PeopleReading } from "../../../server/export/person_export.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const [ADA, BOB, EVE] = ["ada.000000000001", "bob.000000000002", "eve.000000000003"];

/** Entries of one origin, a second apart. */
function entries(...events: readonly Event[]): Entry[] {
  return events.map((event, index) => entryOf("node1#aaaaaaaaaaaa", index + 1, 1e15 + index * 1e6, event));
}

/** The lines about a person; `undefined` if there is none. */
function exportOf(log: readonly Entry[], name: string): ExportLine[] | undefined {
  const people = new PeopleReading();
  for (const entry of log) people.take(entry);
  const messages = people.of(name);
  if (messages === undefined) return undefined;
  for (const entry of log) messages.take(entry);
  const lines = messages.lines();
  return [...lines.head(), ...log.flatMap((entry) => lines.line(entry) ?? [])];
}

const ACCOUNTS: readonly Event[] = [
  { type: "accountCreated", account: ADA, name: "Ada", hash: "$2b$ada" },
  { type: "accountCreated", account: BOB, name: "bob", hash: "$2b$bob" },
  { type: "accountCreated", account: EVE, name: "eve", hash: "$2b$eve" },
];

function sent(id: string, from: string, to: string): Event {
  return { type: "messageSent", id, from, to, content: `content of ${id}` };
}

Deno.test("an export has the account, its logins, its conversations, messages and marks, and no hash", () => {
  const log = entries(
    ...ACCOUNTS,
    { type: "tokenIssued", account: ADA, token: "secret token", password: "node1#aaaaaaaaaaaa/1" },
    { type: "addressKnown", account: ADA, address: "secret address" },
    sent("m1", ADA, BOB),
    { type: "messagesRead", sender: ADA, recipient: BOB, ids: ["m1"] },
    sent("m2", BOB, ADA),
    { type: "passwordChanged", account: ADA, hash: "$2b$other", generation: 1 },
    { type: "tokensUsed", account: ADA, tokens: ["secret token"] },
    { type: "tokenRevoked", account: ADA, token: "secret token", issued: "" },
    { type: "accountDisabled", account: ADA, generation: 1 },
    { type: "passwordChanged", account: ADA, hash: "$2b$third", generation: 2, by: "operator" },
    { type: "accountEnabled", account: ADA, generation: 2 },
  );
  const lines = exportOf(log, "ada");
  assertEquals(lines, [
    {
      type: "account",
      name: "Ada",
      id: ADA,
      registeredName: "Ada",
      created: "2001-09-09T01:46:40.000Z",
      passwordSet: "2001-09-09T01:46:52.000Z",
    },
    { type: "conversation", with: "bob", messages: 2, unread: 1 },
    { type: "loggedIn", time: "2001-09-09T01:46:43.000Z" },
    { type: "addressKnown", time: "2001-09-09T01:46:44.000Z" },
    {
      type: "message",
      time: "2001-09-09T01:46:45.000Z",
      from: "Ada",
      to: "bob",
      id: "m1",
      content: "content of m1",
      status: "read",
    },
    { type: "messagesRead", by: "bob", of: "Ada", ids: ["m1"] },
    {
      type: "message",
      time: "2001-09-09T01:46:47.000Z",
      from: "bob",
      to: "Ada",
      id: "m2",
      content: "content of m2",
      status: "unread",
    },
    { type: "passwordChanged", time: "2001-09-09T01:46:48.000Z" },
    { type: "loginsUsed", time: "2001-09-09T01:46:49.000Z", logins: 1 },
    { type: "loggedOut", time: "2001-09-09T01:46:50.000Z" },
    { type: "accountDisabled", time: "2001-09-09T01:46:51.000Z" },
    { type: "passwordChanged", time: "2001-09-09T01:46:52.000Z", by: "operator" },
    { type: "accountEnabled", time: "2001-09-09T01:46:53.000Z" },
  ]);
  assertEquals(/secret|\$2b/.exec(JSON.stringify(lines)), null);
});

Deno.test("an export has nothing of others, and nothing that was deleted or hidden", () => {
  const log = entries(
    ...ACCOUNTS,
    sent("m1", ADA, BOB),
    sent("m2", ADA, BOB),
    sent("m3", BOB, ADA),
    sent("m4", BOB, EVE),
    sent("m5", BOB, BOB),
    { type: "messagesRead", sender: ADA, recipient: BOB, ids: ["m1", "m2"] },
    { type: "messagesDeleted", sender: ADA, recipient: BOB, ids: ["m1"] },
    { type: "messagesHidden", sender: BOB, recipient: ADA, ids: ["m3"] },
  );
  const ids = (name: string): unknown[] =>
    (exportOf(log, name) ?? []).filter(({ type }) => type === "message").map(({ id }) => id);
  assertEquals([ids("ada"), ids("bob"), ids("eve")], [["m2"], ["m2", "m3", "m4", "m5"], ["m4"]]);
  const marks = exportOf(log, ADA)?.filter(({ type }) => type === "messagesRead");
  assertEquals(marks?.map(({ ids }) => ids), [["m2"]]);
  assertEquals([exportOf(log, "nobody"), exportOf(log, "unknown.000000000009")], [undefined, undefined]);
  assertEquals(exportOf([...log, ...gone(log.length)], "ada"), undefined);
  assertEquals(exportOf([...log, ...gone(log.length)], "bob")?.some(({ id }) => id === "m2"), false);
});

Deno.test("an export has the times of the person's own marks, and of nobody else's", () => {
  const log = entries(
    ...ACCOUNTS,
    sent("m1", ADA, BOB),
    sent("m2", BOB, ADA),
    sent("m3", ADA, ADA),
    ...([[ADA, BOB, "m1"], [BOB, ADA, "m2"], [ADA, ADA, "m3"]] as const).flatMap((
      [sender, recipient, id],
    ) => [
      { type: "messagesDelivered", sender, recipient, ids: [id] } as const,
      { type: "messagesRead", sender, recipient, ids: [id] } as const,
    ]),
  );
  const marks = (name: string): unknown[] =>
    (exportOf(log, name) ?? []).filter(({ ids }) => ids !== undefined)
      .map(({ type, by, ids, time }) => [type, by, String(ids), time !== undefined]);
  const both = (by: string, id: string, hasTime: boolean): unknown[] =>
    ["messagesDelivered", "messagesRead"].map((type) => [type, by, id, hasTime]);
  assertEquals(marks("Ada"), [
    ...both("bob", "m1", false),
    ...both("Ada", "m2", true),
    ...both("Ada", "m3", true),
  ]);
  assertEquals(marks("bob"), [...both("bob", "m1", true), ...both("Ada", "m2", false)]);
});

/** The deletion of ada's account. */
function gone(after: number): Entry[] {
  return [entryOf("node1#aaaaaaaaaaaa", after + 1, 2e15, { type: "accountDeleted", account: ADA })];
}

Deno.test("an export has the messages that the node shows, whatever the order of the entries", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const state = new State();
      // A log has no entry twice.
      const log = interleaved(set, new SeededNumbers(seed)).filter((entry) => {
        const isNew = entry.seq > seqOf(state.version, entry.origin);
        evolve(state, entry);
        return isNew;
      });
      for (const account of state.accounts.values()) {
        const lines = exportOf(log, account.id);
        assertEquals(lines !== undefined, account.alive);
        const shown = account.alive
          ? [...account.conversations.values()].flatMap(({ messages }) => messages)
            .filter((message) => !message.isGoneFor(account)).map((message) => {
              const { id, content, status, sender, recipient } = shownMessage(message, account);
              return JSON.stringify([id, sender, recipient, content, status]);
            })
          : [];
        const exported = (lines ?? []).filter(({ type }) => type === "message").map((line) =>
          JSON.stringify([line["id"], line["from"], line["to"], line["content"], line["status"]])
        );
        assertEquals(exported.toSorted(), shown.toSorted());
        compared += shown.length;
      }
    }),
    { numRuns: 2_000, seed: 22 },
  );
  console.log(`${compared} messages`);
  assert(compared > 500);
});
