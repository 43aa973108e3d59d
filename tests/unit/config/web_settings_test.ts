import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  refusalToListen,
  refusalToServePage,
  warningsOf,
  withoutWeb,
  withWebPort,
} from "../../../server/config/node_configuration.ts";
import { clusterValue, configurationOf, nodeValue, onlyNode, problemsOf } from "./cluster.ts";

/** The page of the only node. */
function webOf(web: object, members: object = {}): unknown {
  return onlyNode({ web, ...members }, "/etc/chat/cluster.json").web;
}

/** The problems of a configuration with this page. */
function problemsOfWeb(web: unknown, members: object = {}): readonly string[] {
  return problemsOf(clusterValue([nodeValue(1, { web, ...members })]));
}

Deno.test("readWeb() needs a port only, and serves this machine then", () => {
  const here = { host: "127.0.0.1", port: 8_080, url: "http://127.0.0.1:8080/", trustedProxies: [] };
  assertEquals(webOf({ port: 8_080 }), here);
  assertEquals(webOf({ port: 8_080, host: "::1" }), { ...here, host: "::1", url: "http://[::1]:8080/" });
  assertEquals(webOf({ port: 80 }), { ...here, port: 80, url: "http://127.0.0.1/" });
  assertEquals(webOf({ port: 8_080 }, { tcp: { host: "localhost", port: 5_000 } }), {
    ...here,
    host: "localhost",
    url: "http://localhost:8080/",
  });
  assertEquals(onlyNode({}).web, undefined);
});

Deno.test("readWeb() takes everything that can be said of a page", () => {
  const all = {
    host: "0.0.0.0",
    port: 443,
    url: "https://Chat.Example.org:443/talk",
    cert: "web.pem",
    key: "/keys/web.key",
    trustedProxies: ["10.0.0.5", "10.1.2.3/16"],
  };
  assertEquals(webOf(all), {
    host: "0.0.0.0",
    port: 443,
    url: "https://chat.example.org/talk/",
    certFile: "/etc/chat/web.pem",
    keyFile: "/keys/web.key",
    trustedProxies: ["10.0.0.5", "10.1.0.0/16"],
  });
  const files = { cert: "web.pem", key: "web.key" };
  assertEquals(onlyNode({ web: { port: 8_443, ...files } }).web?.url, "https://127.0.0.1:8443/");
});

Deno.test("readWeb() names the value that is wrong, and the way out", () => {
  const form =
    'must be the address that people type, as in "https://chat.example.org/", of at most 500 characters';
  const url = (text: unknown): object => ({ port: 8_080, url: text });
  const cases: readonly (readonly [unknown, string])[] = [
    [{}, "nodes[0].web.port is missing; give a whole number from 1 to 65535"],
    [8_080, "nodes[0].web is 8080 and must be an object with host, port, url, cert, key, trustedProxies"],
    [{ port: 0 }, "nodes[0].web.port is 0 and must be a whole number from 1 to 65535"],
    [{ port: 8_080, uri: "x" }, 'nodes[0].web.uri is not known; did you mean "url"?'],
    [
      { port: 8_080, host: "0.0.0.0" },
      "nodes[0].web.url is missing, and the page is served on 0.0.0.0, beyond this machine; give the address that " +
      'people type, as in "https://chat.example.org/", of at most 500 characters',
    ],
    [url("chat.example.org"), `nodes[0].web.url is "chat.example.org" and ${form}`],
    [url("ws://chat.example.org/"), `nodes[0].web.url is "ws://chat.example.org/" and ${form}`],
    [url("https://"), `nodes[0].web.url is "https://" and ${form}`],
    [url("https://a;b/"), `nodes[0].web.url is "https://a;b/" and ${form}`],
    [url("http://a b/"), `nodes[0].web.url is "http://a b/" and ${form}`],
    [url(7), `nodes[0].web.url is 7 and ${form}`],
    [
      url("https://ann:secret@chat.example.org/"),
      'nodes[0].web.url is "https://ann:secret@chat.example.org/" and must have no name and password in it',
    ],
    [
      url("https://chat.example.org/?a=b"),
      'nodes[0].web.url is "https://chat.example.org/?a=b" and must end with its path, without ? and #',
    ],
    [
      { ...url("http://127.0.0.1:8080/"), cert: "c", key: "k" },
      'nodes[0].web.url is "http://127.0.0.1:8080/" and must begin with https, because the port has TLS; change it, ' +
      'or leave "cert" and "key" out',
    ],
    [
      { port: 8_080, cert: "c.pem" },
      "nodes[0].web.key is missing, and nodes[0].web.cert is given; give both for TLS, or neither",
    ],
    [
      { port: 8_080, key: "k.pem" },
      "nodes[0].web.cert is missing, and nodes[0].web.key is given; give both for TLS, or neither",
    ],
    [
      { port: 8_080, trustedProxies: ["proxy.lan"] },
      'nodes[0].web.trustedProxies[0] is "proxy.lan" and must be an IP address or a block of them, as in ' +
      '"10.0.0.5", "10.1.0.0/16" or "2001:db8::/64"',
    ],
    [
      { port: 5_000 },
      "nodes[0].web.port is 5000 on 127.0.0.1, which nodes[0].tcp.port has already; give every listener a port of " +
      "its own",
    ],
  ];
  for (const [web, problem] of cases) assertEquals(problemsOfWeb(web), [problem]);
  const long = url(`https://chat.example.org/${"a".repeat(500)}`);
  assertEquals(problemsOfWeb(long).length, 1);
  console.log(`${cases.length + 1} pages refused`);
});

