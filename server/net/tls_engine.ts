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

/**
 * Decrypted bytes of the running call of `receive`, of any engine. It has room for the longest piece that a socket
 * hands over (64 KiB) and the longest record that an engine may hold back (16 KiB).
 */
const DECRYPTED = new Uint8Array(96 * 1_024);

/** The members of the runtime's TLS that the engine uses. */
interface NativeTls {
  onread: () => void;
  onerror: (error: Error) => void;
  onhandshakedone: () => void;
  _flushEncOut: () => void;
  start(): number;
  readStart(): number;
  useUserBuffer(buffer: Uint8Array): void;
  getBytesRead(): number;
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
  /** Decrypted bytes that found no room, oldest first. */
  readonly #rest: Uint8Array[] = [];
  #into = DECRYPTED.subarray(0, 0);
  #filled = 0;
  #decrypted = 0;
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
    this.#native.onread = () => this.#collect();
    this.#native.useUserBuffer(DECRYPTED);
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

  /**
   * Decrypts bytes of the other end into a buffer; the rest waits for `read`.
   *
   * @returns number of bytes in the buffer
   * @throws {Error} if this is not the TLS that was expected
   */
  receive(encrypted: Uint8Array, into: Uint8Array<ArrayBuffer>): number {
    this.#into = into;
    this.#filled = 0;
    this.#native.receive(encrypted);
    if (this.#problem !== undefined) throw this.#problem;
    return this.#filled;
  }

  /** Moves decrypted bytes that had to wait into the buffer; returns their number. */
  read(into: Uint8Array): number {
    const [first] = this.#rest;
    if (first === undefined) return 0;
    const part = first.subarray(0, into.length);
    into.set(part);
    if (part.length < first.length) this.#rest[0] = first.subarray(part.length);
    else this.#rest.shift();
    return part.length;
  }

  /** Encrypts bytes. */
  write(clear: Uint8Array): void {
    this.#methods.writeBuffer.call(this.#native, REQUEST, clear);
  }

  /** Says that this end sends no more. */
  end(): void {
    this.#methods.shutdown.call(this.#native, REQUEST);
  }

  /** The bytes to send to the other end, all of them; `undefined` if there are none. */
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

  /** Takes over decrypted bytes, whose number the engine tells only as a sum, or the end. */
  #collect(): void {
    const sum = this.#native.getBytesRead();
    const count = sum - this.#decrypted;
    this.#decrypted = sum;
    if (count === 0) this.#ended = true;
    else if (count > DECRYPTED.length) this.#problem = new Error(`${count} bytes decrypted at once`);
    else this.#hand(DECRYPTED.subarray(0, count));
  }

  #hand(clear: Uint8Array): void {
    const room = this.#into.length - this.#filled;
    const fits = clear.length <= room;
    this.#into.set(fits ? clear : clear.subarray(0, room), this.#filled);
    this.#filled += fits ? clear.length : room;
    if (!fits) this.#rest.push(clear.slice(room));
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

/** True if one byte arrives. */
function carries(from: TlsEngine, to: TlsEngine): boolean {
  from.write(Uint8Array.of(7));
  const encrypted = from.take();
  const buffer = new Uint8Array(2);
  return encrypted !== undefined && to.receive(encrypted, buffer) === 1 && buffer[0] === 7;
}

/** Passes bytes on until neither end has any. */
function exchange(one: TlsEngine, other: TlsEngine): void {
  const nothing = new Uint8Array(0);
  for (;;) {
    const [to, back] = [one.take(), other.take()];
    if (to === undefined && back === undefined) return;
    if (to !== undefined) other.receive(to, nothing);
    if (back !== undefined) one.receive(back, nothing);
  }
}
