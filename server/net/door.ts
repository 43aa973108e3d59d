/**
 * Bound ports that hand out sockets: plain, TLS over plain sockets, and TLS of the runtime.
 *
 * @module
 */

import { createSecureContext } from "node:tls";
import type { Logger } from "../ports/outside.ts";
import { RuntimeTlsSocket } from "./runtime_tls_socket.ts";
import { PlainSocket, type Socket } from "./socket.ts";
import { engineWorks, type TlsCertificate, TlsEngine } from "./tls_engine.ts";
import { TlsSocket } from "./tls_socket.ts";

/**
 * The address of the client whose connection a proxy passes on, read from the first bytes of the connection before
 * anything else reads; `undefined` if the other end is the client itself. A rejection closes the connection.
 */
type ClientAddress = (connection: Deno.TcpConn) => Promise<string> | undefined;

/** Address and kind of a port. */
export interface DoorOptions {
  /** Address to bind. */
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Connections are not encrypted without it. */
  readonly tls?: TlsCertificate;
  /** Called for every accepted connection, before admission and TLS. */
  readonly clientAddress?: ClientAddress;
}

/** A bound port. */
export interface Door {
  readonly port: number;
  /**
   * Accepts one connection and hands its socket to `enter`, at once or when its client's address is known.
   * Rejects if it cannot be accepted; the next call may succeed.
   */
  accept(enter: (socket: Socket) => void): Promise<void>;
  /**
   * Shows another certificate to new connections.
   *
   * @throws {Error} if it cannot be used
   */
  renew(certificate: TlsCertificate): void;
  close(): void;
}

/**
 * Binds a port.
 *
 * @param works tells if the runtime has the engine that TLS over plain sockets needs
 * @throws {Error} if the address cannot be bound or the certificate cannot be used
 */
export function openDoor(options: DoorOptions, logger: Logger, works = engineWorks): Door {
  const { tls, ...place } = options;
  if (tls === undefined) return new PlainDoor(place, (raw) => raw);
  if (works(tls)) return new TlsDoor(place, tls);
  const door = new RuntimeTlsDoor({ ...place, tls });
  logger.warn("tlsCannotLetGo", {
    port: door.port,
    deno: Deno.version.deno,
    problem:
      "the TLS of this runtime keeps the file descriptor of a client that stays silent in its handshake, " +
      "cannot renew the certificate while the node runs, and cannot stand behind a proxy",
    wayOut: "run the node with Deno 2.9.6, or let a firewall or proxy close such connections",
  });
  return door;
}

/** Accepts plain connections, and may put another layer on each. */
class PlainDoor implements Door {
  readonly #listener: Deno.TcpListener;
  readonly #clientAddress: ClientAddress | undefined;
  readonly #layer: (raw: Socket) => Socket;

  constructor({ hostname, port, clientAddress }: DoorOptions, layer: (raw: Socket) => Socket) {
    this.#listener = Deno.listen({ hostname, port });
    this.#clientAddress = clientAddress;
    this.#layer = layer;
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async accept(enter: (socket: Socket) => void): Promise<void> {
    const connection = await this.#listener.accept();
    const address = this.#clientAddress?.(connection);
    if (address === undefined) return enter(this.#layer(new PlainSocket(connection)));
    address
      .then((told) => enter(this.#layer(new PlainSocket(connection, told))))
      .catch(() => closeOnce(connection));
  }

  renew(_certificate: TlsCertificate): void {}

  close(): void {
    this.#listener.close();
  }
}

/** Accepts plain connections and lets TLS begin once they are admitted. */
class TlsDoor extends PlainDoor {
  #secureContext: ReturnType<typeof createSecureContext>;

  constructor(options: DoorOptions, certificate: TlsCertificate) {
    super(options, (raw) => new TlsSocket(raw, () => this.#makeEngine()));
    this.#secureContext = createSecureContext(certificate);
  }

  override renew(certificate: TlsCertificate): void {
    checkCertificate(certificate);
    this.#secureContext = createSecureContext(certificate);
  }

  #makeEngine(): TlsEngine {
    return new TlsEngine({ isServer: true, secureContext: this.#secureContext });
  }
}

/** Accepts connections whose TLS the runtime has begun already. */
class RuntimeTlsDoor implements Door {
  readonly #listener: Deno.TlsListener;

  constructor({ hostname, port, tls }: DoorOptions & { readonly tls: TlsCertificate }) {
    this.#listener = Deno.listenTls({ hostname, port, cert: tls.cert, key: tls.key });
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async accept(enter: (socket: Socket) => void): Promise<void> {
    enter(new RuntimeTlsSocket(await this.#listener.accept()));
  }

  renew(_certificate: TlsCertificate): never {
    throw new Error(
      `Deno ${Deno.version.deno} renews the certificate of a port only by a restart of the node`,
    );
  }

  close(): void {
    this.#listener.close();
  }
}

function closeOnce(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

/** Throws the runtime's own words about a certificate that cannot be used. */
function checkCertificate(certificate: TlsCertificate): void {
  if (engineWorks(certificate)) return;
  Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...certificate }).close();
  throw new Error("no TLS handshake succeeds with this certificate and key");
}
