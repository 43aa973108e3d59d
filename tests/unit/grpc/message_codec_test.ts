import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../../common/errors.ts";
import { ORIGIN_LENGTH_MAX, ORIGINS_MAX } from "../../../server/core/entry.ts";
import {
  ACCOUNTS_MAX,
  decodeMessage,
  encodeMessage,
  NAME_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from "../../../server/grpc/message_codec.ts";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";

const place = { origin: "node1#5f2a9c01d3b4", seq: 7, stamp: Number.MAX_SAFE_INTEGER, chain: 0xffff_ffff };

const SAMPLES: { readonly [T in PeerMessage["type"]]: Extract<PeerMessage, { type: T }> } = {
  hello: { type: "hello", major: 1, minor: 2, cluster: "chat", node: "node1", wallMs: 3, version: [place] },
  refusal: { type: "refusal", code: "fork", message: "they differ", fork: place },
  entries: {
    type: "entries",
    number: 1,
    lines: new TextEncoder().encode('{"a":"ä"}\n{}'),
    count: 2,
    previous: [place],
  },
  ack: { type: "ack", number: 0, version: [], wallMs: 3 },
  presence: { type: "presence", online: ["a", "b"], offline: ["c"] },
  reserve: { type: "reserve", number: 1, name: "alice", stamp: 5 },
  reserved: { type: "reserved", number: 1, granted: false },
  release: { type: "release", number: 1 },
  heartbeat: { type: "heartbeat", number: 0, wallMs: 3, version: [place] },
  trace: { type: "trace", origin: place.origin, seqs: [1, 7] },
  traced: { type: "traced", origin: place.origin, seqs: [1, 7], places: [place] },
  challenge: { type: "challenge", node: "node1", nonce: Uint8Array.of(1, 2) },
  answer: { type: "answer", node: "node2", nonce: Uint8Array.of(3), proof: Uint8Array.of(4, 5) },
  proof: { type: "proof", proof: Uint8Array.of(6) },
};

const CODES = [
  "version",
  "cluster",
  "stranger",
  "clock",
  "fork",
  "order",
  "read-only",
  "closing",
  "key",
] as const;

/** Values that are invalid in every field. */
const NEVER = [undefined, null, -1, 0.5, 2 ** 53, Infinity, NaN, {}, () => 0, Symbol("symbol")];

Deno.test("decodeMessage() gives what encodeMessage() took, for every type", () => {
  for (const message of Object.values(SAMPLES)) assertEquals(decodeMessage(encodeMessage(message)), message);
  const { fork: _, ...refusal } = SAMPLES.refusal;
  for (const code of CODES) {
    assertEquals(decodeMessage(encodeMessage({ ...refusal, code })), { ...refusal, code });
  }
  console.log(`${Object.keys(SAMPLES).length} types, ${CODES.length} codes`);
});

Deno.test("decodeMessage() skips what a newer minor version says", () => {
  assertEquals(decodeMessage({}), undefined);
  assertEquals(decodeMessage({ message: "greeting", greeting: {} }), undefined);
  const { message } = SAMPLES.refusal;
  const newer = { refusal: { code: 99, message, fork: null, later: true } };
  assertEquals(decodeMessage(newer), { type: "refusal", code: "closing", message });
});

Deno.test("decodeMessage() refuses every field that is missing, of another type or out of bounds", () => {
  let checked = 0;
  for (const { type, ...fields } of Object.values(SAMPLES)) {
    for (const name of Object.keys(fields)) {
      // A refusal may lack its fork, and its code may be a newer one; a 1.0 node tells its clock in its hello only.
      if (name === "fork" || name === "code" || (name === "wallMs" && type !== "hello")) continue;
      for (const value of NEVER) {
        const wire = { [type]: { ...fields, [name]: value } };
        assertThrows(() => decodeMessage(wire), ProtocolError, `PeerMessage.${type}.${name} is`);
        checked++;
      }
    }
  }
  console.log(`${checked} wrong fields refused`);
});

Deno.test("decodeMessage() refuses lists and texts that are too long, and wrong items of lists", () => {
  const { hello, presence, refusal } = SAMPLES;
  const wrong: PeerMessage[] = [
    { ...hello, version: Array(ORIGINS_MAX + 1).fill(place) },
    { ...hello, version: [{ ...place, seq: -1 }] },
    { ...hello, version: [{ ...place, origin: "a".repeat(ORIGIN_LENGTH_MAX + 1) }] },
    { ...hello, node: "a".repeat(NAME_LENGTH_MAX + 1) },
    { ...presence, online: Array(ACCOUNTS_MAX + 1).fill("a") },
    { ...presence, offline: ["a".repeat(NAME_LENGTH_MAX + 1)] },
    { ...refusal, message: "a".repeat(TEXT_LENGTH_MAX + 1) },
    { ...refusal, fork: { ...place, stamp: 0.5 } },
  ];
  for (const message of wrong) {
    assertThrows(() => decodeMessage(encodeMessage(message)), ProtocolError, "must be");
  }
  const right: PeerMessage[] = [
    { ...hello, version: Array(ORIGINS_MAX).fill(place), node: "a".repeat(NAME_LENGTH_MAX) },
    { ...presence, online: Array(ACCOUNTS_MAX).fill("a") },
  ];
  for (const message of right) assertEquals(decodeMessage(encodeMessage(message)), message);
});

Deno.test("decodeMessage() gives a message, nothing or a ProtocolError for anything at all", () => {
  const types = fc.constantFrom(...Object.keys(SAMPLES));
  const fields = fc.dictionary(fc.constantFrom("number", "name", "version", "lines", "count"), fc.anything());
  const anything = fc.oneof(fc.anything(), fc.dictionary(types, fc.oneof(fields, fc.anything())));
  let refused = 0;
  fc.assert(
    fc.property(anything, (wire) => {
      try {
        decodeMessage(wire);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        refused++;
      }
    }),
    { numRuns: 2_000 },
  );
  console.log(`2000 values, ${refused} refused`);
});
