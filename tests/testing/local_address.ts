/**
 * Connections that come from another address of this machine, which `Deno.connect` cannot choose.
 *
 * @module
 */

import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Permission for `connectFrom`: all loopback addresses. */
export const OTHER_ADDRESSES: readonly Deno.PermissionDescriptor[] = [{ name: "net", host: "127.0.0.2" }];

/**
 * Connects to 127.0.0.1 from an address, as `127.0.0.2`.
 *
 * @returns a connection that reads, writes and closes; its other members are missing
 */
export async function connectFrom(address: string, port: number): Promise<Deno.Conn> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: address });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return new LocalConnection(socket) as unknown as Deno.Conn;
}

/**
 * Speaks TLS over such a connection.
 *
 * @param name that the certificate must have
 * @param root certificate by which it is checked, PEM
 */
export async function tlsFrom(connection: Deno.Conn, name: string, root: string): Promise<Deno.Conn> {
  const { socket: below } = connection as unknown as LocalConnection;
  const socket = connectTls({ socket: below, servername: name, ca: root });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return new LocalConnection(socket) as unknown as Deno.Conn;
}

/** See `connectFrom`. */
class LocalConnection implements Disposable {
  #chunks: Uint8Array[] = [];
  #isOver = false;
  #changed: (() => void) | undefined;

  constructor(readonly socket: Socket) {
    socket.on("data", (chunk: Uint8Array) => this.#note(() => this.#chunks.push(chunk)));
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => this.#note(() => this.#isOver = true));
    }
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => this.#changed = resolve);
    }
    const [first = new Uint8Array(0), ...others] = this.#chunks;
    const part = first.subarray(0, into.length);
    into.set(part);
    this.#chunks = part.length < first.length ? [first.subarray(part.length), ...others] : others;
    return part.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.socket.write(bytes, (error) => error ? reject(error) : resolve());
    });
    return bytes.length;
  }

  close(): void {
    this.socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #note(change: () => void): void {
    change();
    this.#changed?.();
  }
}
