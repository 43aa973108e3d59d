import { assert, assertEquals, assertGreater } from "@std/assert";
import { HEAD_BYTES_MAX, HeadReader, isProblem } from "../../../server/web/request_head.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const encoder = new TextEncoder();

/** The heads of some bytes, in chunks. */
function headsOf(bytes: Uint8Array, chunk = Infinity): ReturnType<HeadReader["next"]>[] {
  const reader = new HeadReader();
  const heads: ReturnType<HeadReader["next"]>[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    reader.push(bytes.slice(at, at + chunk));
    for (let head = reader.next(); head !== undefined; head = reader.next()) {
      heads.push(head);
      if (isProblem(head)) return heads;
    }
  }
  return heads;
}

/** Texts, and the method, target and headers of their head. */
const HEADS: readonly (readonly [string, string, string, Readonly<Record<string, string>>])[] = [
  ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", { host: "a" }],
  ["HEAD /a?b#c HTTP/1.1\r\nhost:a\r\nX-Y:  z \t\r\n\r\n", "HEAD", "/a?b#c", { host: "a", "x-y": "z" }],
  ["OPTIONS * HTTP/1.1\r\nHost: a\r\nAccept: b\r\naccept: c\r\n\r\n", "OPTIONS", "*", {
    host: "a",
    accept: "b, c",
  }],
  ["GET / HTTP/1.1\r\nHost: \r\nX: \r\n\r\n", "GET", "/", { host: "", x: "" }],
  ["GET http://b/ws?x HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/ws?x", { host: "b" }],
  ["GET HTTPS://[::1]:5080 HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", { host: "[::1]:5080" }],
  ["GET http://b?x=/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/?x=/", { host: "b" }],
  ["GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/a", { host: "" }],
  ["GET http://b@c/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", { host: "b@c" }],
  ["GET ftp://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "ftp://b/", { host: "a" }],
];

/** Texts that are no head. */
const FAULTS: readonly (readonly [string, number])[] = [
  ["GET / HTTP/1.1\r\n\r\n", 400],
  ["GET /\r\nHost: a\r\n\r\n", 400],
  ["GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET / / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["G\u00c9T / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505],
  ["GET / http/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", 400],
  ["\r\n\r\n", 400],
  [`GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(100)}\r\n`, 400],
  [`GET /${"x".repeat(HEAD_BYTES_MAX)}`, 431],
  [`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(HEAD_BYTES_MAX)}\r\n\r\n`, 431],
];

Deno.test("HeadReader.next() reads heads as strictly as they are written, in chunks of any length", () => {
  for (const [text, method, target, headers] of HEADS) {
    for (const chunk of [1, 2, 7, Infinity]) {
      assertEquals(
        headsOf(encoder.encode(text), chunk),
        [{ method, target, headers, keepsAlive: true }],
        text,
      );
    }
  }
  for (const [text, status] of FAULTS) {
    for (const chunk of [1, 3, Infinity]) {
      const [head] = headsOf(encoder.encode(text), chunk);
      assert(head !== undefined && isProblem(head), text);
      assertEquals(head.status, status, text);
    }
  }
  console.log(`${HEADS.length} heads, ${FAULTS.length} faults`);
});

Deno.test("HeadReader.next() reads one request after the other, and keeps what follows the last", () => {
  const reader = new HeadReader();
  const [first = ""] = HEADS.map(([text]) => text);
  reader.push(encoder.encode(`${first}${first}\u0001\u0002`));
  assertEquals([reader.next(), reader.next()].map((head) => head !== undefined && !isProblem(head)), [
    true,
    true,
  ]);
  assertEquals([reader.next(), [...reader.takeRest()], reader.hasMore], [undefined, [1, 2], false]);
});

Deno.test("HeadReader.next() says if a connection stays open", () => {
  const kept = (line: string, version = "1.1"): boolean | undefined => {
    const [head] = headsOf(encoder.encode(`GET / HTTP/${version}\r\nHost: a\r\n${line}\r\n\r\n`));
    return head === undefined || isProblem(head) ? undefined : head.keepsAlive;
  };
  assertEquals([
    kept("X: y"),
    kept("Connection: Close"),
    kept("Connection: keep-alive, close"),
    kept("X: y", "1.0"),
  ], [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("HeadReader.next() survives any bytes, and takes a changed head for the same or for a problem", () => {
  const numbers = new SeededNumbers(31);
  const [, , text = ""] = HEADS.map(([each]) => each);
  const rounds = scale(20_000, 1_000_000);
  let problems = 0;
  let unfinished = 0;
  for (let i = 0; i < rounds; i++) {
    const bytes = encoder.encode(text);
    for (let n = numbers.below(4); n >= 0; n--) bytes[numbers.below(bytes.length)] = numbers.below(256);
    const whole = headsOf(bytes);
    assertEquals(headsOf(bytes, 1 + numbers.below(9)), whole);
    if (whole.length === 0) unfinished++;
    for (const head of whole) if (head !== undefined && isProblem(head)) problems++;
  }
  assertGreater(problems, rounds / 10);
  console.log(`${rounds} changed heads: ${problems} problems, ${unfinished} unfinished`);
});
