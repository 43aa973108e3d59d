/**
 * Faulty other ends of a stream: a silent one, and a line that breaks.
 *
 * @module
 */

/** A socket that accepts connections and never answers. */
export class SilentListener {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  /** Port that it listens on. */
  readonly port = this.#listener.addr.port;
  readonly #reading: Promise<void>[] = [];
  readonly #accepting = this.#accept();
  /** Number of accepted connections. */
  accepted = 0;
  /** Number of those that the other end has closed. */
  ended = 0;

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    await Promise.all(this.#reading);
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.accepted++;
      this.#reading.push(this.#read(connection));
    }
  }

  async #read(connection: Deno.Conn): Promise<void> {
    const into = new Uint8Array(1_024);
    try {
      while (await connection.read(into) !== null);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
    this.ended++;
    connection.close();
  }
}

/** Passes on the bytes of one connection until it is cut. */
export class CutOff {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  /** Port that it listens on. */
  readonly port = this.#listener.addr.port;
  readonly #ends: Deno.Conn[] = [];
  readonly #passing: Promise<void>;

  /** @param port target on this machine */
  constructor(port: number) {
    this.#passing = this.#pass(port);
  }

  /** Breaks the connection. */
  cut(): void {
    for (const end of this.#ends.splice(0)) end.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#listener.close();
    await this.#passing;
  }

  async #pass(port: number): Promise<void> {
    const near = await this.#listener.accept();
    const far = await Deno.connect({ hostname: "127.0.0.1", port });
    this.#ends.push(near, far);
    await Promise.allSettled([near.readable.pipeTo(far.writable), far.readable.pipeTo(near.writable)]);
  }
}
