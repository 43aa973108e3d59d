import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  defaultDataFolder,
  refusalToListen,
  refusalToServeClients,
  refusalToTalkToPeers,
  shownAddress,
  warningsOf,
  withTcpPort,
} from "../../../server/config/node_configuration.ts";
import { clusterValue, configurationOf, nodeValue, onlyNode } from "./cluster.ts";

Deno.test("refusalToServeClients() lets a node listen on its own machine alone", () => {
  for (const host of ["127.0.0.1", "127.8.9.10", "::1", "localhost"]) {
    assertEquals(refusalToServeClients(onlyNode({ tcp: { host, port: 5000 } })), undefined, host);
  }
  for (const [host, shown] of [["::", "[::]"], ["0.0.0.0", "0.0.0.0"], ["chat.lan", "chat.lan"]]) {
    const refusal = refusalToServeClients(onlyNode({ tcp: { host, port: 5000 } })) ?? "";
    assertStringIncludes(refusal, `node1 would listen on ${shown}:5000 (clients) without TLS`);
  }
});

Deno.test("refusalToServeClients() lets TLS be open to others, but not the plain port beside it", () => {
  const tls = { host: "0.0.0.0", port: 5443, cert: "c.pem", key: "k.pem" };
  assertEquals(refusalToServeClients(onlyNode({ tls })), undefined);
  const open = onlyNode({ tls, tcp: { host: "0.0.0.0", port: 5000 } });
  assertStringIncludes(refusalToServeClients(open) ?? "", "0.0.0.0:5000 (clients)");
});

Deno.test("refusalToServeClients() accepts what is said to be insecure", () => {
  const tcp = { host: "0.0.0.0", port: 5000 };
  assertEquals(refusalToServeClients(onlyNode({ tcp, insecure: true })), undefined);
});

/** The refusals of two nodes that listen on these hosts for peers. */
function peerRefusals(hosts: readonly [string, string], members: object = {}): (string | undefined)[] {
  const nodes = hosts.map((host, index) =>
    nodeValue(index + 1, { grpc: { host, port: 50051 }, insecure: true })
  );
  return configurationOf(clusterValue(nodes, members)).nodes.map(refusalToTalkToPeers);
}

Deno.test("refusalToTalkToPeers() lets peers talk without TLS on one machine", () => {
  assertEquals(peerRefusals(["127.0.0.1", "127.0.0.2"]), [undefined, undefined]);
});

Deno.test("refusalToTalkToPeers() has every node refuse where one is elsewhere, whatever is called insecure", () => {
  for (const refusal of peerRefusals(["127.0.0.1", "10.0.0.2"])) {
    assertStringIncludes(refusal ?? "", "on 10.0.0.2:50051 without TLS");
    assertStringIncludes(refusal ?? "", "chat-server init");
  }
  assertStringIncludes(
    peerRefusals(["0.0.0.0", "10.0.0.2"])[0] ?? "",
    "on 0.0.0.0:50051 and 10.0.0.2:50051 without TLS",
  );
});

Deno.test("refusalToTalkToPeers() lets certificates be used everywhere", () => {
  assertEquals(peerRefusals(["0.0.0.0", "10.0.0.2"], { certificates: "certificates" }), [
    undefined,
    undefined,
  ]);
});

Deno.test("refusalToTalkToPeers() does not mind where a node without peers would listen", () => {
  assertEquals(refusalToTalkToPeers(onlyNode({ grpc: { host: "0.0.0.0", port: 50051 } })), undefined);
});

Deno.test("refusalToListen() looks at clients and at peers", () => {
  const refusalOf = (first: object): string | undefined => {
    const [node] = configurationOf(clusterValue([nodeValue(1, first), nodeValue(2)])).nodes;
    return node && refusalToListen(node);
  };
  assertEquals(refusalOf({}), undefined);
  assertStringIncludes(refusalOf({ tcp: { host: "10.0.0.1", port: 1 } }) ?? "", "(clients)");
  assertStringIncludes(refusalOf({ grpc: { host: "10.0.0.1", port: 1 } }) ?? "", "nodes would talk");
});

