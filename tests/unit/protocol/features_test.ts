import { assertEquals, assertThrows } from "@std/assert";
import { decodeFromServer } from "../../../common/protocol/client_codec.ts";
import { encodePush, encodeReply } from "../../../common/protocol/codec.ts";
import { VERSION } from "../../../common/version.ts";
import { dictionary, ofFeature, optional } from "../../../common/protocol/dictionary.ts";
import {
  FEATURES,
  featureSet,
  includesFeatures,
  isFirstRelease,
  NO_FEATURES,
} from "../../../common/protocol/features.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import { integer, listOf, ShapeError, text } from "../../../common/protocol/shape.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { decodePayload } from "../../../common/wire/decode.ts";
import { FrameReader } from "../../../common/wire/frame.ts";
import { encodeValue, type Value } from "../../../common/wire/value.ts";
import { MESSAGE, PUSH_SAMPLES, REPLY_SAMPLES } from "../../testing/protocol_samples.ts";

const ACCOUNT_IDS = featureSet(["account-ids"]);
const CLUSTER_STATE = featureSet(["cluster-state"]);
const WITH_FIELDS = featureSet(["account-ids", "web"]);

function decoded(frame: Uint8Array): ReturnType<typeof decodeFromServer> {
  const reader = new FrameReader(1 << 20);
  reader.push(frame);
  const whole = reader.next();
  if (whole === undefined) throw new Error("no whole frame");
  return decodeFromServer(whole);
}

/** A payload without the fields of features, at any depth. */
function withoutFeatures(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload.map(withoutFeatures);
  if (typeof payload !== "object" || payload === null || payload instanceof Map) return payload;
  const fields = Object.entries(payload).filter(([key]) =>
    !/^(?:(sender|recipient)?account|web)$/i.test(key)
  );
  return Object.fromEntries(fields.map(([key, each]) => [key, withoutFeatures(each)]));
}

Deno.test("featureSet() has one bit for each feature, in any order and number", () => {
  assertEquals(featureSet([]), NO_FEATURES);
  assertEquals(FEATURES.map((each) => featureSet([each])), [1, 2, 4, 8, 16, 32, 64, 128]);
  assertEquals(
    featureSet([
      "watch",
      "web",
      "search",
      "nodes",
      "invitations",
      "cluster-state",
      "block",
      "account-ids",
      "cluster-state",
    ]),
    featureSet(FEATURES),
  );
});

Deno.test("includesFeatures() asks for every one of some features", () => {
  assertEquals(includesFeatures(NO_FEATURES, NO_FEATURES), true);
  assertEquals(includesFeatures(ACCOUNT_IDS, NO_FEATURES), true);
  assertEquals(includesFeatures(ACCOUNT_IDS, CLUSTER_STATE), false);
  assertEquals(includesFeatures(ACCOUNT_IDS, featureSet(FEATURES)), false);
  assertEquals(includesFeatures(featureSet(FEATURES), CLUSTER_STATE), true);
});

Deno.test("isFirstRelease() is true only for the console client that refuses what it does not know", () => {
  assertEquals(isFirstRelease("chat-client/1.0.0"), true);
  for (const client of ["", "x", "chat-client/1.0.1", `chat-client/${VERSION}`]) {
    assertEquals(isFirstRelease(client), false, client);
  }
});

Deno.test("dictionary() writes a field of a feature to those that use it, and counts only what it writes", () => {
  const shape = dictionary({ name: text, nick: optional(text), account: ofFeature("account-ids", text) });
  const value = { name: "bob", account: "b0b" };
  const written = (features: number): Value => {
    const writer = new ByteWriter();
    shape.write(writer, value, features);
    return decodePayload(writer.copy(), { depth: 4, items: 9, keys: 9, tagMax: 7 });
  };
  const bare = new Map([["name", "bob"]]);
  assertEquals(written(NO_FEATURES), bare);
  assertEquals(written(CLUSTER_STATE), bare);
  assertEquals(written(ACCOUNT_IDS), new Map([["name", "bob"], ["account", "b0b"]]));
  assertEquals(written(featureSet(FEATURES)), written(ACCOUNT_IDS));
  assertEquals(shape.read(bare, "payload"), { name: "bob" });
});

Deno.test("encodeReply() writes no key of a feature to a session that does not use it", () => {
  let removed = 0;
  for (const [name, payloads] of Object.entries(REPLY_SAMPLES)) {
    for (const payload of payloads) {
      const reply = { name, payload } as ConfirmedReply;
      const plain = withoutFeatures(payload);
      const bare = encodeReply({ name, payload: plain } as ConfirmedReply);
      assertEquals(encodeReply(reply), bare, name);
      assertEquals(encodeReply(reply, CLUSTER_STATE), bare, name);
      assertEquals(decoded(encodeReply(reply, WITH_FIELDS)), { reply }, name);
      if (encodeReply(reply, WITH_FIELDS).length > bare.length) removed++;
    }
  }
  assertEquals(removed, 7);
  console.log(`${removed} replies with keys of the features account-ids and web`);
});

Deno.test("appendPush() writes no key of a feature to a session that does not use it", () => {
  let removed = 0;
  for (const [name, payloads] of Object.entries(PUSH_SAMPLES)) {
    // PERSON belongs to another feature, and names its account always.
    if (name === "person") continue;
    for (const payload of payloads) {
      const push = { name, payload } as Push;
      const bare = encodePush({ name, payload: withoutFeatures(payload) } as Push);
      assertEquals(encodePush(push), bare, name);
      assertEquals(decoded(encodePush(push, WITH_FIELDS)), { push }, name);
      if (encodePush(push, WITH_FIELDS).length > bare.length) removed++;
    }
  }
  assertEquals(removed, 4);
});

Deno.test("encodeReply() in the original dialect's chat message has six fields, whatever it is given", () => {
  const message = { ...MESSAGE, senderAccount: "e01c", recipientAccount: "b0b" };
  const reply = decoded(encodeReply({ name: "messages", payload: { messages: [message], more: false } }));
  assertEquals(reply, { reply: { name: "messages", payload: { messages: [MESSAGE], more: false } } });
});

Deno.test("decodeFromServer() ignores fields of a newer server, at any depth", () => {
  const newer = (fields: Record<string, Value>): Value => new Map(Object.entries({ ...fields, newer: 1 }));
  const writer = new ByteWriter();
  encodeValue(
    writer,
    newer({ users: [newer({ name: "bob", unread: 0, online: true })], more: false }),
  );
  assertEquals(decodeFromServer({ type: 106, payload: writer.copy() }), {
    reply: { name: "users", payload: { users: [{ name: "bob", unread: 0, online: true }], more: false } },
  });
});

Deno.test("Shape.read() refuses fields that it does not know unless they are to be ignored", () => {
  const shape = listOf(dictionary({ a: integer }));
  const value = [new Map([["a", 1], ["b", 2]])];
  assertThrows(() => shape.read(value, "payload"), ShapeError, 'the unknown field "b"');
  assertEquals(shape.read(value, "payload", "ignored"), [{ a: 1 }]);
  assertThrows(
    () => shape.read([new Map([["b", 2]])], "payload", "ignored"),
    ShapeError,
    "lacks the field a",
  );
});
