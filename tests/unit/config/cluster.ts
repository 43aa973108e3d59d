/**
 * Configurations for tests.
 *
 * @module
 */

import { assert } from "@std/assert";
import { type Configuration, parseConfiguration } from "../../../server/config/configuration.ts";
import type { NodeConfiguration } from "../../../server/config/node_configuration.ts";

/** A node that is good; members given replace its own. */
export function nodeValue(number: number, members: object = {}): Record<string, unknown> {
  return {
    name: `node${number}`,
    tcp: { host: "127.0.0.1", port: 4999 + number },
    grpc: { port: 50050 + number },
    ...members,
  };
}

/** A cluster of these nodes; members given are added. */
export function clusterValue(nodes: unknown, members: object = {}): Record<string, unknown> {
  return { cluster: "test", nodes, ...members };
}

/** Everything that is wrong with a configuration. */
export function problemsOf(value: unknown): readonly string[] {
  const parsed = parseConfiguration(JSON.stringify(value), "cluster_config.json");
  return "problems" in parsed ? parsed.problems : [];
}

/** A configuration that must be good. */
export function configurationOf(value: unknown, fileName = "cluster_config.json"): Configuration {
  const parsed = parseConfiguration(JSON.stringify(value), fileName);
  assert("configuration" in parsed, "problems" in parsed ? parsed.problems.join("; ") : "");
  return parsed.configuration;
}

/** The only node of a cluster, with these members. */
export function onlyNode(members: object, fileName?: string): NodeConfiguration {
  const [node] = configurationOf(clusterValue([nodeValue(1, members)]), fileName).nodes;
  assert(node !== undefined);
  return node;
}
