/**
 * Connections of the console client: TCP, with TLS or without.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import { type NodePlace, tcpPlace } from "../core/node_list.ts";
import { SILENCE_MS } from "../link/node_connection.ts";
import type { Stream, Transport } from "../link/transport.ts";
import { within } from "../link/within.ts";
import { reasonOf } from "./reason.ts";

/** Encryption of a connection. */
interface Encryption {
  readonly tls: boolean;
  /** Certificates (PEM) of authorities to trust, beside those of the system. */
  readonly caCerts: readonly string[];
}

/** Time limit for a node to accept a connection, ms. */
const CONNECT_MS = 3_000;

const READ_BYTES = 64 * 1_024;

/** TCP connections, with TLS if the options say so. */
export class SocketTransport implements Transport {
  readonly program = `chat-client/${VERSION}`;
  readonly placeOf = tcpPlace;
  readonly reasonOf = reasonOf;

  constructor(readonly encryption: Encryption) {}

  /**
   * Connects, and completes the handshake of TLS.
   *
   * @throws {Error} if that fails
   */
  async open(place: NodePlace, signal: AbortSignal): Promise<Stream> {
    const connecting = connect(place, this.encryption);
    const conn = await within(CONNECT_MS, signal, connecting, (late) => late.close());
    await shakeHands(conn, signal);
    return new SocketStream(conn);
  }
}

/** A socket of the system. */
class SocketStream implements Stream {
  constructor(readonly conn: Deno.Conn) {}

  async read(): Promise<Uint8Array | null> {
    // A new one each time: the reader keeps a view on it.
    const chunk = new Uint8Array(READ_BYTES);
    const length = await this.conn.read(chunk);
    return length === null ? null : chunk.subarray(0, length);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.conn.write(bytes.subarray(sent));
  }

  close(): void {
    try {
      this.conn.close();
    } catch {
      // The runtime has closed it already.
    }
  }
}

async function connect({ host, port }: NodePlace, { tls, caCerts }: Encryption): Promise<Deno.Conn> {
  if (tls) return await Deno.connectTls({ hostname: host, port, caCerts: [...caCerts] });
  const conn = await Deno.connect({ hostname: host, port });
  conn.setNoDelay(true);
  return conn;
}

/** Completes the handshake of a TLS connection. @throws {Error} if it fails; the connection is closed */
async function shakeHands(conn: Deno.Conn | Deno.TlsConn, signal: AbortSignal): Promise<void> {
  if (!("handshake" in conn)) return;
  try {
    await within(SILENCE_MS, signal, conn.handshake());
  } catch (error) {
    conn.close();
    throw error;
  }
}
