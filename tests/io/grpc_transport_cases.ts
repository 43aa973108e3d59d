/**
 * Streams between nodes over real gRPC; grpc_test.ts runs the tests.
 *
 * @module
 */

import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { FLUSH_MS } from "../../server/grpc/call_link.ts";
import { GrpcNetwork } from "../../server/grpc/grpc_network.ts";
import { STREAMS_MAX } from "../../server/grpc/incoming_connections.ts";
import { NAME_LENGTH_MAX } from "../../server/grpc/message_codec.ts";
import { MESSAGE_BYTES_MAX } from "../../server/grpc/replication_service.ts";
import type { EntriesMessage, PeerMessage } from "../../server/ports/peer_message.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { RecordingStream, TwoNodes } from "./grpc_harness.ts";
import { CutOff, SilentListener } from "./grpc_sockets.ts";

const BATCHES = 200;
const BATCH_BYTES = 500 * 1_024;
const SEVERAL = 200;
/** Limit for things that happen at once, on a busy machine, ms. */
const AT_ONCE_MS = 10_000;

const version = [{ origin: "node1#5f2a9c01d3b4", seq: 7, stamp: 1_790_000_000_000_000, chain: 0xba6bd213 }];

function reserve(number: number): PeerMessage {
  return { type: "reserve", number, name: `ä${number}`, stamp: Number.MAX_SAFE_INTEGER };
}

function entries(number: number): EntriesMessage {
  return {
    type: "entries",
    number,
    lines: new TextEncoder().encode(`${number}`.padEnd(BATCH_BYTES, "ab cd ")),
    count: 1,
    previous: version,
  };
}

processTest("GrpcNetwork.dial() carries messages both ways, in order", async () => {
  await using nodes = await TwoNodes.start();
  const { link, stream } = nodes.dial();
  const sent = Array.from({ length: SEVERAL }, (_, number) => reserve(number));
  for (const message of sent) link.send(message);
  await eventually("a stream is taken", () => nodes.taken.length === 1);
  const [taken] = nodes.taken;
  assert(taken !== undefined);
  const answers: PeerMessage[] = [
    { type: "hello", major: 1, minor: 0, cluster: "chat", node: "node2", wallMs: 1_790_000_000_000, version },
    ...sent,
    {
      type: "refusal",
      code: "read-only",
      message: "the disk is full",
      fork: { origin: "a#1", seq: 1, stamp: 2, chain: 3 },
    },
  ];
  for (const message of answers) taken.link.send(message);
  await eventually(
    "all is there",
    () => taken.stream.messages.length === sent.length && stream.messages.length === answers.length,
  );
  assertEquals(taken.stream.messages, sent);
  assertEquals(stream.messages, answers);
  assertEquals([link.provenName, taken.link.provenName], [undefined, undefined]);
});

processTest("PeerLink.send() loses nothing of what the other end cannot take yet", async () => {
  await using nodes = await TwoNodes.start();
  const { near, far } = await nodes.connect();
  for (let number = 1; number <= BATCHES; number++) {
    near.link.send(entries(number));
    far.link.send(entries(number));
  }
  let bytes = 0;
  for (const { stream } of [near, far]) {
    await eventually("all is there", () => stream.messages.length === BATCHES);
    stream.messages.forEach((message, index) => {
      assertEquals(message, entries(index + 1));
      bytes += BATCH_BYTES;
    });
  }
  console.log(`${2 * BATCHES} messages, ${bytes} bytes compared`);
});

processTest("PeerLink.close() of the source sends what is queued and ends both ends once", async () => {
  await using nodes = await TwoNodes.start();
  const { near, far } = await nodes.connect();
  for (let number = 1; number <= 20; number++) near.link.send(entries(number));
  near.link.close();
  near.link.send(reserve(1));
  near.link.close();
  assertEquals(near.stream.reasons, []);
  assertEquals(await near.stream.end(), "this node has closed the stream");
  assertEquals(await far.stream.end(), "the other end has closed the stream, or is gone");
  assertEquals(far.stream.messages.length, 20);
  await nodes.stopTarget();
  assertEquals([near, far].map(({ stream }) => [stream.reasons.length, stream.late]), [[1, 0], [1, 0]]);
});

processTest("PeerLink.close() of the target sends what is queued and ends both ends once", async () => {
  await using nodes = await TwoNodes.start();
  const { near, far } = await nodes.connect();
  for (let number = 1; number <= 20; number++) far.link.send(entries(number));
  far.link.close();
  far.link.send(reserve(1));
  assertEquals(await near.stream.end(), "the other end has closed the stream");
  assertEquals(await far.stream.end(), "this node has closed the stream");
  assertEquals(near.stream.messages.length, 20);
  near.link.close();
  near.link.send(reserve(1));
  await nodes.stopTarget();
  assertEquals([near, far].map(({ stream }) => [stream.reasons.length, stream.late]), [[1, 0], [1, 0]]);
});

processTest("GrpcListener.accept() may answer and close at once", async () => {
  await using nodes = await TwoNodes.start();
  nodes.onTaken = ({ link }) => {
    link.send({ type: "refusal", code: "closing", message: "about to stop" });
    link.close();
  };
  const { stream } = nodes.dial();
  await stream.end();
  assertEquals(stream.messages, [{ type: "refusal", code: "closing", message: "about to stop" }]);
});

