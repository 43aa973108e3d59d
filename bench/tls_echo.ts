/**
 * Echo over TLS: with the server's own sockets, or, with `runtime` as first argument, with those of
 * `Deno.listenTls`. Further arguments: the files of certificate and key.
 *
 * @module
 */

import { openDoor } from "../server/net/door.ts";
import { RuntimeTlsSocket } from "../server/net/runtime_tls_socket.ts";
import type { Socket } from "../server/net/socket.ts";

const BUFFER_BYTES = 4_096;

const LOGGER = {
  debug: () => {},
  info: () => {},
  error: () => {},
  // A fallback of the server's own sockets would be measured against itself.
  warn: (event: string) => {
    throw new Error(event);
  },
};

async function echo(socket: Socket): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  await socket.handshake?.();
  for (let count = await socket.read(buffer); count !== null; count = await socket.read(buffer)) {
    for (let sent = 0; sent < count;) sent += await socket.write(buffer.subarray(sent, count));
  }
  socket.close();
}

async function serve(kind: string, certFile: string, keyFile: string): Promise<void> {
  const place = { hostname: "127.0.0.1", port: 0 };
  const tls = { cert: await Deno.readTextFile(certFile), key: await Deno.readTextFile(keyFile) };
  const enter = (socket: Socket): void => void echo(socket).catch(() => {});
  if (kind === "runtime") {
    const listener = Deno.listenTls({ ...place, ...tls });
    console.log(`the echo listens on 127.0.0.1:${listener.addr.port}`);
    for (;;) enter(new RuntimeTlsSocket(await listener.accept()));
  }
  const door = openDoor({ ...place, tls }, LOGGER);
  console.log(`the echo listens on 127.0.0.1:${door.port}`);
  for (;;) await door.accept(enter);
}

if (import.meta.main) await serve(Deno.args[0] ?? "", Deno.args[1] ?? "", Deno.args[2] ?? "");
