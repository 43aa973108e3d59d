import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { readOriginalLine } from "../../../server/import/original_item.ts";

const HASH = `$2b$12$${"a".repeat(53)}`;

const MESSAGE = {
  id: "11111111-1111-4111-8111-111111111111",
  timestamp: 1700000000.123456,
  sender: "ada",
  recipient: "Bob",
  content: "hello",
  status: "unread",
};

function account(name: string, hash: unknown = HASH): unknown {
  return { kind: "account", name, hash };
}

Deno.test("readOriginalLine() reads a message with its time in microseconds", () => {
  const read = {
    kind: "message",
    id: MESSAGE.id,
    at: 1_700_000_000_123_456,
    sender: "ada",
    recipient: "Bob",
    content: "hello",
    read: false,
  };
  assertEquals(readOriginalLine(JSON.stringify(MESSAGE)), [read] as never);
  assertEquals(
    readOriginalLine(`${JSON.stringify({ ...MESSAGE, status: "read" })}\r`),
    [{ ...read, read: true }] as never,
  );
});

Deno.test("readOriginalLine() reads a message whose content is a bcrypt hash as a message", () => {
  const [item] = readOriginalLine(JSON.stringify({ ...MESSAGE, content: HASH }));
  assertEquals(typeof item === "object" && item.kind, "message");
});

Deno.test("readOriginalLine() reads operations", () => {
  for (const operation of ["delete", "read"] as const) {
    assertEquals(
      readOriginalLine(JSON.stringify({ operation, ids: ["a", "b"] })),
      [{ kind: "operation", operation, ids: ["a", "b"] }],
    );
  }
});

Deno.test("readOriginalLine() reads accounts, on one line or one to a line", () => {
  const accounts = { ada: HASH, "7": HASH, operation: HASH, id: HASH, content: HASH, odd: 5 };
  const all = readOriginalLine(JSON.stringify(accounts));
  assert(Array.isArray(all));
  assertEquals(all.length, 6);
  assert(all.some((item) => JSON.stringify(item) === JSON.stringify(account("operation"))));
  assert(all.some((item) => JSON.stringify(item) === JSON.stringify(account("odd", 5))));
  assertEquals(readOriginalLine(JSON.stringify({ id: "no hash" })), [account("id", "no hash")] as never);
  const pretty = JSON.stringify({ ada: HASH, bob: HASH }, null, 4).split("\n").map(readOriginalLine);
  assertEquals(pretty, [[], [account("ada")], [account("bob")], []] as never);
});

Deno.test("readOriginalLine() reads nothing from an empty line and an empty dictionary", () => {
  for (const line of ["", "  ", "{}", "{", "}"]) assertEquals(readOriginalLine(line), []);
});

Deno.test("readOriginalLine() says what is wrong with a line", () => {
  const wrong: [unknown, string][] = [
    ['{"id": "1", "timesta', "it is no JSON"],
    ['{"id":"1","timestamp":NaN}', "it is no JSON"],
    ["[1]", "neither a dictionary of accounts"],
    ["null", "neither a dictionary of accounts"],
    ['{"operation":"forget","ids":[]}', 'its operation is "forget"'],
    ['{"operation":"read","ids":"a"}', 'its ids are "a"'],
    ['{"operation":"read"}', "its ids are missing"],
    ['{"operation":"read","ids":["a",5]}', "the message id 5 must be a text"],
    [{ ...MESSAGE, id: 7 }, "the message id 7 must be a text"],
    [{ ...MESSAGE, id: "" }, "must be a text"],
    [{ ...MESSAGE, id: "x".repeat(129) }, "has 129 characters and the limit is 128"],
    [{ ...MESSAGE, timestamp: "now" }, 'its timestamp is "now"'],
    [{ ...MESSAGE, timestamp: -1 }, "its timestamp is -1"],
    [{ ...MESSAGE, timestamp: 1e300 }, "its timestamp is 1e+300"],
    ['{"id":"1","timestamp":1e999,"sender":"a"}', "its timestamp is null"],
    [{ ...MESSAGE, sender: 5 }, "its sender is 5"],
    [{ ...MESSAGE, recipient: undefined }, "its recipient is missing"],
    [{ ...MESSAGE, content: null }, "its content is null"],
    [{ ...MESSAGE, content: "half \ud83d" }, "its content holds half of a surrogate pair"],
    [{ ...MESSAGE, id: "\udc00" }, "holds half of a surrogate pair"],
    [{ ...MESSAGE, status: "gone" }, 'its status is "gone"'],
  ];
  for (const [line, problem] of wrong) {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    const read = readOriginalLine(text);
    assert(typeof read === "string", text);
    assertStringIncludes(read, problem);
  }
});

Deno.test("readOriginalLine() takes the longest id and never throws", () => {
  assert(Array.isArray(readOriginalLine(JSON.stringify({ ...MESSAGE, id: "x".repeat(128) }))));
  let runs = 0;
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
    readOriginalLine(line);
    runs++;
  }));
  console.log(`readOriginalLine(): ${runs} odd lines`);
});
