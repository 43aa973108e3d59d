/**
 * Answers to requests for the page: from the head of a request to a status, headers and bytes.
 *
 * @module
 */

import { hostProblem, originProblem, type PageAddresses } from "./origin.ts";
import type { RequestHead } from "./request_head.ts";

/** Content codings (RFC 9110, section 8.4.1), the one with the shortest files first. */
export const CODINGS = ["br", "gzip"] as const;

/** A content coding. Browsers take Brotli over HTTPS and from their own machine alone. */
export type Coding = (typeof CODINGS)[number];

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same, compressed, by content coding; without those that would be no shorter. */
  readonly compressed: ReadonlyMap<Coding, Uint8Array<ArrayBuffer>>;
  /** Changes with the bytes (RFC 9110, section 8.8.3); the compressed ones have one of their own. */
  readonly etag: string;
}

/** Everything that an answer depends on, beside the request. */
export interface PageOptions extends PageAddresses {
  /** The files by their paths below the page's address, as `index.html`. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** True if the port has TLS of its own. */
  readonly isSecure: boolean;
}

/** The answer to a request. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** True if the connection ends behind it. */
  readonly endsConnection: boolean;
}

/** The subprotocol of the WebSocket (client protocol, "Over WebSocket"). */
export const SUBPROTOCOL = "chat.v2";

/** The path of the WebSocket below the page's address. */
const SOCKET_PATH = "ws";

/** A key of a WebSocket: 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** Methods that a page needs. */
const METHODS = ["GET", "HEAD"];

const NOTHING = new Uint8Array(0);

/** The answer to a request that asks for no WebSocket. */
export function pageAnswer(head: RequestHead, options: PageOptions): PageAnswer {
  const answer = wholeAnswer(head, options);
  return head.method === "HEAD" ? { ...answer, body: NOTHING } : answer;
}

function wholeAnswer(head: RequestHead, options: PageOptions): PageAnswer {
  const { method, headers } = head;
  const problem = hostProblem(headers["host"], options);
  if (problem !== undefined) return refusal(421, problem, options);
  if (hasBody(head)) return refusal(413, "this node takes no requests with a body", options);
  if (!METHODS.includes(method)) {
    const answer = refusal(405, `this node answers ${METHODS.join(" and ")} only`, options);
    return { ...answer, headers: { ...answer.headers, "Allow": METHODS.join(", ") } };
  }
  if (lacksSlash(head, options)) return redirect(head, options);
  const path = pathBelow(head, options);
  const file = path === undefined ? undefined : options.files.get(path === "" ? "index.html" : path);
  return file === undefined
    ? refusal(404, notThere(path, options), options)
    : fileAnswer(head, file, options);
}

/** True for a request that asks for a WebSocket (RFC 6455, section 4.2.1). */
export function asksForSocket({ headers }: RequestHead): boolean {
  const tokens = (headers["connection"] ?? "").toLowerCase().split(",").map((token) => token.trim());
  return tokens.includes("upgrade") && headers["upgrade"]?.toLowerCase() === "websocket";
}

/** The refusal of a request for a WebSocket; `undefined` if it is one for this node's. */
export function socketRefusal(head: RequestHead, options: PageOptions): PageAnswer | undefined {
  const { method, headers } = head;
  const host = headers["host"];
  const misdirected = hostProblem(host, options);
  if (misdirected !== undefined) return refusal(421, misdirected, options);
  if (hasBody(head)) return refusal(413, "this node takes no requests with a body", options);
  if (method !== "GET") return refusal(405, "a WebSocket begins with GET", options);
  if (pathBelow(head, options) !== SOCKET_PATH) {
    return refusal(404, `the WebSocket is at ${options.own.pathname}${SOCKET_PATH}`, options);
  }
  const stranger = originProblem(headers["origin"], host, options);
  if (stranger !== undefined) return refusal(403, stranger, options);
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
  if (!offered.includes(SUBPROTOCOL) || new Set(offered).size < offered.length) {
    return refusal(400, `the WebSocket needs the subprotocol ${SUBPROTOCOL}, named once`, options);
  }
  const isKnown = headers["sec-websocket-version"] === "13" && KEY.test(headers["sec-websocket-key"] ?? "");
  return isKnown
    ? undefined
    : refusal(400, "this node speaks version 13 of the WebSocket protocol only", options);
}

