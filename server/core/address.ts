/**
 * IP addresses, as the limits per address see them.
 *
 * @module
 */

/** True for the addresses of this machine: 127.0.0.0/8, `::1` and `localhost`. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address) || address === "::1" || address === "localhost";
}

/**
 * The site of an address, under which guesses at one account are counted for longer: an IPv4 address itself, or the
 * first 48 bits of an IPv6 address, which everybody can have (RFC 6177).
 */
export function addressSite(address: string): string {
  return addressGroup(address).replace(/^((?:[^:]+:){3}).*$/, "$1:/48");
}

/**
 * Key under which the limits per address count: an IPv4 address itself, or the first 64 bits of an IPv6
 * address, the prefix that one household gets (RFC 6177).
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
