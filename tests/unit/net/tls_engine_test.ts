import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { createSecureContext } from "node:tls";
import { makeAuthorityCertificate, makeKey } from "../../../server/certificates/certificate_issuer.ts";
import { engineWorks, TlsEngine } from "../../../server/net/tls_engine.ts";

const key = await makeKey();
const cert = await makeAuthorityCertificate("test", key, Date.now());
const NOTHING = new Uint8Array(0);

/** Both ends of a connection before the first byte. */
function pair(): [server: TlsEngine, client: TlsEngine] {
  const secureContext = createSecureContext({ cert, key });
  return [new TlsEngine({ isServer: true, secureContext }), new TlsEngine({ rejectUnauthorized: false })];
}

/** Both ends after the handshake, which takes pieces of that length. */
function connected(pieceBytes = 1 << 16): [server: TlsEngine, client: TlsEngine] {
  const [server, client] = pair();
  for (;;) {
    const [up, down] = [client.take(), server.take()];
    if (up === undefined && down === undefined) break;
    for (const piece of pieces(up, pieceBytes)) server.receive(piece, NOTHING);
    for (const piece of pieces(down, pieceBytes)) client.receive(piece, NOTHING);
  }
  assert(server.established && client.established);
  return [server, client];
}

function* pieces(bytes: Uint8Array | undefined, length: number): Generator<Uint8Array> {
  if (bytes === undefined) return;
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}

function test(name: string, run: () => void | Promise<void>): void {
  // The streams around an engine end in a later task.
  Deno.test(name, async () => {
    await run();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

test("engineWorks() is true for a certificate with its key, and false for anything else", async () => {
  assertEquals(engineWorks({ cert, key }), true);
  assertEquals(engineWorks({ cert, key: await makeKey() }), false);
  assertEquals(engineWorks({ cert: "no certificate", key }), false);
});

for (const length of [1, 2, 5, 100, 1_000]) {
  test(`receive() takes a handshake in pieces of ${length} bytes`, () => {
    const [server, client] = connected(length);
    const clear = crypto.getRandomValues(new Uint8Array(40_000));
    const got = new Uint8Array(clear.length);
    let count = 0;
    client.write(clear);
    for (const piece of pieces(client.take(), length)) count += server.receive(piece, got.subarray(count));
    assertEquals(count, clear.length);
    assertEquals(got, clear);
    server.destroy();
    client.destroy();
  });
}

test("read() gives the bytes that found no room, in order", () => {
  const [server, client] = connected();
  const clear = Uint8Array.from({ length: 60_000 }, (_, i) => i * 7919 >> 8);
  client.write(clear.subarray(0, 30_000));
  client.write(clear.subarray(30_000));
  const got = new Uint8Array(clear.length);
  let count = server.receive(client.take() ?? NOTHING, got.subarray(0, 7));
  assertEquals(count, 7);
  for (let more = 1; more > 0; count += more) more = server.read(got.subarray(count, count + 1_000));
  assertEquals(count, clear.length);
  assertEquals(got, clear);
  server.destroy();
  client.destroy();
});

test("end() is known to the other end, behind all bytes", () => {
  const [server, client] = connected();
  client.write(Uint8Array.of(1, 2, 3));
  client.end();
  const buffer = new Uint8Array(10);
  assertEquals(server.receive(client.take() ?? NOTHING, buffer), 3);
  assertEquals([server.ended, client.ended], [true, false]);
  server.write(Uint8Array.of(4));
  server.end();
  assertEquals(client.receive(server.take() ?? NOTHING, buffer), 1);
  assertEquals(client.ended, true);
  server.destroy();
  client.destroy();
});

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** A record of the handshake that begins a ClientHello of 16 MiB. */
const ENDLESS = Uint8Array.of(22, 3, 1, 64, 0, 1, 255, 255, 255, ...new Uint8Array(16_380));

for (
  const [name, bytes] of [
    ["HTTP", text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
    ["zeros", new Uint8Array(100)],
    ["a record of a version that does not exist", Uint8Array.of(22, 9, 9, 0, 5, 1, 0, 0, 1, 0)],
  ] as const
) {
  test(`receive() refuses ${name}, with an alert for the other end`, () => {
    const [server, client] = pair();
    assertThrows(() => {
      for (let round = 0; round < 100; round++) server.receive(bytes, NOTHING);
    }, Error);
    assertEquals(server.take()?.[0], 21);
    server.destroy();
    client.destroy();
  });
}

test("receive() refuses a ClientHello without end", () => {
  const [server, client] = pair();
  let records = 0;
  assertThrows(() => {
    for (; records < 100; records++) server.receive(ENDLESS, NOTHING);
  }, Error);
  assertLess(records, 5);
  server.destroy();
  client.destroy();
});

test("receive() refuses a record that was changed on its way", () => {
  const [server, client] = connected();
  client.write(Uint8Array.of(1));
  const encrypted = (client.take() ?? NOTHING).slice();
  encrypted[encrypted.length - 1] = (encrypted.at(-1) ?? 0) ^ 1;
  assertThrows(() => server.receive(encrypted, new Uint8Array(10)), Error);
  server.destroy();
  client.destroy();
});

/** Engines of the following test. */
const ENGINES = 200;

const { gc } = globalThis as { gc?: () => void };

Deno.test({
  name: `destroy() leaves nothing of an engine in memory${gc ? "" : " (ignored: needs --expose-gc)"}`,
  ignore: gc === undefined,
  fn: async () => {
    const left: WeakRef<TlsEngine>[] = [];
    for (let count = 0; count < ENGINES / 2; count++) {
      for (const engine of connected()) {
        engine.destroy();
        left.push(new WeakRef(engine));
      }
    }
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc?.();
    }
    const gone = left.filter((reference) => reference.deref() === undefined).length;
    assertGreater(gone, ENGINES * 0.9);
  },
});
