import { assertEquals, assertThrows } from "@std/assert";
import { AssertionError, ProtocolError } from "../../../common/errors.ts";
import { decodeFromServer, encodeForServer } from "../../../common/protocol/client_codec.ts";
import {
  decodeRequest,
  encodeOriginalReply,
  encodePush,
  encodeReply,
  encodeRequest,
  requestName,
  TAG_MAX,
} from "../../../common/protocol/codec.ts";
import { ERROR_CODES, firstReleaseCode } from "../../../common/protocol/error_codes.ts";
import { FEATURES, featureSet } from "../../../common/protocol/features.ts";
import { type Push, PUSHES } from "../../../common/protocol/pushes.ts";
import { ORIGINAL_REPLIES, type OriginalReply } from "../../../common/protocol/original_replies.ts";
import { ORIGINAL_REQUESTS } from "../../../common/protocol/original_requests.ts";
import { CONFIRMED_REPLIES, type ConfirmedReply } from "../../../common/protocol/replies.ts";
import { type Request, type RequestName, REQUESTS } from "../../../common/protocol/requests.ts";
import { type Frame, FrameReader } from "../../../common/wire/frame.ts";
import type { ValueBounds } from "../../../common/wire/value.ts";
import { decodeOriginalReply } from "../../testing/protocol_frames.ts";
import {
  ORIGINAL_REPLY_SAMPLES,
  ORIGINAL_REQUEST_SAMPLES,
  PUSH_SAMPLES,
  REPLY_SAMPLES,
  REQUEST_SAMPLES,
} from "../../testing/protocol_samples.ts";

const BOUNDS: Omit<ValueBounds, "tagMax"> = { depth: 16, items: 4_096, keys: 64 };
const ALL_FEATURES = featureSet(FEATURES);
const NAMES = Object.keys(REQUESTS) as RequestName[];

function frameOf(bytes: Uint8Array): Frame {
  const reader = new FrameReader(1 << 20);
  reader.push(bytes);
  const frame = reader.next();
  if (frame === undefined) throw new Error("no whole frame");
  return frame;
}

function samplesOf(
  samples: Readonly<Record<string, readonly unknown[] | undefined>>,
  name: string,
): readonly unknown[] {
  const found = samples[name] ?? [];
  if (found.length === 0) {
    throw new Error(`the row ${name} has no sample in tests/testing/protocol_samples.ts`);
  }
  return found;
}

Deno.test("encodeRequest(), encodeForServer() and decodeRequest() agree on every row of both dialects", () => {
  let count = 0;
  for (const name of NAMES) {
    for (const dialect of ["original", "confirmed"] as const) {
      if (dialect === "original" && ORIGINAL_REQUESTS[name] === undefined) continue;
      const samples = dialect === "original" ? ORIGINAL_REQUEST_SAMPLES : REQUEST_SAMPLES;
      for (const payload of samplesOf(samples, name)) {
        const request = { name, payload } as Request;
        const bytes = encodeRequest(request, dialect);
        if (dialect === "confirmed") assertEquals(encodeForServer(request), bytes);
        const frame = frameOf(bytes);
        assertEquals(frame.type, REQUESTS[name].type);
        assertEquals(requestName(frame.type, dialect), name);
        const bounds = { ...BOUNDS, tagMax: TAG_MAX[dialect] };
        assertEquals(decodeRequest(name, frame.payload, dialect, bounds), request);
        count++;
      }
    }
  }
  console.log(`${count} requests there and back`);
});

Deno.test("encodeReply() and decodeFromServer() agree on every row", () => {
  for (const name of Object.keys(CONFIRMED_REPLIES)) {
    for (const payload of samplesOf(REPLY_SAMPLES, name)) {
      const reply = { name, payload } as ConfirmedReply;
      assertEquals(decodeFromServer(frameOf(encodeReply(reply, ALL_FEATURES))), { reply });
    }
  }
});

Deno.test("encodeOriginalReply() and decodeOriginalReply() agree on every row", () => {
  for (const name of Object.keys(ORIGINAL_REPLIES)) {
    for (const payload of samplesOf(ORIGINAL_REPLY_SAMPLES, name)) {
      const reply = { name, payload } as OriginalReply;
      assertEquals(decodeOriginalReply(frameOf(encodeOriginalReply(reply))), reply);
    }
  }
});

