import { assertEquals } from "@std/assert";
import { answerText, hasBody, parseRequest } from "../../../server/http/http_message.ts";

Deno.test("parseRequest() reads method, path and headers, and leaves the query out", () => {
  const request = parseRequest("GET /metrics?name[]=up HTTP/1.1\r\nHost: a\r\nX-Long:  b: c \r\n");
  assertEquals([request?.method, request?.path], ["GET", "/metrics"]);
  assertEquals([request?.headers.get("host"), request?.headers.get("x-long")], ["a", "b: c"]);
  assertEquals(parseRequest("HEAD / HTTP/1.0")?.method, "HEAD");
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
  for (const line of lines) assertEquals(parseRequest(line), undefined, line);
  console.log(`${lines.length} lines refused`);
});

Deno.test("hasBody() sees the bytes behind a head, however they are announced", () => {
  const of = (...headers: [string, string][]): boolean => hasBody({ headers: new Map(headers) });
  assertEquals([of(), of(["content-length", "0"])], [false, false]);
  assertEquals([of(["content-length", "1"]), of(["transfer-encoding", "chunked"])], [true, true]);
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
