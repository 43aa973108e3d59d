/**
 * Connections without end to a few ports, from this process.
 *
 * @module
 */

/** Connections that are open at the same time. */
const OPEN_MAX = 500;

/** Time for which a connection stays open, ms. */
const HELD_MS = 500;

/** A running flood. `await using` ends it. */
export class ConnectionFlood implements AsyncDisposable {
  /** Number of connections that were accepted. */
  count = 0;
  readonly #task: Promise<unknown>;
  #isOver = false;

  /** @param bytes written at the beginning of each connection; none if it is empty */
  constructor(ports: readonly number[], bytes: Uint8Array, openMax = OPEN_MAX) {
    const workers = Array.from(
      { length: openMax },
      (_, i) => this.#flood(ports[i % ports.length] ?? 0, bytes),
    );
    this.#task = Promise.all(workers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#task;
  }

  async #flood(port: number, bytes: Uint8Array): Promise<void> {
    while (!this.#isOver) {
      try {
        using connection = await Deno.connect({ hostname: "127.0.0.1", port });
        this.count++;
        if (bytes.length > 0) await connection.write(bytes);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * HELD_MS));
      } catch {
        // The node has ended the connection, or takes none at this moment.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  }
}
