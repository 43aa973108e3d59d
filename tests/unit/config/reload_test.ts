import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseConfiguration } from "../../../server/config/configuration.ts";
import { type NodeConfiguration, withTcpPort } from "../../../server/config/node_configuration.ts";
import { planReload, type RefusedReload, type ReloadPlan } from "../../../server/config/reload.ts";
import { clusterValue, configurationOf, nodeValue } from "./cluster.ts";

/** The first node of a cluster. */
function firstOf(cluster: object): NodeConfiguration {
  const [node] = configurationOf(cluster).nodes;
  assert(node !== undefined);
  return node;
}

function planFrom(before: NodeConfiguration, after: object): ReloadPlan | RefusedReload {
  return planReload(before, parseConfiguration(JSON.stringify(after), "cluster_config.json"));
}

function takenOver(before: NodeConfiguration, after: object): ReloadPlan {
  const plan = planFrom(before, after);
  assert(!("problems" in plan), "problems" in plan ? plan.problems.join("; ") : "");
  return plan;
}

function problemsOf(before: NodeConfiguration, after: object): readonly string[] {
  const plan = planFrom(before, after);
  return "problems" in plan ? plan.problems : [];
}

const TWO = clusterValue([nodeValue(1), nodeValue(2)]);
const REMOTE = nodeValue(3, { grpc: { host: "10.0.0.3", port: 50053 } });

Deno.test("planReload() takes over who the others are", () => {
  const archive = { name: "vault", grpc: { host: "127.0.0.1", port: 50060 }, tags: ["archive"] };
  const moved = nodeValue(2, { tcp: { host: "127.0.0.1", port: 6001 }, grpc: { port: 60_052 } });
  assertEquals(takenOver(firstOf(TWO), clusterValue([nodeValue(1), moved, nodeValue(3), archive])), {
    peers: [
      { name: "node2", host: "127.0.0.1", port: 60_052 },
      { name: "node3", host: "127.0.0.1", port: 50_053 },
      { name: "vault", host: "127.0.0.1", port: 50_060 },
    ],
    nodes: [
      { name: "node1", host: "127.0.0.1", port: 5_000 },
      { name: "node2", host: "127.0.0.1", port: 6_001 },
      { name: "node3", host: "127.0.0.1", port: 5_002 },
    ],
    clusterSize: 4,
    registration: "open",
    ignored: [],
  });
});

Deno.test("planReload() takes over who can register", () => {
  const after = clusterValue([nodeValue(1), nodeValue(2)], { registration: "closed" });
  const { registration, ignored } = takenOver(firstOf(TWO), after);
  assertEquals([registration, ignored], ["closed", []]);
});

Deno.test("planReload() lets a node go that is not in the file any more", () => {
  const { peers, nodes, clusterSize } = takenOver(firstOf(TWO), clusterValue([nodeValue(1)]));
  assertEquals([peers, nodes.length, clusterSize], [[], 1, 1]);
});

Deno.test("planReload() names every other setting of this node that differs", () => {
  const changed = nodeValue(1, {
    desc: "renamed",
    tcp: { host: "127.0.0.1", port: 5_999 },
    tls: { port: 5_443, cert: "c.pem", key: "k.pem" },
    tags: ["west"],
    limits: { messagesPage: 7 },
  });
  const after = clusterValue([changed, nodeValue(2)], { certificates: "certificates", hashCost: 11 });
  const { ignored } = takenOver(firstOf(TWO), after);
  assertEquals(ignored.toSorted(), [
    "advertise.port is 5000, and 5999 in the file",
    'certificates is nothing, and "certificates" in the file',
    'description is "", and "renamed" in the file',
    "hashCost is 10, and 11 in the file",
    "limits.messagesPage is 50, and 7 in the file",
    'tags is [], and ["west"] in the file',
    "tcp.port is 5000, and 5999 in the file",
    'tls is nothing, and {"host":"127.0.0.1","port":5443,"cert":"c.pem","key":"k.pem"... in the file',
  ]);
});

Deno.test("planReload() does not mind the settings of other nodes", () => {
  const other = nodeValue(2, { desc: "other", hashCost: 12, limits: { messagesPage: 7 } });
  assertEquals(takenOver(firstOf(TWO), clusterValue([nodeValue(1), other])).ignored, []);
});

Deno.test("planReload() keeps this node's own address as it is until a restart", () => {
  const running = withTcpPort(firstOf(TWO), 7_000);
  const { nodes, ignored } = takenOver(running, TWO);
  assertEquals(nodes.map(({ port }) => port), [7_000, 5_001]);
  assertEquals(ignored, [
    "tcp.port is 7000, and 5000 in the file",
    "advertise.port is 7000, and 5000 in the file",
  ]);
});

Deno.test("planReload() takes nothing over of a file that is wrong, or another one", () => {
  const before = firstOf(TWO);
  assertEquals(problemsOf(before, { ...TWO, colour: "blue" }).length, 1);
  const [renamed = ""] = problemsOf(before, { ...TWO, cluster: "other" });
  assertStringIncludes(renamed, "the cluster is test, and other in the file");
  const [gone = ""] = problemsOf(before, clusterValue([nodeValue(2)]));
  assertStringIncludes(gone, "node1 is not in the file any more");
});

Deno.test("planReload() takes no peer over that this node would talk to without TLS", () => {
  const after = [nodeValue(1), nodeValue(2), REMOTE];
  const [refused = ""] = problemsOf(firstOf(TWO), clusterValue(after));
  assertStringIncludes(refused, "on 10.0.0.3:50053 without TLS");
  const certificates = { certificates: "certificates" };
  const [late = ""] = problemsOf(firstOf(TWO), clusterValue(after, certificates));
  assertStringIncludes(late, "node1 runs without certificates");
  assertEquals(
    takenOver(firstOf({ ...TWO, ...certificates }), clusterValue(after, certificates)).clusterSize,
    3,
  );
});

Deno.test("planReload() names proxies that the running node does not take over", () => {
  const after = clusterValue([nodeValue(1, { proxies: ["10.0.0.5", "10.1.0.0/16"] }), nodeValue(2)]);
  assertEquals(takenOver(firstOf(TWO), after).ignored, [
    'proxies is [], and ["10.0.0.5","10.1.0.0/16"] in the file',
  ]);
});

Deno.test("planReload() takes over the pages of other nodes, and names what is new of the own one", () => {
  const cluster = (port: number, url: string, cert?: object): object =>
    clusterValue([nodeValue(1, { web: { port, ...cert } }), nodeValue(2, { web: { port: 8_081, url } })]);
  const before = firstOf(cluster(8_080, "https://b.example.org/"));
  const { nodes, ignored } = takenOver(before, cluster(8_090, "https://c.example.org/"));
  assertEquals(nodes.map(({ web }) => web), ["http://127.0.0.1:8080/", "https://c.example.org/"]);
  assertEquals(ignored, [
    "web.port is 8080, and 8090 in the file",
    'web.url is "http://127.0.0.1:8080/", and "http://127.0.0.1:8090/" in the file',
  ]);
  const secure = takenOver(before, cluster(8_080, "https://b.example.org/", { cert: "c.pem", key: "k.pem" }));
  assertEquals(secure.ignored, [
    'web.url is "http://127.0.0.1:8080/", and "https://127.0.0.1:8080/" in the file',
    'web.cert is nothing, and "c.pem" in the file',
    'web.key is nothing, and "k.pem" in the file',
  ]);
  assertEquals(takenOver(firstOf(TWO), cluster(8_080, "https://b.example.org/")).ignored.length, 1);
});
