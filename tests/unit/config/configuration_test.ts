import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import clusterConfiguration from "../../../cluster_config.json" with { type: "json" };
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { parseConfiguration } from "../../../server/config/configuration.ts";
import { clusterValue, configurationOf, nodeValue, onlyNode, problemsOf } from "./cluster.ts";

Deno.test("parseConfiguration() reads the cluster_config.json of this project", () => {
  const { cluster, nodes } = configurationOf(clusterConfiguration);
  assertEquals(cluster, "chat-cluster-1");
  assertEquals(nodes.map(({ name }) => name), ["node1", "node2", "node3"]);
  assertEquals(nodes.map(({ tcp }) => tcp?.port), [5000, 5001, 5002]);
  assertEquals(nodes.map(({ grpc }) => grpc.port), [50051, 50052, 50053]);
  assertEquals(nodes.map(({ web }) => web?.port), [5080, 5081, 5082]);
  assert(nodes.every(({ tcp, grpc }) => tcp?.host === "127.0.0.1" && grpc.host === "127.0.0.1"));
});

Deno.test("parseConfiguration() puts every default in", () => {
  const configuration = configurationOf(clusterValue([nodeValue(1), nodeValue(2)]));
  assertEquals(configuration.nodes[0], {
    name: "node1",
    description: "",
    cluster: "test",
    clusterKeyFile: "cluster_key",
    archive: false,
    tcp: { host: "127.0.0.1", port: 5000 },
    grpc: { host: "127.0.0.1", port: 50051 },
    advertise: { host: "127.0.0.1", port: 5000 },
    tags: [],
    insecure: false,
    proxies: [],
    limits: DEFAULT_LIMITS,
    hashCost: 10,
    registration: "open",
    reserveBytes: 67_108_864,
    originalReconnect: false,
    nodes: [{ name: "node1", host: "127.0.0.1", port: 5000 }, {
      name: "node2",
      host: "127.0.0.1",
      port: 5001,
    }],
    peers: [{ name: "node2", host: "127.0.0.1", port: 50052 }],
    clusterSize: 2,
  });
});

Deno.test("parseConfiguration() takes everything that can be said of a node", () => {
  const node = onlyNode({
    desc: "main-node",
    tcp: { host: "0.0.0.0", port: 5000 },
    grpc: { host: "10.0.0.1", port: 50051 },
    advertise: { host: "chat.example.org", port: 443 },
    tls: { host: "::", port: 5443, cert: "tls/node1.pem", key: "/etc/chat/node1.key" },
    tags: ["primary", "west"],
    insecure: true,
  }, "/etc/chat/cluster.json");
  assertEquals(node.description, "main-node");
  assertEquals(node.grpc, { host: "10.0.0.1", port: 50051 });
  assertEquals(node.tls, {
    host: "::",
    port: 5443,
    certFile: "/etc/chat/tls/node1.pem",
    keyFile: "/etc/chat/node1.key",
  });
  assertEquals(node.nodes, [{ name: "node1", host: "chat.example.org", port: 443 }]);
  assertEquals(node.tags, ["primary", "west"]);
  assertEquals(node.insecure, true);
});

Deno.test("parseConfiguration() looks for certificates beside the file, and listens for TLS where it does plainly", () => {
  const tls = { port: 5443, cert: "c.pem", key: "C:\\k.pem" };
  assertEquals(onlyNode({ tls }, "cluster.json").tls, {
    host: "127.0.0.1",
    port: 5443,
    certFile: "c.pem",
    keyFile: "C:\\k.pem",
  });
  assertEquals(onlyNode({ tls }, "..\\etc\\cluster.json").tls?.certFile, "..\\etc\\c.pem");
});

Deno.test("parseConfiguration() tells clients and peers a host that they can reach", () => {
  const open = { host: "0.0.0.0", port: 5000 };
  const { nodes } = configurationOf(clusterValue([
    nodeValue(1, { tcp: open, advertise: { host: "10.0.0.1" } }),
    nodeValue(2, { tcp: open, advertise: { host: "10.0.0.2" } }),
    nodeValue(3, { tcp: { host: "::", port: 5002 } }),
  ]));
  assertEquals(nodes[0]?.nodes, [
    { name: "node1", host: "10.0.0.1", port: 5000 },
    { name: "node2", host: "10.0.0.2", port: 5000 },
    { name: "node3", host: "127.0.0.1", port: 5002 },
  ]);
  assertEquals(nodes[2]?.peers.map(({ host }) => host), ["10.0.0.1", "10.0.0.2"]);
});

