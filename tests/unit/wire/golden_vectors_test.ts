import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import {
  decodeRequest,
  encodeOriginalReply,
  encodeRequest,
  requestName,
} from "../../../common/protocol/codec.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { decodePayload } from "../../../common/wire/decode.ts";
import { type Frame, FrameReader } from "../../../common/wire/frame.ts";
import {
  encodeValue,
  Float,
  TaggedMessage,
  type Value,
  type ValueBounds,
} from "../../../common/wire/value.ts";
import vectors from "../../testdata/wire_vectors.json" with { type: "json" };
import { fromHex, toHex } from "../../testing/hexadecimal.ts";
import { decodeOriginalReply } from "../../testing/protocol_frames.ts";

const BOUNDS: ValueBounds = { depth: 16, items: 4_096, keys: 64, tagMax: 0x05 };

/** The value of a vector's JSON: integers stay exact, and only `float` fields are floats. */
function valueOf(type: string, json: string): Value {
  if (type === "int") {
    const exact = BigInt(json);
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  }
  if (type === "float") return new Float(Number(json));
  const value = fromJson(JSON.parse(json));
  return type === "Chatmsg" ? new TaggedMessage(value as ReadonlyMap<string, Value>) : value;
}

function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json as Value;
  const entries = Object.entries(json).map(([key, each]): [string, Value] => [
    key,
    key === "timestamp" ? new Float(each) : fromJson(each),
  ]);
  return new Map(entries);
}

Deno.test("encodeValue() writes every golden value byte for byte", () => {
  for (const { value_type, json, hex } of vectors.values) {
    const writer = new ByteWriter(1);
    encodeValue(writer, valueOf(value_type, json));
    assertEquals(toHex(writer.copy()), hex, json);
  }
  assertGreaterOrEqual(vectors.values.length, 28);
  console.log(`${vectors.values.length} golden values encoded`);
});

Deno.test("decodePayload() reads every golden value", () => {
  for (const { value_type, json, hex } of vectors.values) {
    assertEquals(decodePayload(fromHex(hex), BOUNDS), valueOf(value_type, json), json);
  }
});

/** A golden frame, decoded by its table and encoded again. */
function decodedAndEncoded(frame: Frame): { decoded: unknown; encoded: Uint8Array } {
  if (frame.type >= 100) {
    const reply = decodeOriginalReply(frame);
    return { decoded: reply, encoded: encodeOriginalReply(reply) };
  }
  const name = requestName(frame.type, "original");
  if (name === undefined) throw new Error(`no request has the type ${frame.type}`);
  const request = decodeRequest(name, frame.payload, "original", BOUNDS);
  return { decoded: request, encoded: encodeRequest(request, "original") };
}

/** The frames in a stream of chunks; each is used before the next is read. */
function framesOf<T>(chunks: readonly Uint8Array[], use: (frame: Frame) => T): T[] {
  const reader = new FrameReader(1 << 20);
  const used: T[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) used.push(use(frame));
  }
  assertEquals(reader.pendingBytes, 0);
  return used;
}

for (const [i, { name, type, hex }] of vectors.frames.entries()) {
  Deno.test(`the golden frame ${name} goes four ways`, () => {
    const bytes = fromHex(hex);
    const [whole] = framesOf([bytes], (frame) => ({ type: frame.type, ...decodedAndEncoded(frame) }));
    assertEquals(whole?.type, type);
    assertEquals(toHex(whole?.encoded ?? new Uint8Array()), hex, "encoded");

    const byBytes = framesOf([...bytes].map((byte) => Uint8Array.of(byte)), decodedAndEncoded);
    assertEquals(byBytes.map((each) => each.decoded), [whole?.decoded], "byte by byte");

    const behind = vectors.frames[(i + 1) % vectors.frames.length]?.hex ?? "";
    const both = framesOf([fromHex(hex + behind)], (frame) => toHex(decodedAndEncoded(frame).encoded));
    assertEquals(both, [hex, behind], "with the next frame behind");
  });
}

Deno.test("the golden frames mean what the specification says", () => {
  const meant = vectors.frames.map(({ hex }) => framesOf([fromHex(hex)], decodedAndEncoded)[0]?.decoded);
  assertEquals(meant.slice(0, 8), [
    { name: "startLogin", payload: { name: "alice" } },
    { name: "finishLogin", payload: { password: "pässwörd" } },
    { name: "sendMessage", payload: { to: "bob", content: "hey" } },
    { name: "readMessages", payload: { with: "eric" } },
    { name: "listMessages", payload: { with: "bob" } },
    { name: "listUsers", payload: {} },
    { name: "deleteMessages", payload: { ids: ["3f2b9a60-0000-4000-8000-000000000001"] } },
    { name: "deleteAccount", payload: { password: "" } },
  ]);
  assertEquals(meant.slice(10, 11), [{ name: "loginSuccess", payload: ["alice", "bob"] }]);
  assertEquals(meant.slice(13), [{ name: "users", payload: new Map([["eric", 0], ["bob", 2]]) }]);
});
