/**
 * Requests to the admin service and its answers: the few lines of HTTP/1.1 that they need. Pure.
 *
 * @module
 */

/** The end of the lines of a request. */
export const HEAD_END = "\r\n\r\n";

/** The path of the status. */
export const STATUS_PATH = "/status";

/** The path that requests of the operator are posted to. */
export const OPERATOR_PATH = "/operator";

/** A request as far as the service reads it. */
interface AdminRequest {
  readonly method: string;
  readonly path: string;
  /** Values of the headers of these names; "" if a header is missing. */
  readonly host: string;
  readonly authorization: string;
}

/** Parses the lines of a request before its empty line; `undefined` if they are no HTTP/1.1. */
export function parseAdminRequest(head: string): AdminRequest | undefined {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method, path] = /^([A-Z]+) (\/\S*) HTTP\/1\.1$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const headers = headersOf(lines);
  return {
    method,
    path,
    host: headers.get("host") ?? "",
    authorization: headers.get("authorization") ?? "",
  };
}

/** Announced length of the body of a request, bytes; 0 if its lines announce none. */
export function bodyBytesOf(head: string): number {
  const length = headersOf(head.split("\r\n").slice(1)).get("content-length") ?? "";
  return /^\d{1,9}$/.test(length) ? Number(length) : 0;
}

function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(lines.map(parseHeader));
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
}

/** The reasons for which the service refuses, with their numbers (RFC 9110, section 15). */
const REASONS = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** One answer of the service, after which the connection is closed. */
export function adminAnswer(status: keyof typeof REASONS, value: unknown): string {
  const body = JSON.stringify(value);
  return [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    "content-type: application/json",
    `content-length: ${new TextEncoder().encode(body).length}`,
    "cache-control: no-store",
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
