/**
 * TLS without a socket: encrypted bytes in and out, clear bytes in and out.
 *
 * The runtime's `TLSSocket` has this engine inside, behind two layers of Node.js streams that cost more than the
 * encryption. The engine is no documented interface; `engineWorks` tries it before anything relies on it.
 *
 * @module
 */

import { Duplex } from "node:stream";
import { createSecureContext, TLSSocket, type TLSSocketOptions } from "node:tls";

/** A certificate chain and its private key, PEM. */
export interface TlsCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The members of the runtime's TLS that the engine uses. */
interface NativeTls {
  onread: (clear: ArrayBuffer | null | undefined) => void;
  onerror: (error: Error) => void;
  onhandshakedone: () => void;
  _flushEncOut: () => void;
  start(): number;
  readStart(): number;
  receive(encrypted: Uint8Array): void;
  writeBuffer(request: object, clear: Uint8Array): number;
  shutdown(request: object): number;
  drainEncOut(): ArrayBufferLike | Uint8Array | null | undefined;
  destroySsl(): void;
}

/** Completion of a write inside the engine; the socket tells when bytes have left. */
const REQUEST = { oncomplete(): void {} };

/** One end of a TLS connection. */
export class TlsEngine {
  readonly #socket: TLSSocket;
  readonly #native: NativeTls;
  /** The methods of the engine alone: those of the socket's handle also wake its streams. */
  readonly #methods: NativeTls;
  #clear: Uint8Array[] = [];
  #established = false;
  #ended = false;
  #problem: Error | undefined;

  /** @param options role and certificates */
  constructor(options: TLSSocketOptions) {
    this.#socket = new TLSSocket(new Duplex({ read: () => {}, write: (_bytes, _, done) => done() }), options);
    this.#socket.on("error", () => {});
    this.#native = (this.#socket as unknown as { _handle: NativeTls })._handle;
    this.#methods = Object.getPrototypeOf(this.#native);
    this.#native._flushEncOut = () => {};
    this.#native.onhandshakedone = () => this.#established = true;
    this.#native.onerror = (error) => this.#problem ??= error;
    this.#native.onread = (clear) => {
      if (clear) this.#clear.push(new Uint8Array(clear));
      else this.#ended = true;
    };
    this.#native.start();
    this.#native.readStart();
  }

  /** True once the handshake is complete. */
  get established(): boolean {
    return this.#established;
  }

  /** True once the other end has said that it sends no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes bytes from the other end. @throws {Error} if they are not the TLS that was expected */
  receive(encrypted: Uint8Array): void {
    this.#native.receive(encrypted);
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Moves decrypted bytes into the buffer; returns their number. */
  read(buffer: Uint8Array): number {
    let filled = 0;
    for (let first = this.#clear[0]; first !== undefined && filled < buffer.length; first = this.#clear[0]) {
      const part = first.subarray(0, buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      if (part.length < first.length) this.#clear[0] = first.subarray(part.length);
      else this.#clear.shift();
    }
    return filled;
  }

  /** Encrypts bytes. */
  write(clear: Uint8Array): void {
    this.#methods.writeBuffer.call(this.#native, REQUEST, clear);
  }

  /** Says that this end sends no more. */
  end(): void {
    this.#methods.shutdown.call(this.#native, REQUEST);
  }

  /** The bytes to send to the other end; `undefined` if there are none. */
  take(): Uint8Array | undefined {
    const bytes = this.#native.drainEncOut();
    if (!bytes || bytes.byteLength === 0) return undefined;
    return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  }

  /** Frees the keys and everything else. */
  destroy(): void {
    this.#native.destroySsl();
    this.#socket.destroy();
  }
}

/** True if the engine of this runtime completes a handshake with that certificate and carries bytes both ways. */
export function engineWorks(certificate: TlsCertificate): boolean {
  const engines: TlsEngine[] = [];
  try {
    const server = new TlsEngine({ isServer: true, secureContext: createSecureContext(certificate) });
    engines.push(server);
    const client = new TlsEngine({ rejectUnauthorized: false });
    engines.push(client);
    exchange(client, server);
    return client.established && server.established && carries(client, server) && carries(server, client);
  } catch {
    return false;
  } finally {
    for (const engine of engines) engine.destroy();
  }
}

function carries(from: TlsEngine, to: TlsEngine): boolean {
  from.write(Uint8Array.of(7));
  exchange(from, to);
  const buffer = new Uint8Array(2);
  return to.read(buffer) === 1 && buffer[0] === 7;
}

/** Passes bytes on until neither end has any. */
function exchange(one: TlsEngine, other: TlsEngine): void {
  for (;;) {
    const [to, back] = [one.take(), other.take()];
    if (to === undefined && back === undefined) return;
    if (to !== undefined) other.receive(to);
    if (back !== undefined) one.receive(back);
  }
}
