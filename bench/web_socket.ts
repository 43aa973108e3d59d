/**
 * The client's end of a WebSocket with the least work for a message (RFC 6455).
 *
 * @module
 */

import type { ClientSocket } from "./local_socket.ts";

const BINARY = 0x82;
const CLOSE = 8;

/** Lengths of the head of a message of ours: with a length of two bytes, and the mask. */
const HEAD_BYTES = 8;

/** Longest message that such a head announces, bytes. */
const MESSAGE_BYTES_MAX = 65_535;

/** Connects to the page's port of a server. @throws {Error} with the answer, if it is refused */
export async function connectWeb(port: number): Promise<ClientSocket> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  const lines = [
    "GET /ws HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: chat.v2",
  ];
  await socket.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const buffer = new Uint8Array(4_096);
  let answer = "";
  // The server says nothing before our HELLO.
  while (!answer.endsWith("\r\n\r\n")) {
    const count = await socket.read(buffer);
    if (count === null) break;
    answer += new TextDecoder().decode(buffer.subarray(0, count));
  }
  if (!answer.startsWith("HTTP/1.1 101")) throw new Error(`no WebSocket: ${answer}`);
  return new WebSocketClient(socket);
}

/** The bytes of its messages. */
class WebSocketClient implements ClientSocket {
  readonly #socket: ClientSocket;
  readonly #out = new Uint8Array(HEAD_BYTES + MESSAGE_BYTES_MAX);
  #head: number[] = [];
  /** Bytes of the present message that are still to come. */
  #left = 0;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  /** Heads are cut out in place. */
  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      const count = await this.#socket.read(into);
      if (count === null) return null;
      const payload = this.#payload(into, count);
      if (payload > 0) return payload;
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, MESSAGE_BYTES_MAX);
    // A mask of zeros changes nothing; the server takes the same time to undo it.
    this.#out.set([BINARY, 0x80 | 126, part.length >> 8, part.length & 255, 0, 0, 0, 0]);
    this.#out.set(part, HEAD_BYTES);
    const end = HEAD_BYTES + part.length;
    for (let at = 0; at < end;) at += await this.#socket.write(this.#out.subarray(at, end));
    return part.length;
  }

  close(): void {
    this.#socket.close();
  }

  /** Moves the payloads among `count` bytes to the front; returns their length. */
  #payload(bytes: Uint8Array, count: number): number {
    let length = 0;
    for (let at = 0; at < count;) {
      if (this.#left === 0) {
        this.#head.push(bytes[at++] ?? 0);
        this.#left = this.#announced();
        continue;
      }
      const end = Math.min(count, at + this.#left);
      bytes.copyWithin(length, at, end);
      length += end - at;
      this.#left -= end - at;
      at = end;
    }
    return length;
  }

  /** The length that the head announces; 0 while it is not whole. */
  #announced(): number {
    const [first = 0, second = 0, ...extended] = this.#head;
    if (this.#head.length < 2) return 0;
    if ((first & 15) === CLOSE) throw new Error("the server has closed the WebSocket");
    const bytes = second === 126 ? 2 : second === 127 ? 8 : 0;
    if (extended.length < bytes) return 0;
    this.#head = [];
    return bytes === 0 ? second : extended.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
