import { assertEquals, assertStringIncludes } from "@std/assert";
import { WAITING_MAX } from "../../server/grpc/doorstep.ts";
import { CONNECTIONS_MAX } from "../../server/grpc/incoming_connections.ts";
import { eventually } from "../testing/eventually.ts";
import { concatenated } from "../testing/concatenated.ts";
import { END_HEADERS, END_STREAM, frame, header, PREFACE } from "../testing/http2_frames.ts";
import { processTest } from "../testing/permissions.ts";
import { TwoNodes } from "./grpc_harness.ts";

/** Streams of one flood. */
const STREAMS = 200;

processTest("GrpcListener bounds connections that say nothing, and stops with them", async () => {
  await using nodes = await TwoNodes.start();
  const silent: Deno.Conn[] = [];
  for (let count = 0; count < WAITING_MAX; count++) {
    silent.push(await Deno.connect({ hostname: "127.0.0.1", port: nodes.port }));
  }
  const another = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
  await untilClosed(silent[0]);
  another.close();
  assertStringIncludes(String(nodes.warnings[0]?.["reason"]), `the oldest of ${WAITING_MAX} connections`);
  await peerHasRoom(nodes);
  await nodes.stopTarget();
  for (const connection of silent) connection.close();
});

processTest(
  "GrpcListener bounds connections that begin and open no stream, and stops with them",
  async () => {
    await using nodes = await TwoNodes.start();
    const begun: Deno.Conn[] = [];
    for (let count = 0; count < CONNECTIONS_MAX; count++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
      begun.push(connection);
      await connection.write(PREFACE);
      // The server speaks once the connection has passed.
      await connection.read(new Uint8Array(1));
    }
    const another = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
    await another.write(PREFACE);
    assertEquals(await another.read(new Uint8Array(1)), 1);
    await untilClosed(begun[0]);
    another.close();
    assertStringIncludes(String(nodes.warnings[0]?.["reason"]), `${CONNECTIONS_MAX} connections`);
    await peerHasRoom(nodes);
    await nodes.stopTarget();
    for (const connection of begun) connection.close();
  },
);

processTest("GrpcListener ends what does not begin as a node does, before anything else", async () => {
  await using nodes = await TwoNodes.start();
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/1.1\r\n\r\n", "\x16\x03\x01"]) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
    await connection.write(new TextEncoder().encode(bytes));
    await untilClosed(connection);
    connection.close();
  }
  assertEquals(nodes.warnings.length, 3);
  assertStringIncludes(String(nodes.warnings[0]?.["reason"]), "did not begin as HTTP/2 does");
  await peerHasRoom(nodes);
});

processTest("GrpcListener takes a connection byte by byte, and after a wait for its turn", async () => {
  await using nodes = await TwoNodes.start();
  const slow = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
  for (const byte of PREFACE) {
    await slow.write(Uint8Array.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assertEquals(await slow.read(new Uint8Array(1)), 1);
  slow.close();
  // More than may pass at once: the others wait, and each gets its turn.
  const many = await Promise.all(
    Array.from({ length: CONNECTIONS_MAX }, () => Deno.connect({ hostname: "127.0.0.1", port: nodes.port })),
  );
  await Promise.all(many.map((connection) => connection.write(PREFACE)));
  const first = await Promise.all(many.map((connection) => connection.read(new Uint8Array(1))));
  assertEquals(first, many.map(() => 1));
  await peerHasRoom(nodes);
  for (const connection of many) connection.close();
});

/** Waits until a stream is taken. */
async function peerHasRoom(nodes: TwoNodes): Promise<void> {
  await eventually("a peer has room", async () => {
    const { link, stream } = nodes.dial();
    link.send({ type: "reserve", number: 1, name: "alice", stamp: 1 });
    await eventually("it is taken or refused", () => nodes.taken.length + stream.reasons.length > 0);
    return nodes.taken.length > 0;
  });
}

/** Waits until the other end closes a connection. */
async function untilClosed(connection: Deno.Conn | undefined): Promise<void> {
  const bytes = new Uint8Array(1_024);
  while ((await connection?.read(bytes).catch(() => null)) ?? 0);
}

processTest(
  "GrpcListener survives floods of streams that nobody can answer, and ends who sends them",
  async () => {
    await using nodes = await TwoNodes.start();
    const call = {
      ":method": "POST",
      ":scheme": "http",
      ":path": "/x/y",
      ":authority": "127.0.0.1",
      "content-type": "application/grpc",
      "te": "trailers",
    };
    for (const fields of [call, { ...call, "content-type": "text/html" }]) {
      const flood = await Deno.connect({ hostname: "127.0.0.1", port: nodes.port });
      // Many in one write, each ended at once: the library answers streams that are over by then.
      const frames = Array.from(
        { length: STREAMS },
        (_, i) => frame("headers", END_HEADERS | END_STREAM, 2 * i + 1, header(fields)),
      );
      await flood.write(concatenated([PREFACE, ...frames])).catch(() => {});
      await untilClosed(flood);
      flood.close();
    }
    await peerHasRoom(nodes);
    console.log(`2 floods of ${STREAMS} streams`);
  },
);
