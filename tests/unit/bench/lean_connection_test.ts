import { assertEquals } from "@std/assert";
import { LeanConnection } from "../../../bench/lean_connection.ts";
import { encodeRequest } from "../../../common/protocol/codec.ts";
import { FakeSocket, settled } from "./fake_socket.ts";

const PING = encodeRequest({ name: "ping", payload: null }, "confirmed");

Deno.test("LeanConnection writes everything of one task at once", async () => {
  const socket = new FakeSocket();
  const connection = new LeanConnection(socket);
  for (let i = 0; i < 3; i++) connection.send(PING);
  assertEquals(socket.writes.length, 0);
  await settled();
  assertEquals(socket.writes.map(({ length }) => length), [3 * PING.length]);
});

Deno.test("release() writes up to the mark and keeps the rest back, however long", async () => {
  const socket = new FakeSocket();
  let departures = 0;
  const connection = new LeanConnection(socket, () => departures++);
  const bytes = (count: number, value: number): Uint8Array => new Uint8Array(count).fill(value);
  connection.send(bytes(10, 1));
  const first = connection.mark();
  connection.send(bytes(200_000, 2));
  connection.send(bytes(5, 3));
  assertEquals(departures, 2);
  connection.release(first);
  await settled();
  assertEquals(socket.written, bytes(10, 1));
  connection.release(connection.mark());
  await settled();
  assertEquals(socket.writes.slice(1).map(({ length }) => length), [200_005]);
  assertEquals(socket.written.subarray(-6), new Uint8Array([2, 3, 3, 3, 3, 3]));
});

Deno.test("read() hands out whole frames, also those that come in pieces", async () => {
  const socket = new FakeSocket();
  const connection = new LeanConnection(socket);
  const frames: number[] = [];
  connection.onFrame = (_, start, end) => frames.push(end - start);
  void connection.read();
  socket.feed(PING, PING, PING.subarray(0, 3));
  await settled();
  assertEquals(frames, [PING.length, PING.length]);
  socket.feed(PING.subarray(3));
  await settled();
  assertEquals(frames, [PING.length, PING.length, PING.length]);
});
