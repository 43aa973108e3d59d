import { assertEquals } from "@std/assert";
import { NodeConnection } from "../../../client/link/node_connection.ts";
import type { Stream, Transport } from "../../../client/link/transport.ts";
import { encodePush, encodeReply } from "../../../common/protocol/codec.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import { encodeFrame } from "../../../common/wire/frame.ts";
import { encodeValue } from "../../../common/wire/value.ts";

const WELCOME = encodeReply({
  name: "welcome",
  payload: { version: 2, server: "s", node: "node1", cluster: "c", nodes: [], limits: new Map() },
});

/** A node that says these bytes, and then nothing. */
function saying(...parts: readonly Uint8Array[]): Transport {
  const left = [...parts];
  const { promise: ended, resolve: end } = Promise.withResolvers<null>();
  const stream: Stream = {
    read: () => left.length > 0 ? Promise.resolve(left.shift() ?? null) : ended,
    write: () => Promise.resolve(),
    close: () => end(null),
  };
  return {
    program: "test",
    open: () => Promise.resolve(stream),
    placeOf: () => undefined,
    reasonOf: String,
  };
}

Deno.test("NodeConnection ignores pushes of types that it does not know, and goes on with those that it does", async () => {
  const later = encodeFrame(250, (writer) => encodeValue(writer, new Map([["anything", [1, null, true]]])));
  const known: Push = { name: "status", payload: { ids: ["a"], status: "read", by: "bob" } };
  const heard: Push[] = [];
  const place = { host: "h", port: 1 };
  const transport = saying(WELCOME, later, encodeFrame(2 ** 40), encodePush(known), later);
  const { connection } = await NodeConnection.open(place, transport, (push) => heard.push(push));
  let end: string | undefined;
  void connection.closed.then((reason) => end = reason);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assertEquals([heard, end], [[known], undefined]);
  connection.close("the test is over");
  await connection.closed;
});

Deno.test("NodeConnection leaves a node that sends a reply of a type that it does not know", async () => {
  const place = { host: "h", port: 1 };
  const { connection } = await NodeConnection.open(place, saying(WELCOME, encodeFrame(150)), () => {});
  assertEquals(await connection.closed, "ProtocolError: the server sent a frame of the unknown type 150");
});
