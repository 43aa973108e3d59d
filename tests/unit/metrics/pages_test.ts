import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseRequest } from "../../../server/http/http_message.ts";
import { pageOf, readyAnswer } from "../../../server/metrics/pages.ts";

function asked(line: string, ...headers: string[]): ReturnType<typeof pageOf> {
  const text = [`${line} HTTP/1.1`, ...headers, "", ""].join("\r\n");
  const request = parseRequest(new TextEncoder().encode(text), 0);
  assert(typeof request === "object", `${text} is ${request}`);
  return pageOf(request);
}

function statusOf(line: string, ...headers: string[]): number | string {
  const page = asked(line, ...headers);
  return typeof page === "string" ? page : page.status;
}

Deno.test("pageOf() knows three pages, and needs no Host", () => {
  assertEquals(["/metrics", "/live", "/ready"].map((path) => statusOf(`GET ${path}`)), [
    "metrics",
    "live",
    "ready",
  ]);
  assertEquals([statusOf("HEAD /ready"), statusOf("GET /metrics?x=1")], ["ready", "metrics"]);
});

Deno.test("pageOf() refuses other paths, other methods and bodies", () => {
  assertEquals(statusOf("GET /"), 404);
  assertEquals(statusOf("GET /metrics/"), 404);
  assertEquals(statusOf("POST /nothing"), 404);
  assertEquals(statusOf("POST /metrics"), 405);
  assertEquals(statusOf("GET /metrics", "Content-Length: 3"), 413);
  assertEquals(statusOf("GET /ready", "Transfer-Encoding: chunked"), 413);
  const refused = asked("DELETE /live");
  assertEquals(typeof refused === "object" && refused.headers, { allow: "GET, HEAD" });
});

Deno.test("readyAnswer() is 200, or 503 with the reason in a line", () => {
  assertEquals([readyAnswer(undefined).status, readyAnswer(undefined).body], [200, "ready\n"]);
  const answer = readyAnswer("the disk is full");
  assertEquals(answer.status, 503);
  assertStringIncludes(answer.body, "the disk is full\n");
});
