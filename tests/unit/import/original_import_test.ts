import { assertEquals, assertStringIncludes } from "@std/assert";
import { shownMessage } from "../../../server/core/messages/message.ts";
import { importReport } from "../../../server/import/import_report.ts";
import { accounts, HASH, ImportTarget, message } from "../../testing/import_target.ts";

Deno.test("OriginalImport takes accounts, messages, reads and deletions in their order, whatever the lines'", () => {
  const target = new ImportTarget();
  const { result, problems } = target.import([
    '{"operation":"delete","ids":["3"]}',
    '{"operation":"read","ids":["1","3"]}',
    message("1"),
    message("2", { status: "read", timestamp: 1_600_000_000 }),
    message("3"),
    accounts("ada", "Bob"),
  ]);
  assertEquals(problems, []);
  assertEquals(target.types, [
    "accountCreated",
    "accountCreated",
    "messageSent",
    "messageSent",
    "messageSent",
    "messagesRead",
    "messagesDeleted",
  ]);
  assertEquals(target.events[0], {
    type: "accountCreated",
    account: "ada.000000000000",
    name: "ada",
    hash: HASH,
  });
  const idOf = (name: string): string => target.state.directory.find(name)?.id ?? "";
  const [senderAccount, recipientAccount] = [idOf("ada"), idOf("bob")];
  const conversation = target.state.directory.find("ada")?.conversations.get("bob.000000000000");
  assertEquals(conversation?.messages.map((message) => shownMessage(message, message.sender)), [
    {
      id: "2",
      timestamp: 1_600_000_000,
      sender: "ada",
      recipient: "Bob",
      content: "text 2",
      status: "read",
      senderAccount,
      recipientAccount,
    },
    {
      id: "1",
      timestamp: 1_700_000_000.5,
      sender: "ada",
      recipient: "Bob",
      content: "text 1",
      status: "read",
      senderAccount,
      recipientAccount,
    },
  ]);
  assertEquals([result.reads, result.deletions, result.isComplete], [3, 1, true]);
});

Deno.test("OriginalImport changes nothing the second time, and says so", () => {
  const target = new ImportTarget();
  const lines = [
    accounts("ada", "Bob"),
    message("1"),
    message("2", { status: "read" }),
    '{"operation":"delete","ids":["1"]}',
  ];
  target.import(lines);
  const { result } = target.import(lines);
  assertEquals(target.events, []);
  assertEquals(result.accounts, { taken: 0, known: 2, refused: 0 });
  assertEquals(result.messages, { taken: 0, known: 2, refused: 0 });
  assertStringIncludes(importReport(result, "data/node1"), "nothing in data/node1 has changed");
});

Deno.test("OriginalImport takes a message that is in several files once, as far as it had come in any", () => {
  const target = new ImportTarget();
  const { result } = target.import([
    accounts("ada", "Bob"),
    message("1"),
    message("1", { status: "read" }),
    message("1"),
  ]);
  assertEquals(result.messages, { taken: 1, known: 2, refused: 0 });
  assertEquals(result.reads, 1);
});

Deno.test("OriginalImport refuses accounts that cannot be, and takes the others", () => {
  const target = new ImportTarget();
  const { result, problems } = target.import([
    JSON.stringify({
      Ada: HASH,
      ada: HASH,
      "no name": HASH,
      eve: "password",
      zoe: `$2b$31$${"a".repeat(53)}`,
      odd: null,
    }),
  ]);
  const expected = [
    'the account "ada": the name differs from that of the account "Ada" only in the case',
    'the account "no name": "no name" is no name',
    'the account "eve": its password hash cannot be used: it is no bcrypt hash',
    'the account "zoe": its password hash cannot be used: its cost is 31',
    'the account "odd": its password hash is no text',
  ];
  assertEquals(problems.length, expected.length);
  for (const [i, problem] of problems.entries()) assertStringIncludes(problem, expected[i] ?? "?");
  assertEquals(result.accounts, { taken: 1, known: 0, refused: 5 });
  assertEquals(result.isComplete, false);
});

Deno.test("OriginalImport refuses messages that cannot be, and takes the others", () => {
  const target = new ImportTarget();
  const { result, problems } = target.import([
    accounts("ada", "Bob"),
    message("1", { sender: "bob" }),
    message("2", { recipient: "nobody" }),
    message("3", { content: "" }),
    message("4", { content: "ü".repeat(6) }),
    message("5"),
    message("5", { content: "other" }),
    message("5", { sender: "Bob", recipient: "ada" }),
    "{",
    "broken {",
    message("6", { content: "ü".repeat(5) }),
  ], { contentBytes: 10 });
  const expected = [
    'the sender "bob": the name differs from that of the account "Bob"',
    'the recipient "nobody": there is no such account',
    'the message "3": it has no content',
    'the message "4": its content is longer than 10 bytes; raise contentBytes',
    'the message "5": another message has this id already',
    'the message "5": another message has this id already',
    "it is no JSON",
  ];
  assertEquals(problems.length, expected.length);
  for (const [i, problem] of problems.entries()) assertStringIncludes(problem, expected[i] ?? "?");
  assertEquals(result.messages, { taken: 2, known: 0, refused: 6 });
  assertEquals(result.linesRefused, 1);
  assertStringIncludes(importReport(result, "d"), "messages: 2 new, 0 known already, 6 refused");
});

Deno.test("OriginalImport lets nobody who was deleted come back", () => {
  const target = new ImportTarget();
  const lines = [accounts("ada", "Bob"), message("1")];
  target.import(lines);
  target.apply({ type: "accountDeleted", account: "ada.000000000000" });
  const { result, problems } = target.import(lines);
  assertEquals(target.events, []);
  assertEquals(problems.map((problem) => problem.includes("deleted stays deleted")), [true, true]);
  assertEquals([result.accounts.refused, result.messages.refused], [1, 1]);
});

Deno.test("OriginalImport only counts ids of which there is no message", () => {
  const { result, problems } = new ImportTarget().import(['{"operation":"read","ids":["1","2"]}']);
  assertEquals([problems, result.idsUnknown, result.isComplete], [[], 2, true] as never);
});

Deno.test("OriginalImport writes no event with more ids than the limit", () => {
  const target = new ImportTarget();
  const lines = [accounts("ada", "Bob")];
  for (let i = 0; i < 25; i++) lines.push(message(`${i}`, { status: "read" }));
  const { result } = target.import(lines, { idsPerPush: 10 });
  const marks = target.events.flatMap((event) => event.type === "messagesRead" ? [event.ids.length] : []);
  assertEquals([marks, result.reads], [[10, 10, 5], 25] as never);
});

Deno.test("OriginalImport is stopped by no bound on inboxes and stored bytes, and counts what it brings", () => {
  const target = new ImportTarget();
  const lines = [accounts("ada", "Bob"), message("1"), message("2"), message("3")];
  const { problems } = target.import(lines, { inboxMessages: 1, inboxBytes: 1, storedBytes: 1 });
  assertEquals(problems, []);
  const bob = target.state.directory.find("bob");
  assertEquals([bob?.unread, bob?.unreadBytes], [3, 3 * "text 1".length]);
});
