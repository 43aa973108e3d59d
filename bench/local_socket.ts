/**
 * Sockets from another address of this machine, which `Deno.connect` cannot choose.
 *
 * @module
 */

import { connect, type Socket } from "node:net";

/** The parts of a connection that a client needs. */
export type ClientSocket = Pick<Deno.Conn, "read" | "write" | "close">;

/** Connects to a port of 127.0.0.1 from an address, as `127.0.0.2`. */
export async function connectFrom(address: string, port: number): Promise<ClientSocket> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: address, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return new LocalSocket(socket);
}

/** A socket of the system as a connection. */
class LocalSocket implements ClientSocket {
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
      // The bytes are of a buffer that is used again.
      this.socket.write(bytes.slice(), (error) => error ? reject(error) : resolve());
    });
    return bytes.length;
  }

  close(): void {
    this.socket.destroy();
  }

  #note(change: () => void): void {
    change();
    this.#changed?.();
  }
}
