import { assertEquals, assertMatch } from "@std/assert";
import {
  asksForSocket,
  pageAnswer,
  type PageFile,
  type PageOptions,
  socketRefusal,
} from "../../../server/web/page.ts";
import type { RequestHead } from "../../../server/web/request_head.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const FILES: ReadonlyMap<string, PageFile> = new Map([
  ["index.html", {
    type: "text/html; charset=utf-8",
    bytes: encoder.encode("<html>"),
    compressed: new Map([["gzip", encoder.encode("zip")], ["br", encoder.encode("bro")]]),
    etag: '"1"',
  }],
  ["assets/logo.svg", {
    type: "image/svg+xml",
    bytes: encoder.encode("<svg>"),
    compressed: new Map([["gzip", encoder.encode("s")]]),
    etag: '"2"',
  }],
  ["icon.png", { type: "image/png", bytes: encoder.encode("PNG"), compressed: new Map(), etag: '"3"' }],
]);

const OPTIONS: PageOptions = {
  own: new URL("https://chat.example.org/talk/"),
  others: [
    new URL("https://b.example.org/"),
    new URL("http://192.0.2.7:5081/"),
    new URL("https://b.example.org/x/"),
  ],
  files: FILES,
  isSecure: false,
};

function head(
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): RequestHead {
  return { method, target, headers: { host: "localhost", ...headers }, keepsAlive: true };
}

/** Requests, and the status and body of the answer. */
const ASKED: readonly (readonly [RequestHead, number, string])[] = [
  [head("/"), 200, "<html>"],
  [head("/?reload"), 200, "<html>"],
  [head("/index.html"), 200, "<html>"],
  [head("/talk/"), 200, "<html>"],
  [head("/talk/assets/logo.svg"), 200, "<svg>"],
  [head("/assets/logo.svg#part"), 200, "<svg>"],
  [head("/", { "accept-encoding": "gzip, deflate, br, zstd" }), 200, "bro"],
  [head("/", { "accept-encoding": "br;q=0, gzip;q=0.8" }), 200, "zip"],
  [head("/", { "accept-encoding": "gzip, deflate" }), 200, "zip"],
  [head("/", { "accept-encoding": "gzip;q=0" }), 200, "<html>"],
  [head("/", { "accept-encoding": "xgzip" }), 200, "<html>"],
  [head("/assets/logo.svg", { "accept-encoding": "br" }), 200, "<svg>"],
  [head("/assets/logo.svg", { "accept-encoding": "br, gzip" }), 200, "s"],
  [head("/icon.png", { "accept-encoding": "br, gzip" }), 200, "PNG"],
  [head("/", {}, "HEAD"), 200, ""],
  [head("/", { "if-none-match": '"1"' }), 304, ""],
  [head("/", { "if-none-match": 'W/"0", W/"1"' }), 304, ""],
  [head("/", { "if-none-match": "*" }), 304, ""],
  [head("/", { "if-none-match": '"0"' }), 200, "<html>"],
  [head("/", { "if-none-match": '"1"', "accept-encoding": "gzip" }), 200, "zip"],
  [head("/", { "if-none-match": '"1-gzip"', "accept-encoding": "gzip" }), 304, ""],
  [head("/", { "if-none-match": '"1-gzip"' }), 200, "<html>"],
  [head("/", { "if-none-match": '"1-gzip"', "accept-encoding": "br, gzip" }), 200, "bro"],
  [head("/", { "if-none-match": '"1-br"', "accept-encoding": "br, gzip" }), 304, ""],
  [head("/ws"), 404, "there is nothing at this address\n"],
  [head("/assets/"), 404, "there is nothing at this address\n"],
  [head("/assets"), 404, "there is nothing at this address\n"],
  [head("/talk"), 307, ""],
  [head("/talk?chat=bob#x"), 307, ""],
  [head("/talk", {}, "HEAD"), 307, ""],
  [head("/talkative"), 404, "there is nothing at this address\n"],
  [head("/../index.html"), 404, "there is nothing at this address\n"],
  [head("/%2e%2e/index.html"), 404, "there is nothing at this address\n"],
  [head("/assets/../index.html"), 404, "there is nothing at this address\n"],
  [head("//index.html"), 404, "there is nothing at this address\n"],
  [head("/constructor"), 404, "there is nothing at this address\n"],
  [head("index.html"), 404, "there is nothing at this address\n"],
  [head("*", {}, "OPTIONS"), 405, "this node answers GET and HEAD only\n"],
  [head("/", {}, "POST"), 405, "this node answers GET and HEAD only\n"],
  [head("/", {}, "DELETE"), 405, "this node answers GET and HEAD only\n"],
  [head("/", { "content-length": "3" }), 413, "this node takes no requests with a body\n"],
  [head("/", { "transfer-encoding": "chunked" }, "POST"), 413, "this node takes no requests with a body\n"],
  [head("/", { "expect": "100-continue" }), 413, "this node takes no requests with a body\n"],
  [head("/", { "content-length": "0" }), 200, "<html>"],
];

