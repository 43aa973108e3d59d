/**
 * Short HTTP requests and their answers: the little of HTTP/1.1 that a status, a command or a scrape needs.
 *
 * @module
 */

/** The end of a head. */
const HEAD_END = "\r\n\r\n";

/** A request. */
export interface HttpRequest {
  readonly method: string;
  /** The target without its query. */
  readonly path: string;
  /** Values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** "" without a body; `undefined` if it is longer than the bound, or of unknown length. */
  readonly body: string | undefined;
}

/**
 * Parses the first bytes of a connection.
 *
 * @param bodyBytesMax bound on the length of a body; a longer one is not waited for
 */
export function parseRequest(
  bytes: Uint8Array,
  bodyBytesMax: number,
): HttpRequest | "incomplete" | "no HTTP" {
  // One character for each byte, so that the place of a character is that of its byte.
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf(HEAD_END);
  if (end < 0) return "incomplete";
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, method, path] = /^([A-Z]+) (\/[^\s?]*)(?:\?\S*)? HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return "no HTTP";
  const headers = new Map(lines.map(parseHeader));
  const length = bodyBytes(headers);
  if (length > bodyBytesMax) return { method, path, headers, body: undefined };
  const start = end + HEAD_END.length;
  if (bytes.length < start + length) return "incomplete";
  return { method, path, headers, body: new TextDecoder().decode(bytes.subarray(start, start + length)) };
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Announced length of a body (RFC 9112, section 6.3); `Infinity` if it is unknown. */
function bodyBytes(headers: HttpRequest["headers"]): number {
  if (headers.has("transfer-encoding")) return Infinity;
  const length = headers.get("content-length") ?? "0";
  return /^\d+$/.test(length) ? Number(length) : Infinity;
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

/** An answer of one line. */
export function lineAnswer(status: HttpAnswer["status"], line: string): HttpAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${line}\n` };
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
