/**
 * Short HTTP requests and their answers: the few lines of HTTP/1.1 that a status or a scrape needs.
 *
 * @module
 */

/** The end of a head: what follows it is not read. */
export const HEAD_END = "\r\n\r\n";

/** A request without its body. */
export interface HttpRequest {
  readonly method: string;
  /** The target without its query. */
  readonly path: string;
  /** Values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Parses the lines of a request before its empty line; `undefined` if they are no HTTP/1. */
export function parseRequest(head: string): HttpRequest | undefined {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method, path] = /^([A-Z]+) (\/[^\s?]*)(?:\?\S*)? HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return undefined;
  return { method, path, headers: new Map(lines.map(parseHeader)) };
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Announced length of the body, bytes; 0 if the lines of the request announce none. @param head those lines */
export function bodyBytesOf(head: string): number {
  const length = parseRequest(head)?.headers.get("content-length") ?? "";
  return /^\d{1,9}$/.test(length) ? Number(length) : 0;
}

/** True if bytes follow the head (RFC 9112, section 6). */
export function hasBody({ headers }: Pick<HttpRequest, "headers">): boolean {
  return headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0";
}

/** The statuses of answers, with their reasons (RFC 9110, section 15). */
const REASONS = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** An answer, behind which the connection is closed. */
export interface HttpAnswer {
  readonly status: keyof typeof REASONS;
  /** Media type of the body. */
  readonly type: string;
  readonly body: string;
  /** Further headers by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The bytes of an answer, as text.
 *
 * @param hasBody false for the answer to HEAD
 */
export function answerText({ status, type, body, headers = {} }: HttpAnswer, hasBody = true): string {
  return [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    `content-type: ${type}`,
    `content-length: ${new TextEncoder().encode(body).length}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "connection: close",
    "",
    hasBody ? body : "",
  ].join("\r\n");
}
