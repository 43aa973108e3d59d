/**
 * Configurations for tests.
 *
 * @module
 */

import { assert } from "@std/assert";
import { type Configuration, parseConfiguration } from "../../../server/config/configuration.ts";
import type { NodeConfiguration } from "../../../server/config/node_configuration.ts";

/** A valid node; `members` replace its own. */
export function nodeValue(number: number, members: object = {}): Record<string, unknown> {
  return {
    name: `node${number}`,
    tcp: { host: "127.0.0.1", port: 4999 + number },
    grpc: { port: 50050 + number },
    ...members,
  };
}

/** A cluster of these nodes, with `members` added. */
export function clusterValue(nodes: unknown, members: object = {}): Record<string, unknown> {
  return { cluster: "test", nodes, ...members };
}

/** The problems of a configuration. */
export function problemsOf(value: unknown): readonly string[] {
  const parsed = parseConfiguration(JSON.stringify(value), "cluster_config.json");
  return "problems" in parsed ? parsed.problems : [];
}

/** The configuration read from a valid value. */
export function configurationOf(value: unknown, fileName = "cluster_config.json"): Configuration {
  const parsed = parseConfiguration(JSON.stringify(value), fileName);
  assert("configuration" in parsed, "problems" in parsed ? parsed.problems.join("; ") : "");
  return parsed.configuration;
}

/** The only node of a cluster, with `members` added. */
export function onlyNode(members: object, fileName?: string): NodeConfiguration {
  const [node] = configurationOf(clusterValue([nodeValue(1, members)]), fileName).nodes;
  assert(node !== undefined);
  return node;
}
