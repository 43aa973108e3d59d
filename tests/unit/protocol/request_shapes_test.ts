import { assertEquals, assertThrows } from "@std/assert";
import { decodeRequest, TAG_MAX } from "../../../common/protocol/codec.ts";
import type { RequestName } from "../../../common/protocol/requests.ts";
import { ShapeError } from "../../../common/protocol/shape.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { encodeValue, Float, TaggedMessage, type Value } from "../../../common/wire/value.ts";
import { IDS } from "../../testing/protocol_samples.ts";

type Dialect = "original" | "confirmed";
const [ID] = IDS;

function decoded(name: RequestName, value: Value, dialect: Dialect = "confirmed"): unknown {
  const writer = new ByteWriter();
  if (value !== null) encodeValue(writer, value);
  const bounds = { depth: 16, items: 4_096, keys: 64, tagMax: TAG_MAX[dialect] };
  return decodeRequest(name, writer.copy(), dialect, bounds).payload;
}

function fields(record: Readonly<Record<string, Value>>): Value {
  return new Map(Object.entries(record));
}

const MISFITS: readonly [RequestName, Value, string][] = [
  ["startLogin", null, "payload must be a string"],
  ["startLogin", 1, "payload must be a string"],
  ["finishLogin", fields({}), "payload lacks the field password, which is a string"],
  ["finishLogin", fields({ password: "p" }), "payload lacks the field invitation, which is a string"],
  ["ping", "", "payload must be empty"],
  ["logout", fields({}), "payload must be empty"],
  ["nodeStatus", "node1", "payload must be empty"],
  ["sendMessage", null, "payload must be a dictionary"],
  ["sendMessage", ["bob", "hey"], "payload must be a dictionary"],
  ["sendMessage", fields({ content: "hey" }), "payload lacks the field to, which is a string"],
  ["sendMessage", fields({ to: "bob" }), "payload lacks the field content"],
  ["sendMessage", fields({ to: "bob", content: 1 }), "content must be a string"],
  ["sendMessage", fields({ to: "bob", content: "hey", id: "1" }), "id must be a UUID"],
  ["sendMessage", fields({ to: "bob", content: "hey", id: null }), "id must be a UUID"],
  ["sendMessage", fields({ to: "bob", content: "hey", id: `${ID}0` }), "id must be a UUID"],
  ["sendMessage", fields({ to: "bob", content: "hey", account: 1 }), "account must be a string"],
  ["sendMessage", fields({ to: "bob", content: "hey", color: "red" }), 'the unknown field "color"'],
  ["sendMessage", fields({ to: "bob", content: "hey", __proto__x: "" }), "the unknown field"],
  ["sendMessage", new TaggedMessage(new Map()), "payload must be a dictionary"],
  ["readMessages", fields({ with: "bob", ids: "x" }), "ids must be a list"],
  ["readMessages", fields({ with: "bob", ids: [ID, "x"] }), "ids[1] must be a UUID"],
  ["listMessages", fields({}), "lacks the field with"],
  ["listMessages", fields({ with: "bob", before: ID, after: ID }), "before and after do not go together"],
  ["listMessages", fields({ with: "bob", undelivered: true }), "undelivered and with do not go together"],
  ["listMessages", fields({ before: ID, undelivered: true }), "undelivered and before"],
  ["listMessages", fields({ with: "bob", undelivered: false }), "undelivered must be true"],
  ["listMessages", fields({ with: "bob", undelivered: 1 }), "undelivered must be a boolean"],
  ["listMessages", fields({ with: "bob", limit: 2n ** 60n }), "limit must be an integer below 2^53"],
  ["listMessages", fields({ with: "bob", limit: new Float(3) }), "limit must be an integer"],
  ["listMessages", fields({ with: "bob", before: "x" }), "before must be a UUID"],
  ["listUsers", null, "payload must be a dictionary"],
  ["listUsers", fields({ match: 1 }), "match must be a string"],
  ["listUsers", fields({ before: "a" }), 'the unknown field "before"'],
  ["deleteMessages", fields({}), "lacks the field ids, which is a list"],
  ["deleteAccount", fields({}), "lacks the field password"],
  ["resume", fields({ token: 1 }), "token must be a string"],
  ["changePassword", fields({ old: "a" }), "lacks the field new"],
  ["confirmDelivery", fields({ ids: [1] }), "ids[0] must be a UUID"],
  ["listChats", fields({ limit: true }), "limit must be an integer"],
  ["useFeatures", null, "payload must be a dictionary"],
  ["useFeatures", fields({}), "lacks the field use, which is a list"],
  ["useFeatures", fields({ use: "account-ids" }), "use must be a list"],
  ["useFeatures", fields({ use: [1] }), "use[0] must be a string"],
  [
    "useFeatures",
    fields({ use: ["cluster-state", "later"] }),
    'use[1] is "later", and the features of this node are account-ids, block, cluster-state, invitations, nodes, search, web, ' +
    "watch",
  ],
  ["search", "hey", "payload must be a dictionary"],
  ["search", fields({}), "lacks the field words, which is a string"],
  ["search", fields({ words: ["hey"] }), "words must be a string"],
  ["search", fields({ words: "hey", with: 1 }), "with must be a string"],
  ["search", fields({ words: "hey", before: "x" }), "before must be a UUID"],
  ["search", fields({ words: "hey", after: ID }), 'the unknown field "after"'],
  ["search", fields({ words: "hey", limit: "all" }), "limit must be an integer"],
  ["watchPeople", "bob", "payload must be a dictionary"],
  ["watchPeople", fields({}), "neither people nor names"],
  ["watchPeople", fields({ names: "bob" }), "names must be a list"],
  ["watchPeople", fields({ names: [1] }), "names[0] must be a string"],
  ["watchPeople", fields({ people: "a*" }), "people must be a dictionary"],
  ["watchPeople", fields({ people: fields({}) }), "lacks the field limit, which is an integer"],
  ["watchPeople", fields({ people: fields({ limit: 1, before: "x" }) }), 'the unknown field "before"'],
  ["watchPeople", fields({ names: [], limit: 1 }), 'the unknown field "limit"'],
  ["blockPerson", fields({ user: "bob" }), "lacks the field blocked, which is a boolean"],
  ["blockPerson", fields({ user: "bob", blocked: 1 }), "blocked must be a boolean"],
  ["listBlocked", null, "payload must be a dictionary"],
  ["listBlocked", fields({ match: "a*" }), 'the unknown field "match"'],
  ["hello", fields({ version: "2", client: "c" }), "version must be an integer"],
];

