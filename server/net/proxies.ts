/**
 * The proxies in front of this node: their connections tell the address of the client before anything else.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { Limits } from "../../common/limits.ts";
import { type AddressBlock, isWithin, parseBlock } from "../core/address_block.ts";
import type { Logger } from "../ports/outside.ts";
import { ProxyHeader } from "./proxy_header.ts";

/** Reads the headers of the PROXY protocol, from configured proxies only. */
export class Proxies {
  readonly #blocks: readonly AddressBlock[];
  readonly #limits: Pick<Limits, "proxyHeaderMs" | "unauthenticatedConnections">;
  readonly #logger: Logger;
  /** Give up the connections whose header is awaited, oldest first. */
  readonly #waiting = new Set<(reason: Error) => void>();
  /** Kinds of problems that the log has a warning of, each with the configured block of the proxy. */
  readonly #said = new Set<string>();

  /** @param addresses addresses and blocks of the proxies, as in the configuration */
  constructor(
    addresses: readonly string[],
    limits: Pick<Limits, "proxyHeaderMs" | "unauthenticatedConnections">,
    logger: Logger,
  ) {
    this.#blocks = addresses.flatMap((text) => parseBlock(text) ?? []);
    this.#limits = limits;
    this.#logger = logger;
  }

  /** True if connections from this address begin with a header. */
  includes(address: string): boolean {
    return isWithin(address, this.#blocks);
  }

  /**
   * Reads the header of a proxy's connection, and no byte behind it. Rejects if it is wrong or late, or if too many
   * wait for theirs.
   */
  readonly clientAddress = (connection: Deno.TcpConn): Promise<string> | undefined => {
    const { hostname } = connection.remoteAddr;
    return this.includes(hostname) ? this.#readClient(connection, hostname) : undefined;
  };

  /** Says in the log why a connection of a proxy is closed, once for each kind of problem and configured block. */
  refuse(address: string, problem: string): void {
    const reason =
      `${address} is a proxy of this node ("proxies"), and its connection was closed: ${problem}`;
    const block = this.#blocks.findIndex((each) => isWithin(address, [each]));
    const kind = `${block} ${problem.replace(/0x[0-9a-f]+|\d+/g, "")}`;
    const isNew = !this.#said.has(kind);
    this.#said.add(kind);
    this.#logger[isNew ? "warn" : "debug"]("proxyRefused", { address, reason });
  }

  /** Gives up all connections whose header is awaited. */
  close(): void {
    for (const giveUp of this.#waiting) giveUp(new Error("the port is being closed"));
  }

  async #readClient(connection: Deno.TcpConn, proxy: string): Promise<string> {
    const { proxyHeaderMs, unauthenticatedConnections } = this.#limits;
    if (this.#waiting.size >= unauthenticatedConnections) this.#giveUpOldest();
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    this.#waiting.add(giveUp);
    const timer = setTimeout(() => giveUp(late(proxyHeaderMs)), proxyHeaderMs);
    try {
      return await Promise.race([readHeader(connection), givenUp]) ?? proxy;
    } catch (error) {
      if (error instanceof ProtocolError) this.refuse(proxy, error.message);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(giveUp);
    }
  }

  #giveUpOldest(): void {
    const oldest = this.#waiting.values().next().value;
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    oldest(new Error("too many connections wait for their PROXY header"));
  }
}

function late(limitMs: number): ProtocolError {
  return new ProtocolError(
    `its PROXY header has not come within ${limitMs} ms, which is the limit (limits.proxyHeaderMs)`,
  );
}

/**
 * The client's address in the header of a connection; `undefined` if the proxy names none.
 *
 * @throws {ProtocolError} if the connection does not begin with a header
 */
async function readHeader(connection: Deno.TcpConn): Promise<string | undefined> {
  const header = new ProxyHeader();
  while (header.bytesNeeded > 0) {
    const buffer = new Uint8Array(header.bytesNeeded);
    const count = await connection.read(buffer);
    if (count === null) throw new Deno.errors.UnexpectedEof("the connection ended within its PROXY header");
    header.push(buffer.subarray(0, count));
  }
  return header.client;
}
