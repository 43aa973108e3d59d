import { assertEquals, assertNotEquals } from "@std/assert";
import { decodeFromServer } from "../../../common/protocol/client_codec.ts";
import {
  decodeRequest,
  encodePush,
  encodeReply,
  encodeRequest,
  requestName,
} from "../../../common/protocol/codec.ts";
import { FEATURES, featureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import { type Frame, FrameReader } from "../../../common/wire/frame.ts";
import vectors from "../../testdata/feature_vectors.json" with { type: "json" };
import { fromHex, toHex } from "../../testing/hexadecimal.ts";

const BOUNDS = { depth: 16, items: 4_096, keys: 64, tagMax: 0x07 };

/** A frame, decoded by its table, and encoded again for a session with all features and for one without. */
function decodedAndEncoded(frame: Frame): { decoded: unknown; whole: string; plain: string } {
  if (frame.type < 100) {
    const name = requestName(frame.type, "confirmed");
    if (name === undefined) throw new Error(`no request has the type ${frame.type}`);
    const request = decodeRequest(name, frame.payload, "confirmed", BOUNDS);
    const whole = toHex(encodeRequest(request, "confirmed"));
    return { decoded: request, whole, plain: whole };
  }
  const decoded = decodeFromServer(frame);
  const [whole = "", plain = ""] = [featureSet(FEATURES), NO_FEATURES].map((features) =>
    toHex("push" in decoded ? encodePush(decoded.push, features) : encodeReply(decoded.reply, features))
  );
  return { decoded, whole, plain };
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

for (const [i, { name, type, hex, plain }] of vectors.frames.entries()) {
  Deno.test(`the frame ${name} of the features goes four ways, and bare of them to others`, () => {
    const bytes = fromHex(hex);
    const [first] = framesOf([bytes], (frame) => ({ type: frame.type, ...decodedAndEncoded(frame) }));
    assertEquals(first?.type, type);
    assertEquals(first?.whole, hex, "encoded");
    assertEquals(first?.plain, plain, "encoded for a session without features");

    const byBytes = framesOf([...bytes].map((byte) => Uint8Array.of(byte)), decodedAndEncoded);
    assertEquals(byBytes.map((each) => each.decoded), [first?.decoded], "byte by byte");

    const behind = vectors.frames[(i + 1) % vectors.frames.length]?.hex ?? "";
    const both = framesOf([fromHex(hex + behind)], (frame) => decodedAndEncoded(frame).whole);
    assertEquals(both, [hex, behind], "with the next frame behind");
  });
}

Deno.test("the frames of the features mean what the specification says", () => {
  const decoded = new Map(vectors.frames.map(({ name, hex }) => {
    const [frame] = framesOf([fromHex(hex)], decodedAndEncoded);
    return [name, frame?.decoded];
  }));
  assertEquals(decoded.get("FEATURES"), {
    name: "useFeatures",
    payload: { use: ["account-ids", "cluster-state"] },
  });
  assertEquals(decoded.get("SEARCH"), { name: "search", payload: { words: "crème 東京" } });
  assertEquals(decoded.get("WATCH of nobody"), { name: "watchPeople", payload: null });
  assertEquals(decoded.get("WATCH of a range and names"), {
    name: "watchPeople",
    payload: { people: { match: "a*", after: "ab", limit: 500 }, names: ["bob", "carol"] },
  });
  assertEquals(decoded.get("BLOCK of nobody any more"), {
    name: "blockPerson",
    payload: { user: "bob~node2", blocked: false },
  });
  assertEquals(decoded.get("BLOCKED"), {
    reply: { name: "blocked", payload: { names: ["bob", "carol"], more: true } },
  });
  assertEquals(decoded.get("ERROR not-accepted"), {
    reply: { name: "error", payload: { code: "not-accepted", message: "no" } },
  });
  const bob = { name: "bob", account: "b0b00000000000000bbb" };
  assertEquals(decoded.get("PERSON renamed"), {
    push: { name: "person", payload: { ...bob, change: "renamed", to: "bob~node2" } },
  });
  assertEquals(decoded.get("LOGIN_2 with an invitation"), {
    name: "finishLogin",
    payload: { password: "password of ann", invitation: "00112233-44556677-8899aabb-ccddeeff" },
  });
  assertEquals(decoded.get("CLUSTER of a node that is alone"), {
    push: { name: "cluster", payload: { copies: 1, nodes: 3, alone: "nobody is there" } },
  });
  assertEquals(decoded.get("NODES with pages"), {
    push: {
      name: "nodes",
      payload: {
        nodes: [
          { name: "node1", host: "chat1.example.org", port: 5_000, web: "https://chat1.example.org/" },
          { name: "node2", host: "2001:db8::2", port: 5_443 },
        ],
      },
    },
  });
  const marked = vectors.frames.filter(({ hex, plain }) => hex !== plain).map(({ name }) => name);
  assertEquals(marked, [
    "LOGIN_SUCCESS",
    "MESSAGES",
    "USERS",
    "SENT",
    "CHATS",
    "MESSAGE",
    "USER",
    "USER renamed",
    "FOUND",
    "NODES with pages",
    "WELCOME with pages",
    "CLOSING with pages",
  ]);
  assertNotEquals(marked.length, vectors.frames.length);
});
