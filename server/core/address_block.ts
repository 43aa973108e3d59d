/**
 * Blocks of IP addresses in CIDR notation (RFC 4632), as `10.1.0.0/16`; a single address is a block of one.
 *
 * @module
 */

import { addressBytes, addressText, isMapped } from "./address_bytes.ts";

const IPV4_BITS = 32;
const BITS = 128;

/** The addresses whose first bits are those of `bytes`. */
export interface AddressBlock {
  readonly bytes: Uint8Array;
  /** Number of bits that count, of the 128 of an address; an IPv4 address is mapped. */
  readonly bits: number;
}

/** Parses a block; `undefined` if the text is none. Bits of the address behind the prefix are cleared. */
export function parseBlock(text: string): AddressBlock | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const bytes = address.includes("%") ? undefined : addressBytes(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  const bitsMax = isIpv4(address) ? IPV4_BITS : BITS;
  if (prefix === undefined) return { bytes, bits: BITS };
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bitsMax) return undefined;
  const bits = BITS - bitsMax + Number(prefix);
  return { bytes: bytes.map((byte, at) => byte & maskOf(at, bits)), bits };
}

/** The canonical text of a block. */
export function blockText({ bytes, bits }: AddressBlock): string {
  const text = addressText(bytes);
  const prefix = isMapped(bytes) ? bits - (BITS - IPV4_BITS) : bits;
  return bits === BITS ? text : `${text}/${prefix}`;
}

/** True if one of the blocks has the address; false for a text that is no address. */
export function isWithin(address: string, blocks: readonly AddressBlock[]): boolean {
  if (blocks.length === 0) return false;
  const bytes = addressBytes(address);
  return bytes !== undefined &&
    blocks.some((block) =>
      block.bytes.every((byte, at) => ((byte ^ (bytes[at] ?? 0)) & maskOf(at, block.bits)) === 0)
    );
}

function isIpv4(address: string): boolean {
  return !address.includes(":");
}

/** The bits of one byte of an address that a prefix of that length covers. */
function maskOf(at: number, bits: number): number {
  const covered = Math.min(8, Math.max(0, bits - at * 8));
  return 0xff00 >> covered & 0xff;
}
