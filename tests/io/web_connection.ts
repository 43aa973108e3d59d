/**
 * A WebSocket as a connection of the runtime, for clients of tests that know nothing of it.
 *
 * @module
 */

import { OPCODE, RawClient, socketFrame, UPGRADE } from "./web_harness.ts";

/** Opens a WebSocket over a connection. @throws {Error} with the answer, if it is refused */
export async function webConnection(
  below: Deno.Conn,
  host: string,
  headers: Readonly<Record<string, string>> = {},
  path = "/ws",
): Promise<WebConnection> {
  const client = new RawClient(below);
  const answer = await client.ask(`GET ${path} HTTP/1.1`, { Host: host, ...UPGRADE, ...headers });
  if (!answer.startsWith("HTTP/1.1 101")) throw new Error(answer);
  return new WebConnection(client);
}

/** The bytes of its messages, and the status code of its end. */
export class WebConnection implements Pick<Deno.Conn, "read" | "write" | "close"> {
  /** Status code of the end, once it has come. */
  closeCode: number | undefined;
  readonly #client: RawClient;
  #left = new Uint8Array(0);

  constructor(client: RawClient) {
    this.#client = client;
  }

  /** The same as a connection of the runtime: the clients of tests use no more of it. */
  get asConnection(): Deno.Conn {
    return this as unknown as Deno.Conn;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#left.length === 0) {
      const frame = await this.#client.frame();
      if (frame?.opcode === OPCODE.close) {
        const [high = 0, low = 0] = frame.payload;
        this.closeCode = high * 256 + low;
        await this.#client.send(socketFrame(OPCODE.close, frame.payload)).catch(() => {});
      }
      if (frame === undefined || frame.opcode === OPCODE.close) return null;
      this.#left = frame.payload.slice();
    }
    const bytes = this.#left.subarray(0, buffer.length);
    buffer.set(bytes);
    this.#left = this.#left.slice(bytes.length);
    return bytes.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, 60_000);
    await this.#client.send(socketFrame(OPCODE.binary, part));
    return part.length;
  }

  close(): void {
    this.#client[Symbol.dispose]();
  }
}
