/**
 * The configuration in use while there is no configuration file: a single node.
 *
 * @module
 */

import { parseConfiguration, type ParsedConfiguration } from "./configuration.ts";

/** Its name in messages, in place of a file name. */
export const BUILT_IN = "the built-in configuration";

/**
 * The text of such a file. Cluster and node have the names of this project's cluster_config.json, so that a
 * node keeps its data when that file is added later.
 */
const TEXT = `{
  "cluster": "chat-cluster-1",
  "nodes": [
    {
      "name": "node1",
      "tcp": { "host": "127.0.0.1", "port": 5000 },
      "grpc": { "port": 50051 },
      "web": { "port": 5080 }
    }
  ]
}`;

/** Parses the built-in text. */
export function builtInConfiguration(): ParsedConfiguration {
  return parseConfiguration(TEXT, BUILT_IN);
}
