import { assert, assertEquals } from "@std/assert";
import { answerText, type HttpRequest, lineAnswer, parseRequest } from "../../../server/http/http_message.ts";

function parsed(text: string, bodyBytesMax = 0): ReturnType<typeof parseRequest> {
  return parseRequest(new TextEncoder().encode(text), bodyBytesMax);
}

/** The request of a text that is one. */
function requestOf(text: string, bodyBytesMax?: number): HttpRequest {
  const request = parsed(text, bodyBytesMax);
  assert(typeof request === "object", `${text} is ${request}`);
  return request;
}

Deno.test("parseRequest() reads method, path and headers, and leaves the query out", () => {
  const request = requestOf("GET /metrics?name[]=up HTTP/1.1\r\nHost: a\r\nX-Long:  b: c \r\n\r\n");
  assertEquals([request.method, request.path, request.body], ["GET", "/metrics", ""]);
  assertEquals([request.headers.get("host"), request.headers.get("x-long")], ["a", "b: c"]);
  assertEquals(requestOf("HEAD / HTTP/1.0\r\n\r\n").method, "HEAD");
});

Deno.test("parseRequest() takes nothing that is no HTTP/1", () => {
  const lines = [
    "",
    "GET /",
    "GET  / HTTP/1.1",
    "get / HTTP/1.1",
    "GET / HTTP/2",
    "GET metrics HTTP/1.1",
    "\x16\x03",
  ];
  for (const line of lines) assertEquals(parsed(`${line}\r\n\r\n`), "no HTTP", line);
  console.log(`${lines.length} lines refused`);
});

Deno.test("parseRequest() waits for the whole body, and takes nothing behind it", () => {
  const body = "żółć";
  const head = "POST / HTTP/1.1\r\nX-Name: żółć\r\nContent-Length: 8\r\n\r\n";
  const bytes = new TextEncoder().encode(`${head}${body}`);
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(parseRequest(bytes.subarray(0, length), 8), "incomplete", `${length} bytes`);
  }
  assertEquals(requestOf(`${head}${body}`, 8).body, body);
  assertEquals(requestOf(`${head}${body}more`, 8).body, body);
  console.log(`${bytes.length} beginnings are incomplete`);
});

Deno.test("parseRequest() finds the body behind bytes that are no text", () => {
  const head = new TextEncoder().encode("POST / HTTP/1.1\r\nX-Name: ?\r\nContent-Length: 2\r\n\r\nab");
  const bytes = head.map((byte) => byte === "?".charCodeAt(0) ? 0xff : byte);
  const request = parseRequest(bytes, 2);
  assertEquals(typeof request === "object" && request.body, "ab");
});

Deno.test("parseRequest() waits for no body that is too long, or of unknown length", () => {
  const headers = [
    "Content-Length: 3",
    "Content-Length: x",
    "Content-Length: -1",
    "Transfer-Encoding: chunked",
  ];
  for (const header of headers) {
    assertEquals(requestOf(`POST / HTTP/1.1\r\n${header}\r\n\r\n`, 2).body, undefined, header);
  }
  assertEquals(requestOf("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").body, "");
});

Deno.test("lineAnswer() is a line of text", () => {
  assertEquals(lineAnswer(404, "no"), { status: 404, type: "text/plain; charset=utf-8", body: "no\n" });
});

Deno.test("answerText() counts bytes, closes the connection, and answers HEAD without a body", () => {
  const answer = { status: 503, type: "text/plain", body: "für\n", headers: { allow: "GET" } } as const;
  const text = answerText(answer);
  assertEquals(text.split("\r\n"), [
    "HTTP/1.1 503 Service Unavailable",
    "content-type: text/plain",
    "content-length: 5",
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "allow: GET",
    "connection: close",
    "",
    "für\n",
  ]);
  assertEquals(answerText(answer, false), text.slice(0, -"für\n".length));
});