Deno.test("warningsOf() warns of cheap hashes and of addresses that clients cannot reach", () => {
  assertEquals(warningsOf(onlyNode({ hashCost: 10 })), []);
  const [cheap = ""] = warningsOf(onlyNode({ hashCost: 9 }));
  assertStringIncludes(cheap, "node1: hashCost is 9, and passwords are only safe from 10 on");
  const [wildcard = ""] = warningsOf(onlyNode({ tcp: { host: "0.0.0.0", port: 5000 } }));
  assertStringIncludes(wildcard, "listens on 0.0.0.0, and others are told 127.0.0.1,");
  const told = { tcp: { host: "0.0.0.0", port: 5000 }, advertise: { host: "chat.lan" } };
  assertEquals(warningsOf(onlyNode(told)), []);
});

Deno.test("warningsOf() warns of originalReconnect, of the whole cluster or of one node", () => {
  const [warning = "", ...others] = warningsOf(onlyNode({ originalReconnect: true }));
  assertStringIncludes(warning, "node1: originalReconnect is true, and whoever connects from this machine");
  assertEquals(others, []);
  const cluster = clusterValue([nodeValue(1), nodeValue(2, { originalReconnect: false })], {
    originalReconnect: true,
  });
  const { nodes } = configurationOf(cluster);
  assertEquals(nodes.map(({ originalReconnect }) => originalReconnect), [true, false]);
});

Deno.test("warningsOf() warns of a page behind a proxy that is not trusted", () => {
  const web = { port: 5080, url: "https://chat.example.org/" };
  const [warning = "", ...others] = warningsOf(onlyNode({ web }));
  assertStringIncludes(warning, "(https://chat.example.org/) and trusts none");
  assertEquals(others, []);
  assertEquals(warningsOf(onlyNode({ web: { ...web, trustedProxies: ["127.0.0.1"] } })), []);
  assertEquals(warningsOf(onlyNode({ web: { port: 5080 } })), []);
});

Deno.test("warningsOf() warns of addresses that peers cannot reach, where there are peers", () => {
  const open = nodeValue(1, { grpc: { host: "0.0.0.0", port: 50051 } });
  const [node] = configurationOf(clusterValue([open, nodeValue(2)])).nodes;
  assertEquals(node && warningsOf(node).length, 1);
  assertEquals(warningsOf(onlyNode({ grpc: { host: "0.0.0.0", port: 50051 } })), []);
});

Deno.test("warningsOf() warns of proxies that everybody can pretend to be", () => {
  assertEquals(warningsOf(onlyNode({ proxies: ["10.0.0.0/8", "::1"] })), []);
  for (const everywhere of ["0.0.0.0/0", "::/0"]) {
    const [warning = ""] = warningsOf(onlyNode({ proxies: ["10.0.0.5", everywhere] }));
    assertStringIncludes(warning, `node1 takes every address for a proxy (proxies: ${everywhere})`);
  }
});

Deno.test("withTcpPort() changes what clients are told too", () => {
  const [node] = configurationOf(clusterValue([nodeValue(1), nodeValue(2)])).nodes;
  if (node === undefined) throw new Error("there is no node");
  const moved = withTcpPort(node, 6_000);
  assertEquals([moved.tcp?.port, moved.advertise.port], [6_000, 6_000]);
  assertEquals(moved.nodes.map(({ port }) => port), [6_000, 5_001]);
});

Deno.test("withTcpPort() leaves what clients are told where it was another port", () => {
  const moved = withTcpPort(onlyNode({ advertise: { port: 443 } }), 6_000);
  assertEquals([moved.tcp?.port, moved.advertise.port, moved.nodes[0]?.port], [6_000, 443, 443]);
});

Deno.test("shownAddress() puts IPv6 addresses into brackets", () => {
  assertEquals(shownAddress({ host: "::1", port: 1 }), "[::1]:1");
  assertEquals(shownAddress({ host: "a.b", port: 1 }), "a.b:1");
});

Deno.test("defaultDataFolder() is named after the node", () => {
  assertEquals(defaultDataFolder("node1"), "data/node1");
});