Deno.test("parseConfiguration() reports everything that is wrong at once", () => {
  const problems = problemsOf({
    clutser: "x",
    nodes: [
      {
        name: "a b",
        tcp: { host: "127.0.0.1:5000", port: 70_000 },
        grpc: {},
        tags: ["ok", 7],
        insecure: "yes",
      },
      { name: "n2", tcp: 5000, grpc: { port: 1.5, prot: 1 }, hashCost: 3, tls: { port: 1, cert: "" } },
      "node3",
      { tcp: { host: "h", port: 1 }, grpc: { port: 2 } },
    ],
    reserveBytes: -1,
  });
  assertEquals(problems, [
    'clutser is not known; did you mean "cluster"?',
    "cluster is missing; give the name of the cluster, 1 to 64 characters",
    "reserveBytes is -1 and must be a whole number from 0 to 1099511627776",
    'nodes[0].name is "a b" and must be a node name: 1 to 32 letters, digits, dots, hyphens and underscores, ' +
    "the first a letter or digit",
    "nodes[0].tags[1] is 7 and must be a text of 1 to 32 characters",
    'nodes[0].tcp.host is "127.0.0.1:5000" and must be a host name or an IP address without a port, as in ' +
    '"127.0.0.1"',
    "nodes[0].tcp.port is 70000 and must be a whole number from 1 to 65535",
    "nodes[0].grpc.port is missing; give a whole number from 1 to 65535",
    'nodes[0].insecure is "yes" and must be true or false',
    "nodes[1].tcp is 5000 and must be an object with host, port",
    'nodes[1].grpc.prot is not known; did you mean "port"?',
    "nodes[1].grpc.port is 1.5 and must be a whole number from 1 to 65535",
    'nodes[1].tls.cert is "" and must be the path of a PEM file',
    "nodes[1].tls.key is missing; give the path of a PEM file",
    "nodes[1].hashCost is 3 and must be a whole number from 4 to 14",
    'nodes[2] is "node3" and must be an object with name, desc, tcp, grpc, advertise, tls, web, metrics, tags, ' +
    "insecure, proxies, limits, hashCost, reserveBytes, originalReconnect, registration",
    "nodes[3].name is missing; give a node name: 1 to 32 letters, digits, dots, hyphens and underscores, the " +
    "first a letter or digit",
  ]);
});

Deno.test("parseConfiguration() says line and column of what is no JSON, and nothing else", () => {
  assertEquals(parseConfiguration('{\n  "cluster": "c",\n  "nodes": [,]\n}', "c.json"), {
    problems: ["line 3, column 13: a value or ] was expected, and , found"],
  });
});

Deno.test("parseConfiguration() takes a file that begins with a byte order mark", () => {
  const text = `\uFEFF${JSON.stringify(clusterValue([nodeValue(1)]))}`;
  assert("configuration" in parseConfiguration(text, "c.json"));
});

Deno.test("parseConfiguration() refuses two nodes of one name, whatever its case", () => {
  assertEquals(problemsOf(clusterValue([nodeValue(1), nodeValue(2, { name: "Node1" }), nodeValue(3)])), [
    'nodes[1].name is "Node1", which is nodes[0].name too; give every node its own',
  ]);
});

Deno.test("parseConfiguration() knows good node names from bad ones", () => {
  for (const name of ["a", "9", "node-1.west_2", "x".repeat(32)]) {
    assertEquals(problemsOf(clusterValue([nodeValue(1, { name })])), [], name);
  }
  for (const name of ["", ".", "..", "-a", "a/b", "a~b", "a#b", "é", "a\n", "x".repeat(33), 7, null]) {
    const problems = problemsOf(clusterValue([nodeValue(1, { name })]));
    assertEquals(problems.length, 1, String(name));
    assertStringIncludes(problems[0] ?? "", "nodes[0].name is ");
  }
});

Deno.test("parseConfiguration() knows good hosts from bad ones", () => {
  for (
    const host of [
      "127.0.0.1",
      "0.0.0.0",
      "::",
      "::1",
      "fe80::1",
      "::ffff:127.0.0.1",
      "localhost",
      "chat_1.lan",
    ]
  ) {
    assertEquals(problemsOf(clusterValue([nodeValue(1, { tcp: { host, port: 5000 } })])), [], host);
  }
  for (const host of ["", "a b", "host:5000", "[::1]", "-x", "http://x", "a\u202eb", 1]) {
    const problems = problemsOf(clusterValue([nodeValue(1, { tcp: { host, port: 5000 } })]));
    assertEquals(problems.length, 1, String(host));
  }
});

