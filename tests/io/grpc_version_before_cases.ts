import { assertEquals } from "@std/assert";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { ChainedPlace } from "../../server/core/version.ts";
import { decodeMessage, encodeMessage, type WireMessage } from "../../server/grpc/message_codec.ts";
import { ReplicationService } from "../../server/grpc/replication_service.ts";
import type { PeerMessage } from "../../server/ports/peer_message.ts";
import { processTest } from "../testing/permissions.ts";
import { VersionBefore } from "../testing/version_before.ts";

type Method = MethodDefinition<WireMessage, WireMessage>;

/** One side of a stream: its codec and its service. */
interface Side {
  readonly method: Method;
  readonly encode: (message: never) => WireMessage;
  readonly decode: (wire: unknown) => unknown;
}

/** A message of each type; undefined for a type that a side does not know. */
type Samples = { readonly [T in PeerMessage["type"]]: Extract<PeerMessage, { type: T }> };

/** Members that version 1.0 of the protocol lacks. */
interface Later {
  readonly chain: number | undefined;
  readonly wallMs: number | undefined;
  readonly version: readonly ChainedPlace[];
}

const PLACE = { origin: "node1#5f2a9c01d3b4", seq: 7, stamp: Number.MAX_SAFE_INTEGER };
const LINES = new TextEncoder().encode('{"a":"ä"}\n{}');

/** The types of version 1.0. */
const BEFORE = {
  hello: { type: "hello", major: 1, minor: 0, cluster: "chat", node: "node1", wallMs: 3, version: [PLACE] },
  refusal: { type: "refusal", code: "fork", message: "they differ", fork: PLACE },
  entries: { type: "entries", number: 1, lines: LINES, count: 2, previous: [PLACE] },
  ack: { type: "ack", number: 9, version: [PLACE, { ...PLACE, origin: "node2#000000000000" }] },
  presence: { type: "presence", online: ["a", "b"], offline: ["c"] },
  reserve: { type: "reserve", number: 1, name: "alice", stamp: 5 },
  reserved: { type: "reserved", number: 1, granted: true },
  release: { type: "release", number: 1 },
  heartbeat: { type: "heartbeat", number: 4 },
} as const;

/** The same messages in this version, and those that it has beyond. */
function samples({ chain, wallMs, version }: Later): Samples {
  const chained = <Place extends object>(place: Place) => ({ ...place, chain });
  const { hello, refusal, entries, ack, heartbeat } = BEFORE;
  return {
    ...BEFORE,
    hello: { ...hello, version: hello.version.map(chained) },
    refusal: { ...refusal, fork: chained(refusal.fork) },
    entries: { ...entries, previous: entries.previous.map(chained) },
    ack: { ...ack, wallMs, version: ack.version.map(chained) },
    heartbeat: { ...heartbeat, wallMs, version },
    trace: { type: "trace", origin: PLACE.origin, seqs: [1, 2] },
    traced: { type: "traced", origin: PLACE.origin, seqs: [1, 2], places: version },
    challenge: { type: "challenge", node: "node1", nonce: LINES },
    answer: { type: "answer", node: "node2", nonce: LINES, proof: LINES },
    proof: { type: "proof", proof: LINES },
  };
}

/** Reads what the other side has written. */
function pass(from: Side, to: Side, message: unknown): unknown {
  return to.decode(to.method.requestDeserialize(from.method.requestSerialize(from.encode(message as never))));
}

function methodOf(service: unknown): Method {
  return (service as ServiceDefinition)["Replicate"] as Method;
}

processTest("Peers of this version and of the one before read each other's messages", async () => {
  await using before = await VersionBefore.unpack();
  const file = `${before.folder}/proto/replication.proto`;
  const definition = loadSync(file, { longs: Number, enums: String, defaults: true, oneofs: true });
  const codec = await import(`${before.folder}/server/grpc/message_codec.ts`);
  const old: Side = {
    method: methodOf(definition["chat.replication.v1.Replication"]),
    encode: codec.encodeMessage,
    decode: codec.decodeMessage,
  };
  const now: Side = {
    method: methodOf(ReplicationService.service),
    encode: encodeMessage,
    decode: decodeMessage,
  };
  const version = [{ ...PLACE, chain: 4_294_967_295 }];
  const full = samples({ chain: 4_294_967_295, wallMs: 1_800_000_000_000, version });
  const lacking = samples({ chain: undefined, wallMs: undefined, version: [] });
  const messagesBefore: Readonly<Record<string, unknown>> = BEFORE;
  for (const [type, message] of Object.entries(full)) {
    // The version before skips the types that it does not know.
    assertEquals(pass(now, old, message), messagesBefore[type], `${type} from this version`);
    assertEquals(pass(now, now, message), message, type);
  }
  for (const [type, message] of Object.entries(BEFORE)) {
    assertEquals(pass(old, now, message), lacking[type as PeerMessage["type"]], `${type} to this version`);
  }
  console.log(
    `${Object.keys(full).length} types to the version before, ${Object.keys(BEFORE).length} from it`,
  );
});
