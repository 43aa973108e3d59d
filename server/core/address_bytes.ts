/**
 * IP addresses as bytes: 16 of them, an IPv4 address in its mapped form (RFC 4291, section 2.5.5.2).
 *
 * @module
 */

const BYTES = 16;

/** Mapped IPv4 addresses begin with ten zeros and these two. */
const MAPPED_AT = 10;
const IPV4_AT = 12;

/** The bytes of an address, its zone left out; `undefined` if the text is no IP address. */
export function addressBytes(text: string): Uint8Array | undefined {
  const ipv4 = ipv4Bytes(text);
  if (ipv4 !== undefined) return mappedBytes(ipv4);
  return ipv6Bytes(text.split("%")[0] ?? "");
}

/** The mapped form of the four bytes of an IPv4 address. */
export function mappedBytes(ipv4: Iterable<number>): Uint8Array {
  return Uint8Array.of(...new Uint8Array(MAPPED_AT), 255, 255, ...ipv4);
}

/** True if the bytes are a mapped IPv4 address. */
export function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, MAPPED_AT).every((byte) => byte === 0) && bytes[MAPPED_AT] === 255 &&
    bytes[MAPPED_AT + 1] === 255;
}

/** The text of an address: an IPv4 address in decimals, an IPv6 address as RFC 5952 writes it. */
export function addressText(bytes: Uint8Array): string {
  if (isMapped(bytes)) return bytes.subarray(IPV4_AT).join(".");
  const groups = Array.from(
    { length: BYTES / 2 },
    (_, at) => (bytes[at * 2] ?? 0) << 8 | (bytes[at * 2 + 1] ?? 0),
  );
  const zeros = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (zeros.length < 2) return hex.join(":");
  return `${hex.slice(0, zeros.at).join(":")}::${hex.slice(zeros.at + zeros.length).join(":")}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly number[]): { readonly at: number; readonly length: number } {
  let longest = { at: 0, length: 0 };
  let begin = 0;
  for (const [at, group] of groups.entries()) {
    if (group !== 0) begin = at + 1;
    else if (at + 1 - begin > longest.length) longest = { at: begin, length: at + 1 - begin };
  }
  return longest;
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = withoutIpv4(text).split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map(groupBytes);
  if (left === undefined) return undefined;
  if (halves.length === 1) return left.length === BYTES ? Uint8Array.from(left) : undefined;
  if (right === undefined || left.length + right.length > BYTES - 2) return undefined;
  return Uint8Array.of(...left, ...new Uint8Array(BYTES - left.length - right.length), ...right);
}

/** The same address with its last two groups in hexadecimal, if they are written as an IPv4 address. */
function withoutIpv4(text: string): string {
  const tail = text.slice(text.lastIndexOf(":") + 1);
  const bytes = ipv4Bytes(tail);
  if (bytes === undefined) return text;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${text.slice(0, -tail.length)}${hex.slice(0, 4)}:${hex.slice(4)}`;
}

/** The bytes of the groups between colons. */
function groupBytes(text: string): readonly number[] | undefined {
  const groups = text === "" ? [] : text.split(":");
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}
