/**
 * What is used where nobody has written a configuration file: one node on its own.
 *
 * @module
 */

import { parseConfiguration, type ParsedConfiguration } from "./configuration.ts";

/** What it is called in messages, where otherwise the name of the file stands. */
export const BUILT_IN = "the built-in configuration";

/**
 * As anybody could write it into a file. The cluster and the node are called as in the cluster_config.json of
 * this project: whoever takes that later goes on with the same data.
 */
const TEXT = `{
  "cluster": "chat-cluster-1",
  "nodes": [
    { "name": "node1", "tcp": { "host": "127.0.0.1", "port": 5000 }, "grpc": { "port": 50051 } }
  ]
}`;

/** Reads it like any other. */
export function builtInConfiguration(): ParsedConfiguration {
  return parseConfiguration(TEXT, BUILT_IN);
}
