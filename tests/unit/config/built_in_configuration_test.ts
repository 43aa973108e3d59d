import { assert, assertEquals } from "@std/assert";
import clusterConfiguration from "../../../cluster_config.json" with { type: "json" };
import { builtInConfiguration } from "../../../server/config/built_in_configuration.ts";
import {
  type NodeConfiguration,
  refusalToListen,
  warningsOf,
} from "../../../server/config/node_configuration.ts";
import { planReload } from "../../../server/config/reload.ts";
import { configurationOf } from "./cluster.ts";

function builtInNode(): NodeConfiguration {
  const parsed = builtInConfiguration();
  assert("configuration" in parsed, "problems" in parsed ? parsed.problems.join("; ") : "");
  const [node, ...others] = parsed.configuration.nodes;
  assert(node !== undefined && others.length === 0);
  return node;
}

Deno.test("builtInConfiguration() is node1 on its own, on this machine only", () => {
  const node = builtInNode();
  const place = { host: "127.0.0.1", port: 5_000 };
  assertEquals([node.name, node.tcp, node.advertise], ["node1", place, place]);
  const url = "http://127.0.0.1:5080/";
  assertEquals(node.web, { host: "127.0.0.1", port: 5_080, url, trustedProxies: [] });
  assertEquals(node.nodes, [{ name: "node1", ...place, web: url }]);
  assertEquals([node.peers, node.clusterSize, node.tls], [[], 1, undefined]);
  assertEquals([refusalToListen(node), warningsOf(node)], [undefined, []]);
});

Deno.test("builtInConfiguration() goes on as the first node of the cluster_config.json of this project", () => {
  const before = builtInNode();
  const [first] = configurationOf(clusterConfiguration).nodes;
  assert(first !== undefined);
  assertEquals([before.name, before.cluster], [first.name, first.cluster]);
  const plan = planReload(before, { configuration: configurationOf(clusterConfiguration) });
  assert("peers" in plan);
  assertEquals(plan.peers.map((peer) => peer.name), ["node2", "node3"]);
  // Both are words for people only.
  assertEquals(plan.ignored, [
    'description is "", and "first node" in the file',
    'tags is [], and ["primary"] in the file',
  ]);
});