/** True if bytes follow the head. */
function hasBody({ headers }: Pick<RequestHead, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0" ||
    headers["expect"] !== undefined;
}

/** The path below the page's address, whether or not a proxy has taken its prefix away; `undefined` if it is none. */
function pathBelow({ target }: RequestHead, { own }: PageAddresses): string | undefined {
  const [path = ""] = target.split(/[?#]/);
  if (!path.startsWith("/")) return undefined;
  const prefix = own.pathname;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path.slice(1);
}

/** True for the page's address without the slash at its end, from which its files would not be found. */
function lacksSlash({ target }: RequestHead, { own }: PageAddresses): boolean {
  const [path = ""] = target.split(/[?#]/);
  return own.pathname !== "/" && `${path}/` === own.pathname;
}

/** Sends a browser to the page's address, which may be another one after the next start. */
function redirect({ target, keepsAlive }: RequestHead, options: PageOptions): PageAnswer {
  const query = target.slice(options.own.pathname.length - 1);
  const location = `${options.own.pathname}${query}`;
  const headers = { ...securityHeaders(options), "Location": location, "Content-Length": "0" };
  return { status: 307, headers, body: NOTHING, endsConnection: !keepsAlive };
}

function notThere(path: string | undefined, { files }: PageOptions): string {
  return path === "" && files.size === 0
    ? "this node was built without a page; clients that need none can connect"
    : "there is nothing at this address";
}

function fileAnswer(
  { headers, keepsAlive }: RequestHead,
  file: PageFile,
  options: PageOptions,
): PageAnswer {
  const coding = CODINGS.find((each) =>
    file.compressed.has(each) && takesCoding(each, headers["accept-encoding"])
  );
  const etag = coding === undefined ? file.etag : file.etag.replace(/"$/, `-${coding}"`);
  const shared = {
    ...securityHeaders(options),
    "ETag": etag,
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
  };
  const endsConnection = !keepsAlive;
  if (names(headers["if-none-match"], etag)) {
    return { status: 304, headers: shared, body: NOTHING, endsConnection };
  }
  const body = coding && file.compressed.get(coding) || file.bytes;
  return {
    status: 200,
    headers: {
      ...shared,
      "Content-Type": file.type,
      "Content-Length": String(body.length),
      ...coding && { "Content-Encoding": coding },
    },
    body,
    endsConnection,
  };
}

/** An answer that closes the connection. @param problem for people */
export function refusal(status: number, problem: string, options: PageOptions): PageAnswer {
  const body = new TextEncoder().encode(`${problem}\n`);
  const headers = {
    ...securityHeaders(options),
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(body.length),
    "Connection": "close",
  };
  return { status, headers, body, endsConnection: true };
}

/** Headers of every answer. Nothing is fetched from anywhere else, and nothing runs that is not a file of the page. */
function securityHeaders({ others, isSecure }: PageOptions): Readonly<Record<string, string>> {
  const sockets = others.map((url) => `${url.protocol === "https:" ? "wss:" : "ws:"}//${url.host}`);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    ["connect-src 'self'", ...new Set(sockets)].join(" "),
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types worker",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    ...isSecure && { "Strict-Transport-Security": "max-age=31536000" },
  };
}

/** Nothing of what a page could ask a person for (https://www.w3.org/TR/permissions-policy/). */
const PERMISSIONS = [
  "accelerometer",
  "autoplay",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-get",
  "screen-wake-lock",
  "usb",
  "xr-spatial-tracking",
].map((feature) => `${feature}=()`).join(", ");

/** True if a list of entity tags names this one (RFC 9110, section 13.1.2). */
function names(tags: string | undefined, etag: string): boolean {
  if (tags === undefined) return false;
  return tags.trim() === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** True unless a coding is not named, or named with a weight of 0 (RFC 9110, section 12.5.3). */
function takesCoding(coding: Coding, encodings: string | undefined): boolean {
  return (encodings ?? "").split(",").some((each) => {
    const [named = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
    return named === coding && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
  });
}
