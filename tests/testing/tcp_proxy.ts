/**
 * A wire between two programs that a test can cut or turn into a black hole.
 *
 * @module
 */

import { freePort } from "./free_port.ts";

/** A proxy that passes everything on until the test cuts it. */
export class TcpProxy implements AsyncDisposable {
  /** Port of 127.0.0.1 that it listens on. */
  readonly port = freePort();
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.Conn>();
  readonly #tasks = new Set<Promise<void>>();
  #isCut = false;
  /** Resolves when bytes may pass. */
  #open = Promise.resolve();
  #resume: (() => void) | undefined;

  /** @param target port of 127.0.0.1 that it leads to */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.port });
    this.#run(this.#accept());
  }

  /** Passes bytes again, the swallowed ones first. */
  pass(): void {
    this.#isCut = false;
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Destroys every connection, and every new one at once. */
  cut(): void {
    this.pass();
    this.#isCut = true;
    for (const connection of this.#connections) close(connection);
  }

  /** Accepts and keeps connections, and swallows their bytes. */
  blackhole(): void {
    this.pass();
    this.#open = new Promise((resolve) => this.#resume = resolve);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await Promise.all(this.#tasks);
  }

  #run(task: Promise<void>): void {
    const settled = task.catch((error) => {
      if (!isLost(error)) throw error;
    });
    this.#tasks.add(settled);
    void settled.finally(() => this.#tasks.delete(settled));
  }

  async #accept(): Promise<void> {
    for (;;) {
      const connection = await this.#listener.accept();
      if (this.#isCut) connection.close();
      else this.#run(this.#serve(connection));
    }
  }

  async #serve(source: Deno.TcpConn): Promise<void> {
    this.#connections.add(source);
    let target: Deno.TcpConn | undefined;
    try {
      await this.#open;
      target = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#connections.add(target);
      if (this.#isCut) return;
      for (const connection of [source, target]) connection.setNoDelay();
      await Promise.all([this.#copy(source, target), this.#copy(target, source)]);
    } finally {
      for (const connection of [source, target]) {
        if (connection === undefined) continue;
        this.#connections.delete(connection);
        close(connection);
      }
    }
  }

  async #copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
        await this.#open;
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
      }
      await to.closeWrite();
    } catch (error) {
      // The other direction waits for bytes that will not come.
      close(from);
      close(to);
      throw error;
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It has ended already.
  }
}

/** True if the error means that one end of a connection, or the listener, is gone. */
function isLost(error: unknown): boolean {
  const { BadResource, BrokenPipe, ConnectionRefused, ConnectionReset, Interrupted, NotConnected } =
    Deno.errors;
  return [BadResource, BrokenPipe, ConnectionRefused, ConnectionReset, Interrupted, NotConnected]
    .some((kind) => error instanceof kind);
}