Deno.test("pageAnswer() has the files at any prefix, and nothing else", () => {
  for (const [request, status, text] of ASKED) {
    const answer = pageAnswer(request, OPTIONS);
    assertEquals([answer.status, decoder.decode(answer.body)], [status, text], JSON.stringify(request));
  }
  const strange = pageAnswer(head("/", { host: "evil.example" }), OPTIONS);
  assertEquals(strange.status, 421);
  console.log(`${ASKED.length + 1} requests`);
});

Deno.test("pageAnswer() says how long a file is, what it is, and that it is to be asked for again", () => {
  for (const coding of ["gzip", "br"]) {
    const { headers } = pageAnswer(head("/", { "accept-encoding": coding }, "HEAD"), OPTIONS);
    const { "Content-Security-Policy": _, "Permissions-Policy": __, ...rest } = headers;
    assertEquals(rest, {
      "ETag": `"1-${coding}"`,
      "Cache-Control": "no-cache",
      "Vary": "Accept-Encoding",
      "Content-Type": "text/html; charset=utf-8",
      "Content-Length": "3",
      "Content-Encoding": coding,
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
    });
  }
  const refused = pageAnswer(head("/", {}, "PUT"), OPTIONS).headers;
  assertEquals([refused["Allow"], refused["Connection"]], ["GET, HEAD", "close"]);
});

Deno.test("every answer has the same policy: nothing from elsewhere but the WebSockets of the other nodes", () => {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self' wss://b.example.org ws://192.0.2.7:5081; manifest-src 'self'; worker-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
    "trusted-types worker";
  for (const [request] of ASKED) {
    const { headers } = pageAnswer(request, OPTIONS);
    assertEquals(headers["Content-Security-Policy"], policy);
    assertEquals(headers["Strict-Transport-Security"], undefined);
    assertMatch(
      headers["Permissions-Policy"] ?? "",
      /^accelerometer=\(\), .*camera=\(\), .*xr-spatial-tracking=\(\)$/,
    );
  }
  const { headers } = pageAnswer(head("/"), { ...OPTIONS, isSecure: true });
  assertEquals(headers["Strict-Transport-Security"], "max-age=31536000");
});

Deno.test("pageAnswer() sends whoever leaves out the last slash to the page, with the query", () => {
  const location = (target: string, own = OPTIONS.own): string | undefined =>
    pageAnswer(head(target), { ...OPTIONS, own }).headers["Location"];
  assertEquals(location("/talk"), "/talk/");
  assertEquals(location("/talk?a=%0d%0a&b"), "/talk/?a=%0d%0a&b");
  assertEquals(["/", "/talk/", "//", "/talk//"].map((target) => location(target)), Array(4).fill(undefined));
  assertEquals(["/", "//", "/?x"].map((target) => location(target, new URL("http://localhost/"))), [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("pageAnswer() says so if the node was built without a page", () => {
  const { status, body } = pageAnswer(head("/"), { ...OPTIONS, files: new Map() });
  assertEquals([status, decoder.decode(body)], [
    404,
    "this node was built without a page; clients that need none can connect\n",
  ]);
});

const SOCKET = {
  "connection": "keep-alive, Upgrade",
  "upgrade": "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": "chat.v2",
};

/** Requests for a WebSocket, and the status of the refusal. */
const SOCKETS: readonly (readonly [RequestHead, number | undefined])[] = [
  [head("/ws", SOCKET), undefined],
  [head("/talk/ws", SOCKET), undefined],
  [head("/ws?token=no", SOCKET), undefined],
  [head("/ws", { ...SOCKET, "sec-websocket-protocol": "graphql, chat.v2" }), undefined],
  [head("/ws", { ...SOCKET, origin: "https://chat.example.org" }), undefined],
  [head("/ws", { ...SOCKET, host: "evil.example" }), 421],
  [head("/ws", { ...SOCKET, origin: "https://evil.example" }), 403],
  [head("/ws/", SOCKET), 404],
  [head("/", SOCKET), 404],
  [head("/ws", SOCKET, "POST"), 405],
  [head("/ws", { ...SOCKET, "content-length": "1" }), 413],
  [head("/ws", { ...SOCKET, "sec-websocket-protocol": "" }), 400],
  [head("/ws", { ...SOCKET, "sec-websocket-version": "8" }), 400],
  [head("/ws", { ...SOCKET, "sec-websocket-key": "c2hvcnQ=" }), 400],
  [head("/ws", { ...SOCKET, "sec-websocket-protocol": "chat.v2, chat.v2" }), 400],
  [head("/ws", { ...SOCKET, "sec-websocket-protocol": "chat.v20" }), 400],
];

Deno.test("socketRefusal() lets a WebSocket begin at one path, with one subprotocol, from pages of the cluster", () => {
  for (const [request, status] of SOCKETS) {
    assertEquals(socketRefusal(request, OPTIONS)?.status, status, JSON.stringify(request));
  }
  assertEquals(asksForSocket(head("/ws", SOCKET)), true);
  assertEquals(asksForSocket(head("/", { ...SOCKET, upgrade: "h2c" })), false);
  assertEquals(asksForSocket(head("/", { ...SOCKET, connection: "keep-alive" })), false);
  console.log(`${SOCKETS.length} requests`);
});
