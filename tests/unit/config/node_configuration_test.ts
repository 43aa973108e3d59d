import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  defaultDataFolder,
  refusalToListen,
  shownAddress,
  warningsOf,
  withTcpPort,
} from "../../../server/config/node_configuration.ts";
import { clusterValue, configurationOf, nodeValue, onlyNode } from "./cluster.ts";

Deno.test("refusalToListen() lets a node listen on its own machine alone", () => {
  for (const host of ["127.0.0.1", "127.8.9.10", "::1", "localhost"]) {
    assertEquals(refusalToListen(onlyNode({ tcp: { host, port: 5000 } })), undefined, host);
  }
});

Deno.test("refusalToListen() names every listener that others can reach without TLS", () => {
  const clients = onlyNode({ tcp: { host: "::", port: 5000 }, grpc: { host: "::1", port: 50051 } });
  assertStringIncludes(
    refusalToListen(clients) ?? "",
    "node1 would listen on [::]:5000 (clients) without TLS",
  );
  const peers = onlyNode({ grpc: { host: "10.0.0.1", port: 50051 } });
  assertStringIncludes(
    refusalToListen(peers) ?? "",
    "node1 would listen on 10.0.0.1:50051 (peers) without TLS",
  );
  const both = onlyNode({ tcp: { host: "chat.lan", port: 5000 } });
  assertStringIncludes(refusalToListen(both) ?? "", "chat.lan:5000 (clients) and chat.lan:50051 (peers)");
});

Deno.test("refusalToListen() lets TLS be open to others, but not the plain port beside it", () => {
  const tls = { host: "0.0.0.0", port: 5443, cert: "c.pem", key: "k.pem" };
  assertEquals(refusalToListen(onlyNode({ tls })), undefined);
  const open = onlyNode({ tls, tcp: { host: "0.0.0.0", port: 5000 } });
  assertStringIncludes(refusalToListen(open) ?? "", "0.0.0.0:5000 (clients)");
});

Deno.test("refusalToListen() accepts what is said to be insecure", () => {
  assertEquals(
    refusalToListen(onlyNode({ tcp: { host: "0.0.0.0", port: 5000 }, insecure: true })),
    undefined,
  );
});

Deno.test("warningsOf() warns of cheap hashes and of addresses that clients cannot reach", () => {
  assertEquals(warningsOf(onlyNode({ hashCost: 10 })), []);
  const [cheap = ""] = warningsOf(onlyNode({ hashCost: 9 }));
  assertStringIncludes(cheap, "node1: hashCost is 9, and passwords are only safe from 10 on");
  const [wildcard = ""] = warningsOf(onlyNode({ tcp: { host: "0.0.0.0", port: 5000 } }));
  assertStringIncludes(wildcard, "listens on 0.0.0.0, and clients are told 127.0.0.1:5000");
  const told = { tcp: { host: "0.0.0.0", port: 5000 }, advertise: { host: "chat.lan" } };
  assertEquals(warningsOf(onlyNode(told)), []);
});

Deno.test("withTcpPort() changes what clients are told too", () => {
  const [node] = configurationOf(clusterValue([nodeValue(1), nodeValue(2)])).nodes;
  if (node === undefined) throw new Error("there is no node");
  const moved = withTcpPort(node, 6_000);
  assertEquals([moved.tcp.port, moved.advertise.port], [6_000, 6_000]);
  assertEquals(moved.nodes.map(({ port }) => port), [6_000, 5_001]);
});

Deno.test("withTcpPort() leaves what clients are told where it was another port", () => {
  const moved = withTcpPort(onlyNode({ advertise: { port: 443 } }), 6_000);
  assertEquals([moved.tcp.port, moved.advertise.port, moved.nodes[0]?.port], [6_000, 443, 443]);
});

Deno.test("shownAddress() puts IPv6 addresses into brackets", () => {
  assertEquals(shownAddress({ host: "::1", port: 1 }), "[::1]:1");
  assertEquals(shownAddress({ host: "a.b", port: 1 }), "a.b:1");
});

Deno.test("defaultDataFolder() is named after the node", () => {
  assertEquals(defaultDataFolder("node1"), "data/node1");
});
