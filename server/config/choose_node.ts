/**
 * Chooses the node of a command.
 *
 * @module
 */

import { didYouMean } from "../../common/suggestion.ts";
import { BUILT_IN } from "./built_in_configuration.ts";
import { CONFIG_FILE, type ParsedConfiguration } from "./configuration.ts";
import type { NodeConfiguration } from "./node_configuration.ts";

/** A configuration and its file, which is `undefined` for the built-in one. */
export type LoadedConfiguration = ParsedConfiguration & { readonly file: string | undefined };

/** A node, or all problems, each with the name of the file in front. */
type ChosenNode = { readonly node: NodeConfiguration } | { readonly problems: readonly string[] };

/**
 * Finds a node.
 *
 * @param name name of the node; `undefined` takes the first node of the configuration
 */
export function chooseNode(loaded: LoadedConfiguration, name: string | undefined): ChosenNode {
  const { file } = loaded;
  if ("problems" in loaded) {
    return { problems: loaded.problems.map((problem) => `${file ?? BUILT_IN}: ${problem}`) };
  }
  const { nodes } = loaded.configuration;
  const node = name === undefined ? nodes[0] : nodes.find((candidate) => candidate.name === name);
  if (node !== undefined) return { node };
  return { problems: [unknownNode(name ?? "", nodes.map((candidate) => candidate.name), file)] };
}

function unknownNode(name: string, names: readonly string[], file: string | undefined): string {
  if (file !== undefined) {
    return `${file}: there is no node "${name}"; the nodes are ${names.join(", ")}${didYouMean(name, names)}`;
  }
  return `there is no ${CONFIG_FILE} here, and ${BUILT_IN} has ${
    names.join(", ")
  } only; for ${name}, write ` +
    "that file here, or name one with --config FILE";
}