Deno.test("parseConfiguration() gives every node its certificates, in a folder beside the file", () => {
  const certificatesOf = (certificates: string, fileName: string): unknown =>
    configurationOf(clusterValue([nodeValue(1), nodeValue(2)], { certificates }), fileName).nodes[1]
      ?.certificates;
  assertEquals(certificatesOf("tls/", "/etc/chat/cluster.json"), {
    folder: "/etc/chat/tls/",
    caFile: "/etc/chat/tls/ca.pem",
    certFile: "/etc/chat/tls/node2.pem",
    keyFile: "/etc/chat/tls/node2.key",
  });
  assertEquals(certificatesOf("/tls", "etc/cluster.json"), {
    folder: "/tls",
    caFile: "/tls/ca.pem",
    certFile: "/tls/node2.pem",
    keyFile: "/tls/node2.key",
  });
});

Deno.test("parseConfiguration() refuses certificates that cannot be", () => {
  assertEquals(problemsOf(clusterValue([nodeValue(1)], { certificates: 7 })), [
    'certificates is 7 and must be the path of a folder, as "certificates"',
  ]);
  const nodes = [nodeValue(1, { name: "CA" }), nodeValue(2, { name: "a..b" }), nodeValue(3)];
  assertEquals(problemsOf(clusterValue(nodes)), []);
  const problems = problemsOf(clusterValue(nodes, { certificates: "c" }));
  assertEquals(problems.length, 2);
  assertStringIncludes(problems[0] ?? "", 'the node name "CA" is that of the authority');
  assertStringIncludes(problems[1] ?? "", 'the node name "a..b" cannot be in a certificate');
  const nameless = clusterValue([nodeValue(1, { name: undefined })], { certificates: "c" });
  assertEquals(problemsOf(nameless).length, 1);
});

Deno.test("parseConfiguration() shows values on one line, harmless and not too long", () => {
  const [problem = ""] = problemsOf(
    clusterValue([nodeValue(1, { desc: `\x1b[2J\u202e\x9b${"x".repeat(500)}` })]),
  );
  assert(!/[\p{Cc}\p{Bidi_Control}]/u.test(problem), problem);
  assert(problem.length < 200, problem);
  const [unknown = ""] = problemsOf(clusterValue([nodeValue(1)], { "\x1b[2J": 1 }));
  assert(!unknown.includes("\x1b"), unknown);
});

Deno.test("parseConfiguration() never throws, and comes to problems or to a configuration", () => {
  const names = [
    "cluster",
    "limits",
    "name",
    "tcp",
    "grpc",
    "tls",
    "host",
    "port",
    "tags",
    "hashCost",
    "desc",
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, 5000, -1, 1.5, "node1", "127.0.0.1", ""),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, "__proto__", "toString"), tie("value"), { maxKeys: 3 }),
    ),
  }));
  const members = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 1 });
  const counts = { good: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(value, fc.tuple(members, members)), (drawn) => {
      const [ofNode, ofCluster] = Array.isArray(drawn) ? drawn : [];
      const json = isMembers(ofNode) && isMembers(ofCluster)
        ? clusterValue([nodeValue(1, ofNode)], ofCluster)
        : drawn;
      const parsed = parseConfiguration(JSON.stringify(json), "c.json");
      counts["problems" in parsed ? "refused" : "good"]++;
      assert(!("problems" in parsed) || parsed.problems.length > 0);
    }),
    { numRuns: 2_000 },
  );
  assert(counts.good > 0 && counts.refused > 0);
  console.log(`2000 values, ${counts.refused} refused`);
});

function isMembers(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

Deno.test("parseConfiguration() takes addresses and blocks of proxies, in their canonical text", () => {
  assertEquals(onlyNode({}).proxies, []);
  const proxies = ["10.0.0.5", "10.1.2.3/16", "2001:DB8:0:0::/64", "::1"];
  assertEquals(onlyNode({ proxies }).proxies, ["10.0.0.5", "10.1.0.0/16", "2001:db8::/64", "::1"]);
});

Deno.test("parseConfiguration() names what is no address of a proxy", () => {
  const must =
    'and must be an IP address or a block of them, as in "10.0.0.5", "10.1.0.0/16" or "2001:db8::/64"';
  const proxies = ["10.0.0.300", "10.0.0.0/33", 7, "10.0.0.5", "proxy.lan"];
  assertEquals(problemsOf(clusterValue([nodeValue(1, { proxies })])), [
    `nodes[0].proxies[0] is "10.0.0.300" ${must}`,
    `nodes[0].proxies[1] is "10.0.0.0/33" ${must}`,
    `nodes[0].proxies[2] is 7 ${must}`,
    `nodes[0].proxies[4] is "proxy.lan" ${must}`,
  ]);
  assertEquals(problemsOf(clusterValue([nodeValue(1, { proxies: "10.0.0.5" })])), [
    'nodes[0].proxies is "10.0.0.5" and must be a list, as in [ ... ]',
  ]);
});