Deno.test("parseConfiguration() tells the pages of all nodes, and serves none at an archive", () => {
  const { nodes } = configurationOf(clusterValue([
    nodeValue(1, { web: { port: 8_080 } }),
    nodeValue(2),
    nodeValue(3, { tags: ["archive"], web: { port: 8_082 } }),
  ]));
  assertEquals(nodes.map(({ web }) => web?.url), ["http://127.0.0.1:8080/", undefined, undefined]);
  assertEquals(nodes[1]?.nodes, [
    { name: "node1", host: "127.0.0.1", port: 5_000, web: "http://127.0.0.1:8080/" },
    { name: "node2", host: "127.0.0.1", port: 5_001 },
  ]);
});

Deno.test("withWebPort() moves the page, and its address unless that is another one", () => {
  const node = onlyNode({ web: { port: 8_080 } });
  const moved = withWebPort(node, 9_000);
  assertEquals([moved.web?.port, moved.web?.url], [9_000, "http://127.0.0.1:9000/"]);
  assertEquals(moved.nodes.map(({ web }) => web), ["http://127.0.0.1:9000/"]);
  const behind = withWebPort(onlyNode({ web: { port: 8_080, url: "https://chat.example.org/" } }), 9_000);
  assertEquals([behind.web?.port, behind.web?.url], [9_000, "https://chat.example.org/"]);
  const secure = withWebPort(onlyNode({ web: { port: 8_443, cert: "c", key: "k" } }), 9_443);
  assertEquals(secure.web?.url, "https://127.0.0.1:9443/");
});

Deno.test("withWebPort() gives a node without a page one for this machine, and an archive none", () => {
  const open = onlyNode({ tcp: { host: "0.0.0.0", port: 5_000 } });
  assertEquals(withWebPort(open, 9_000).web, {
    host: "127.0.0.1",
    port: 9_000,
    url: "http://127.0.0.1:9000/",
    trustedProxies: [],
  });
  const [, archive] =
    configurationOf(clusterValue([nodeValue(1), nodeValue(2, { tags: ["archive"] })])).nodes;
  if (archive === undefined) throw new Error("there is no archive");
  assertEquals(withWebPort(archive, 9_000), archive);
});

Deno.test("withoutWeb() takes the page away, and its address from those of all nodes", () => {
  const value = clusterValue([
    nodeValue(1, { web: { port: 8_080 } }),
    nodeValue(2, { web: { port: 8_081 } }),
  ]);
  const [node] = configurationOf(value).nodes;
  if (node === undefined) throw new Error("there is no node");
  const without = withoutWeb(node);
  assertEquals(["web" in without, without.nodes.map(({ web }) => web)], [
    false,
    [undefined, "http://127.0.0.1:8081/"],
  ]);
  assertEquals(withoutWeb(without), without);
});

Deno.test("refusalToServePage() wants TLS beyond this machine, by this node or by its proxy", () => {
  const files = { cert: "c", key: "k" };
  const url = "https://chat.example.org/";
  const allowed = [
    { port: 8_080 },
    { port: 8_080, url },
    { port: 8_080, url: "http://[::1]:8080/" },
    { port: 443, host: "0.0.0.0", url, ...files },
  ];
  for (const web of allowed) assertEquals(refusalToServePage(onlyNode({ web })), undefined);
  const open = { port: 8_080, host: "10.0.0.1", url };
  const plain = { port: 8_080, url: "http://chat.lan/" };
  assertStringIncludes(
    refusalToServePage(onlyNode({ web: open })) ?? "",
    "node1 would listen on 10.0.0.1:8080 (page) without TLS, where others can read and change what passes; give " +
      '"web" a "cert" and a "key", or listen on 127.0.0.1 behind a proxy with TLS',
  );
  assertStringIncludes(
    refusalToServePage(onlyNode({ web: plain })) ?? "",
    "node1 would have people reach its page at http://chat.lan/ without TLS",
  );
  for (const web of [open, plain]) {
    assertEquals(refusalToListen(onlyNode({ web, insecure: true })), undefined);
    assertEquals(refusalToListen(onlyNode({ web })), refusalToServePage(onlyNode({ web })));
  }
  console.log(`${allowed.length} pages allowed, 2 refused`);
});

Deno.test("warningsOf() names proxies of a page that are everybody", () => {
  const [warning = ""] = warningsOf(onlyNode({ web: { port: 8_080, trustedProxies: ["::/0"] } }));
  assertStringIncludes(warning, "node1 takes every address for a proxy (web.trustedProxies: ::/0)");
});
