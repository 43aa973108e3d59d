/**
 * Headers of the PROXY protocol, version 2, as a proxy writes them.
 *
 * @module
 */

import { addressBytes, isMapped } from "../../server/core/address_bytes.ts";

const SIGNATURE = Uint8Array.from([13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]);

/** A header with these bytes behind its signature, and the right length. */
export function proxyHeader(command: number, family: number, rest: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...SIGNATURE, command, family, rest.length >> 8, rest.length & 255, ...rest);
}

/** The header of a connection over TCP. @param fields further fields (TLV), as they are */
export function proxied(client: string, fields = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const bytes = addressBytes(client) ?? new Uint8Array(16);
  const address = isMapped(bytes) ? bytes.subarray(12) : bytes;
  const ports = [0xc0, 0x01, 0x13, 0x88];
  return proxyHeader(
    0x21,
    isMapped(bytes) ? 0x11 : 0x21,
    Uint8Array.of(...address, ...new Uint8Array(address.length), ...ports, ...fields),
  );
}
