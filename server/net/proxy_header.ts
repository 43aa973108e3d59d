/**
 * The header of the PROXY protocol, version 2, with which a proxy tells the address of its client (HAProxy's
 * `doc/proxy-protocol.txt`, section 2.2). Pure: bytes in, the client's address out.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { addressText, mappedBytes } from "../core/address_bytes.ts";

const WAY_OUT =
  "; let the proxy send one of version 2 (HAProxy: send-proxy-v2), or reach this node another way";

const SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);

/** The text with which headers of version 1 begin. */
const VERSION_1 = new TextEncoder().encode("PROXY");

/** Bytes of the signature, version and command, family, and the length of the rest. */
const FIXED_BYTES = 16;
const VERSION_AT = 12;
const FAMILY_AT = 13;
const LENGTH_AT = 14;

/** Longest rest of a header, bytes: addresses, and fields of which a client's certificate is the longest. */
const REST_BYTES_MAX = 4_096;

const LOCAL = 0x20;
const PROXY = 0x21;
const UNSPECIFIED = 0x00;
const TCP_IPV4 = 0x11;
const TCP_IPV6 = 0x21;

/** Bytes of the addresses and ports of both ends, by family. */
const ADDRESSES_BYTES: ReadonlyMap<number | undefined, number> = new Map([[TCP_IPV4, 12], [TCP_IPV6, 36]]);

/** Reads one header as its bytes come. */
export class ProxyHeader {
  #bytes = new Uint8Array(FIXED_BYTES);
  #count = 0;

  /** Bytes that must still come, at least; 0 once the header is whole. More would belong to what follows it. */
  get bytesNeeded(): number {
    return this.#bytes.length - this.#count;
  }

  /**
   * The client's address in a whole header; `undefined` if the proxy speaks for itself (LOCAL), or knows none.
   */
  get client(): string | undefined {
    const family = this.#bytes[FAMILY_AT];
    if (this.#bytes[VERSION_AT] === LOCAL || family === UNSPECIFIED) return undefined;
    const source = this.#bytes.subarray(FIXED_BYTES);
    return addressText(family === TCP_IPV4 ? mappedBytes(source.subarray(0, 4)) : source.subarray(0, 16));
  }

  /**
   * Takes the next bytes, at most `bytesNeeded`.
   *
   * @throws {ProtocolError} as soon as they cannot be the beginning of a header
   */
  push(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#count);
    this.#count += bytes.length;
    this.#checkSignature();
    if (this.#count === FIXED_BYTES) this.#growTo(FIXED_BYTES + this.#restBytes());
  }

  #checkSignature(): void {
    const begin = this.#bytes.subarray(0, Math.min(this.#count, SIGNATURE.length));
    if (begin.every((byte, at) => byte === SIGNATURE[at])) return;
    if (begin.subarray(0, VERSION_1.length).every((byte, at) => byte === VERSION_1[at])) {
      throw new ProtocolError(
        `it begins with a PROXY header of version 1, and only version 2 is read${WAY_OUT}`,
      );
    }
    throw new ProtocolError(`it begins without a PROXY header${WAY_OUT}`);
  }

  #growTo(length: number): void {
    const whole = new Uint8Array(length);
    whole.set(this.#bytes);
    this.#bytes = whole;
  }

  /** Checks version, command, family and length; returns the length of the rest. */
  #restBytes(): number {
    const [version, family] = [this.#bytes[VERSION_AT], this.#bytes[FAMILY_AT]];
    if (version !== LOCAL && version !== PROXY) {
      throw new ProtocolError(
        `its PROXY header has the version and command ${hex(version)}, and must have 0x21 or 0x20`,
      );
    }
    const rest = (this.#bytes[LENGTH_AT] ?? 0) << 8 | (this.#bytes[LENGTH_AT + 1] ?? 0);
    if (rest > REST_BYTES_MAX) {
      throw new ProtocolError(`its PROXY header announces ${rest} bytes and the limit is ${REST_BYTES_MAX}`);
    }
    if (version === PROXY && family !== UNSPECIFIED) checkFamily(family, rest);
    return rest;
  }
}

function checkFamily(family: number | undefined, rest: number): void {
  const bytes = ADDRESSES_BYTES.get(family);
  if (bytes === undefined) {
    throw new ProtocolError(
      `its PROXY header has the address family ${
        hex(family)
      }, and must have TCP over IPv4 (0x11) or IPv6 (0x21)`,
    );
  }
  if (rest < bytes) {
    throw new ProtocolError(`its PROXY header announces ${rest} bytes, and its addresses have ${bytes}`);
  }
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, "0")}`;
}
