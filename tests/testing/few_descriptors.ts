/**
 * A server that may have few descriptors, and the connections that take them.
 *
 * @module
 */

/** The words to put before those of a server that may have so many descriptors. */
export function withDescriptors(count: number): readonly string[] {
  return ["bash", "-c", `ulimit -n ${count}; exec "$0" "$@"`];
}

/** Idle connections to a port. `using` closes them. */
export class IdleConnections implements Disposable {
  readonly #connections: Deno.Conn[] = [];

  /** Opens further ones; the system takes those that the server does not accept. */
  async open(port: number, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.#connections.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    }
  }

  /** Closes all. */
  [Symbol.dispose](): void {
    for (const connection of this.#connections.splice(0)) connection.close();
  }
}
