/**
 * Who may ask for the page and open a WebSocket: judged by the names and addresses in the head of a request.
 *
 * @module
 */

import { type AddressBlock, isWithin } from "../core/address_block.ts";
import { addressBytes } from "../core/address_bytes.ts";

/** The addresses under which people reach the pages of a cluster. */
export interface PageAddresses {
  /** The address of this node's page, as people type it; it may have a path. */
  readonly own: URL;
  /** Those of the other nodes that serve a page. */
  readonly others: readonly URL[];
}

/** The addresses, and the port that a request came to. */
interface AskedPort extends PageAddresses {
  /** True if the port has TLS of its own: then its page has `https`. Otherwise a proxy may have taken TLS off. */
  readonly isSecure: boolean;
}

/** A host and perhaps a port, as in the header `Host`. */
interface HostHeader {
  /** In lower case, without the brackets of an IPv6 address and the dot at the end. */
  readonly name: string;
  readonly port: string;
}

/**
 * Why a request under this `Host` is refused; `undefined` if it is not. A page of somebody else whose name was bound to
 * this machine (DNS rebinding) comes with that name.
 */
export function hostProblem(host: string | undefined, { own, others }: PageAddresses): string | undefined {
  const asked = parsedHost(host);
  if (asked === undefined) return `the request has no usable Host: ${shown(host)}`;
  const { name } = asked;
  if (name === "localhost" || addressBytes(name) !== undefined) return undefined;
  if ([own, ...others].some((url) => nameOf(url) === name)) return undefined;
  return `${shown(name)} is no name of this node; it serves ${own.href} ("web" "url" in its configuration)`;
}

/**
 * Why a page of this `Origin` may not open a WebSocket; `undefined` if it may. Programs that are no browser send none.
 *
 * @param host of the same request
 */
export function originProblem(
  origin: string | undefined,
  host: string | undefined,
  { own, others, isSecure }: AskedPort,
): string | undefined {
  if (origin === undefined) return undefined;
  const url = /^https?:\/\//.test(origin) ? URL.parse(origin) : null;
  const asked = parsedHost(host);
  const isOwn = url !== null && asked !== undefined && nameOf(url) === asked.name &&
    url.port === portOf(asked, url) && (url.protocol === "https:" || !isSecure);
  const isKnown = url !== null && [own, ...others].some((each) => each.origin === url.origin);
  if (isOwn || isKnown) return undefined;
  return `pages of ${shown(origin)} may not use this node; its own page is ${own.href}`;
}

/**
 * The IP address of a client.
 *
 * @param remote the address of the connection
 * @param forwardedFor the header `X-Forwarded-For`, to which each proxy appends the address that it was asked from
 * @param proxies those that are trusted: whoever is none of them may have written anything
 */
export function clientAddress(
  remote: string,
  forwardedFor: string | undefined,
  proxies: readonly AddressBlock[],
): string {
  if (forwardedFor === undefined || !isWithin(remote, proxies)) return remote;
  const told = forwardedFor.split(",").map((entry) => withoutPort(entry.trim())).reverse();
  const client = told.find((address) => !isWithin(address, proxies));
  return client !== undefined && addressBytes(client) !== undefined ? client : remote;
}

function parsedHost(host: string | undefined): HostHeader | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]\\]+))(?::(\d{0,5}))?$/i.exec(host ?? "");
  if (parts === null) return undefined;
  const [, ipv6, name = "", port = ""] = parts;
  return { name: (ipv6 ?? name).toLowerCase().replace(/\.$/, ""), port };
}

/** The port of a `Host` as a URL of the same scheme has it: without the scheme's own. */
function portOf({ port }: HostHeader, { protocol }: URL): string {
  return port === (protocol === "https:" ? "443" : "80") ? "" : port;
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function withoutPort(address: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, "$1");
}

/** What somebody else has sent, for people: on one line, not too long. */
function shown(text: string | undefined): string {
  return text === undefined ? "none" : JSON.stringify(text.slice(0, 100));
}