Deno.test("encodePush() and decodeFromServer() agree on every row", () => {
  for (const name of Object.keys(PUSHES)) {
    for (const payload of samplesOf(PUSH_SAMPLES, name)) {
      const push = { name, payload } as Push;
      assertEquals(decodeFromServer(frameOf(encodePush(push, ALL_FEATURES))), { push });
    }
  }
});

Deno.test("the tables have the numbers of the specification", () => {
  const requests = Object.fromEntries(NAMES.map((name) => [REQUESTS[name].type, name]));
  assertEquals(requests, {
    1: "startLogin",
    2: "finishLogin",
    3: "sendMessage",
    4: "readMessages",
    5: "listMessages",
    6: "listUsers",
    7: "deleteMessages",
    8: "deleteAccount",
    9: "ping",
    10: "hello",
    13: "resume",
    14: "logout",
    15: "confirmDelivery",
    16: "changePassword",
    17: "listChats",
    18: "nodeStatus",
    19: "useFeatures",
    20: "search",
    21: "watchPeople",
    22: "blockPerson",
    23: "listBlocked",
  });
  const original = NAMES.filter((name) => ORIGINAL_REQUESTS[name] !== undefined);
  assertEquals(original.map((name) => REQUESTS[name].type), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const answered = original.filter((name) => ORIGINAL_REQUESTS[name]?.isAnswered);
  assertEquals(answered.map((name) => REQUESTS[name].type), [1, 2, 5, 6]);
  assertEquals(Object.values(ORIGINAL_REPLIES).map((row) => row.type), [100, 101, 102, 103, 104, 105, 106]);
  const replies = Object.values(CONFIRMED_REPLIES).map((row) => row.type);
  assertEquals(replies, [100, 101, 102, 103, 104, 105, 106, 107, 109, 110, 111, 112, 113, 114, 115]);
  assertEquals(Object.values(PUSHES).map((row) => row.type), [200, 201, 202, 203, 204, 205, 206, 207]);
});

Deno.test("requestName() knows HELLO in both dialects and our own requests in the confirmed one only", () => {
  assertEquals(requestName(10, "original"), "hello");
  assertEquals(requestName(10, "confirmed"), "hello");
  const own = NAMES.filter((name) => ORIGINAL_REQUESTS[name] === undefined && name !== "hello");
  for (const name of own) assertEquals(requestName(REQUESTS[name].type, "original"), undefined);
  for (const type of [0, 11, 12, 99, 100, 200, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
    assertEquals(requestName(type, "confirmed"), undefined);
  }
});

Deno.test("encodeRequest() refuses to write what a dialect does not have", () => {
  assertThrows(() => encodeRequest({ name: "logout", payload: null }, "original"), AssertionError, "logout");
});

Deno.test("decodeFromServer() and decodeOriginalReply() refuse types that they do not know", () => {
  const payload = new Uint8Array(0);
  for (const type of [1, 108, 199, 208, 2n ** 60n]) {
    assertThrows(() => decodeFromServer({ type, payload }), ProtocolError, `unknown type ${type}`);
  }
  assertThrows(() => decodeOriginalReply({ type: 107, payload }), ProtocolError, "unknown type 107");
});

Deno.test("decodeFromServer() reads a refusal with a code of a later version as a refusal", () => {
  const refused = { code: "of-a-later-version", message: "wait", retryAfter: 2 };
  const bytes = encodeReply({ name: "error", payload: refused } as unknown as ConfirmedReply);
  const { reply } = decodeFromServer({ type: 100, payload: bytes.slice(12) }) as { reply: ConfirmedReply };
  assertEquals(reply, { name: "error", payload: refused });
});

Deno.test("firstReleaseCode() leaves the codes of version 1.0.0 as they are", () => {
  const changed = ERROR_CODES.filter((code) => firstReleaseCode(code) !== code);
  assertEquals(changed, [
    "disabled",
    "invitation-needed",
    "invitation-invalid",
    "recipient-changed",
    "not-accepted",
    "inbox-full",
    "quota",
  ]);
});

Deno.test("decodeOriginalReply() refuses the values that only the confirmed dialect has", () => {
  const payload = Uint8Array.of(0x06);
  assertThrows(() => decodeOriginalReply({ type: 104, payload }), ProtocolError, "the tag 0x06");
});