Deno.test("decodeRequest() names the field that does not fit", () => {
  for (const [name, value, says] of MISFITS) {
    assertThrows(() => decoded(name, value), ShapeError, says);
  }
  console.log(`${MISFITS.length} misfits named`);
});

const ORIGINAL_MISFITS: readonly [RequestName, Value, string][] = [
  ["sendMessage", ["bob"], "list of two strings, recipient and content"],
  ["sendMessage", ["bob", "hey", "more"], "list of two strings"],
  ["sendMessage", ["bob", 1], "payload[1] must be a string"],
  ["sendMessage", fields({ to: "bob", content: "hey" }), "payload must be a list"],
  ["readMessages", fields({ with: "bob" }), "payload must be a string"],
  ["deleteMessages", [ID], "payload must be a string"],
  ["ping", null, "payload must be a string"],
];

Deno.test("decodeRequest() names what does not fit in the original dialect", () => {
  for (const [name, value, says] of ORIGINAL_MISFITS) {
    assertThrows(() => decoded(name, value, "original"), ShapeError, says);
  }
});

Deno.test("decodeRequest() takes LIST_USERS with any payload in the original dialect", () => {
  for (const value of [null, "", "bob", 7, ["bob"], fields({ limit: 1 })]) {
    assertEquals(decoded("listUsers", value, "original"), {});
  }
});

Deno.test("decodeRequest() takes ids of any text in the original dialect, which knows no UUIDs", () => {
  assertEquals(decoded("deleteMessages", "not a UUID", "original"), { ids: ["not a UUID"] });
});

Deno.test("decodeRequest() takes a field that may be left out, and a UUID in either case", () => {
  assertEquals(decoded("listUsers", fields({})), {});
  const id = ID.toUpperCase();
  assertEquals(decoded("deleteMessages", fields({ ids: [id] })), { ids: [id] });
});

Deno.test("decodeRequest() keeps a field named __proto__ out of the payload", () => {
  const value = new Map<string, Value>([["to", "bob"], ["content", "hey"], ["__proto__", "evil"]]);
  assertThrows(() => decoded("sendMessage", value), ShapeError, 'the unknown field "__proto__"');
});