processTest(
  "GrpcListener.stop() ends its streams once, sends what is queued, and frees the port",
  async () => {
    await using nodes = await TwoNodes.start();
    const ends = [await nodes.connect(), await nodes.connect()];
    for (const { far } of ends) far.link.send(entries(1));
    const { port } = nodes;
    await nodes.stopTarget();
    for (const { near, far } of ends) {
      assertEquals([await near.stream.end(), await far.stream.end()], [
        "the other end has closed the stream",
        "this node has closed the stream",
      ]);
      assertEquals(near.stream.messages, [entries(1)]);
      assertEquals([near.stream.reasons.length, far.stream.reasons.length], [1, 1]);
    }
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  },
);

processTest("GrpcNetwork.dial() fails at once where nobody listens, after it has returned", async () => {
  await using nodes = await TwoNodes.start();
  await nodes.stopTarget();
  for (let attempt = 0; attempt < 3; attempt++) {
    const startMs = performance.now();
    const { link, stream } = nodes.dial();
    assertEquals(stream.reasons, []);
    link.send(reserve(1));
    const reason = await stream.end();
    assertLess(performance.now() - startMs, AT_ONCE_MS);
    assertMatch(reason, /^nothing listens on 127\.0\.0\.1:\d+$/);
    assertEquals([stream.reasons.length, stream.messages.length], [1, 0]);
  }
});

processTest("GrpcNetwork.dial() says that an address cannot be read", async () => {
  const network = new GrpcNetwork(undefined);
  const stream = new RecordingStream();
  network.dial({ name: "node2", host: "::1::", port: 1 }, stream);
  assertEquals(stream.reasons, []);
  assertMatch(await stream.end(), /^Name resolution failed [^;]*$/);
  await network.stop();
});

processTest("PeerLink.close() leaves no connection to a node that accepts it and says nothing", async () => {
  await using silent = new SilentListener();
  const network = new GrpcNetwork(undefined);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const stream = new RecordingStream();
    const link = network.dial({ name: "node2", host: "127.0.0.1", port: silent.port }, stream);
    link.send(reserve(1));
    await eventually("it is connected", () => silent.accepted === attempt);
    link.close();
    assertEquals(await stream.end(), "this node has closed the stream");
  }
  await eventually("the connections are gone", () => silent.ended === 3);
  await new Promise((resolve) => setTimeout(resolve, FLUSH_MS + 500));
  assertEquals(silent.accepted, 3, "something connected again behind our back");
});

processTest("PeerStream.closed() is called once at both ends when the connection is cut", async () => {
  await using nodes = await TwoNodes.start();
  await using between = new CutOff(nodes.port);
  const near = new RecordingStream();
  const link = nodes.network.dial({ name: "node2", host: "127.0.0.1", port: between.port }, near);
  link.send(reserve(1));
  await eventually("the stream is taken", () => nodes.taken[0]?.stream.messages.length === 1);
  nodes.taken[0]?.link.send({ type: "heartbeat", number: 0, version: [] });
  await eventually("the stream has worked", () => near.messages.length === 1);
  between.cut();
  const far = nodes.taken[0]?.stream;
  assertEquals(await near.end(), "the connection broke");
  assertEquals(await far?.end(), "the other end has closed the stream, or is gone");
  link.send(reserve(2));
  link.close();
  await nodes.stopTarget();
  assertEquals([near.reasons.length, far?.reasons.length], [1, 1]);
});

processTest("PeerStream.closed() says what the other end did not keep to", async () => {
  await using nodes = await TwoNodes.start();
  const wrong = await nodes.connect();
  wrong.near.link.send({ type: "reserve", number: 1, name: "a".repeat(NAME_LENGTH_MAX + 1), stamp: 1 });
  wrong.near.link.send(reserve(1));
  assertStringIncludes(await wrong.far.stream.end(), "PeerMessage.reserve.name is");
  assertEquals(await wrong.near.stream.end(), "the other end has closed the stream");
  const long = await nodes.connect();
  long.near.link.send({ ...entries(1), lines: new Uint8Array(MESSAGE_BYTES_MAX) });
  assertMatch(await long.near.stream.end(), /gRPC status RESOURCE_EXHAUSTED/);
  await long.far.stream.end();
  assertEquals([wrong, long].map(({ far }) => far.stream.messages.length), [0, 0]);
});

processTest("GrpcListener refuses one stream too many, and takes it when there is room", async () => {
  await using nodes = await TwoNodes.start();
  const streams = [];
  for (let count = 0; count < STREAMS_MAX; count++) streams.push(await nodes.connect());
  assertStringIncludes(await nodes.dial().stream.end(), `the limit is ${STREAMS_MAX}`);
  assertEquals(nodes.warnings.length, 1);
  assertEquals(nodes.warnings[0]?.["event"], "peerRefused");
  assertEquals(nodes.taken.length, STREAMS_MAX);
  streams[0]?.near.link.close();
  await streams[0]?.far.stream.end();
  await nodes.connect();
});

processTest("GrpcListener.listenAgain() keeps the streams, and takes others at the same port", async () => {
  await using nodes = await TwoNodes.start();
  const first = nodes.dial();
  first.link.send(reserve(1));
  await eventually("a stream is taken", () => nodes.taken.length === 1);
  const { port } = nodes;
  for (let times = 1; times <= 3; times++) await nodes.listener.listenAgain();
  assertEquals(nodes.port, port);
  first.link.send(reserve(2));
  nodes.dial().link.send(reserve(3));
  await eventually(
    "both are heard",
    () => nodes.taken.length === 2 && nodes.taken[0]?.stream.messages.length === 2,
  );
  assertEquals(nodes.taken.map(({ stream }) => stream.reasons), [[], []]);
});
