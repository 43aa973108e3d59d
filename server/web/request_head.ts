/**
 * The heads of HTTP requests (RFC 9112), as strictly as browsers and proxies send them. No body ever follows: a request
 * with one is refused.
 *
 * @module
 */

/** The head of a request. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  /**
   * Names in lower case; the values of one that came several times, joined with commas. A whole URL in the place of the
   * path names the host itself (RFC 9112, section 3.2.2): `host` is that one.
   */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** True if the other end wants the connection to stay open for another request. */
  readonly keepsAlive: boolean;
}

/** Why the bytes are no head. */
interface HeadProblem {
  /** Status of the answer. */
  readonly status: 400 | 431 | 505;
  /** For people. */
  readonly problem: string;
}

/** Longest head, bytes. */
export const HEAD_BYTES_MAX = 8_192;

/** Most lines of headers. */
const LINES_MAX = 100;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)$/;
const WHOLE_URL = /^https?:\/\/([^/?#]*)(.*)$/i;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

/** Headers of which a second one could mean something else to a proxy on the way than to this node. */
const SINGLE = new Set(["host", "origin", "content-length", "sec-websocket-key", "sec-websocket-version"]);

/** Takes bytes as they arrive, and cuts heads out of them. */
export class HeadReader {
  #bytes = new Uint8Array(0);
  /** Where the next head begins. */
  #begin = 0;
  /** Where the search for its end goes on. */
  #searched = 0;

  /** Gives away the bytes that belong to no head yet, and keeps none. */
  takeRest(): Uint8Array<ArrayBuffer> {
    const rest = this.#bytes.slice(this.#begin);
    this.#bytes = new Uint8Array(0);
    this.#begin = 0;
    this.#searched = 0;
    return rest;
  }

  /** True if there are such bytes. */
  get hasMore(): boolean {
    return this.#begin < this.#bytes.length;
  }

  /** Takes the next bytes, which may be changed afterwards. */
  push(bytes: Uint8Array): void {
    const left = this.#bytes.subarray(this.#begin);
    const all = new Uint8Array(left.length + bytes.length);
    all.set(left);
    all.set(bytes, left.length);
    this.#searched -= this.#begin;
    this.#begin = 0;
    this.#bytes = all;
  }

  /** The next head; `undefined` if more bytes are needed. After a problem, nothing more can be read. */
  next(): RequestHead | HeadProblem | undefined {
    const end = this.#end();
    if ((end ?? this.#bytes.length) - this.#begin > HEAD_BYTES_MAX) {
      return { status: 431, problem: `the head of a request has at most ${HEAD_BYTES_MAX} bytes` };
    }
    if (end === undefined) return undefined;
    // Each byte is a character of its own: no sequence of several may hide a line break.
    const text = String.fromCharCode(...this.#bytes.subarray(this.#begin, end - 4));
    this.#begin = end;
    this.#searched = end;
    return parsedHead(text);
  }

  /** Offset of the byte behind the empty line that ends the head. */
  #end(): number | undefined {
    const bytes = this.#bytes;
    for (let at = Math.max(this.#begin + 3, this.#searched); at < bytes.length; at++) {
      if (
        bytes[at] === LINE_FEED && bytes[at - 1] === CARRIAGE_RETURN && bytes[at - 2] === LINE_FEED &&
        bytes[at - 3] === CARRIAGE_RETURN
      ) return at + 1;
    }
    this.#searched = bytes.length;
    return undefined;
  }
}

/** True for a problem in place of a head. */
export function isProblem(head: RequestHead | HeadProblem): head is HeadProblem {
  return "problem" in head;
}

function parsedHead(text: string): RequestHead | HeadProblem {
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, target, major, minor] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) return bad("its first line is none of HTTP/1.1");
  if (major !== "1") return { status: 505, problem: "this node speaks HTTP/1.1" };
  if (lines.length > LINES_MAX) {
    return bad(`it has ${lines.length} headers, and at most ${LINES_MAX} are allowed`);
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = HEADER_LINE.exec(line) ?? [];
    if (name === "") return bad("a line of it is no header");
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    if (earlier !== undefined && SINGLE.has(key)) return bad(`it has ${key} twice`);
    headers.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  if (!headers.has("host")) return bad("it lacks Host");
  const connection = headers.get("connection") ?? "";
  const keepsAlive = minor !== "0" && !/\bclose\b/i.test(connection);
  const [, host, path] = WHOLE_URL.exec(target) ?? [];
  if (host === undefined || path === undefined) {
    return { method, target, headers: Object.fromEntries(headers), keepsAlive };
  }
  const below = path.startsWith("/") ? path : `/${path}`;
  return { method, target: below, headers: { ...Object.fromEntries(headers), host }, keepsAlive };
}

function bad(what: string): HeadProblem {
  return { status: 400, problem: `this is no request that can be answered: ${what}` };
}
