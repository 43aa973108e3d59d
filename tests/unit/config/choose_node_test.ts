import { assertEquals } from "@std/assert";
import clusterConfiguration from "../../../cluster_config.json" with { type: "json" };
import { builtInConfiguration } from "../../../server/config/built_in_configuration.ts";
import { chooseNode, type LoadedConfiguration } from "../../../server/config/choose_node.ts";
import { configurationOf } from "./cluster.ts";

const FROM_FILE = { configuration: configurationOf(clusterConfiguration), file: "c.json" };
const BUILT_IN = { ...builtInConfiguration(), file: undefined };

/** Name of the chosen node, or the problems. */
function chosen(loaded: LoadedConfiguration, name?: string): string | readonly string[] {
  const choice = chooseNode(loaded, name);
  return "node" in choice ? choice.node.name : choice.problems;
}

Deno.test("chooseNode() takes the first node, or the one named", () => {
  assertEquals(chosen(FROM_FILE), "node1");
  assertEquals(chosen(FROM_FILE, "node3"), "node3");
  assertEquals(chosen(BUILT_IN), "node1");
  assertEquals(chosen(BUILT_IN, "node1"), "node1");
});

Deno.test("chooseNode() names the nodes that there are", () => {
  assertEquals(chosen(FROM_FILE, "nod2"), [
    'c.json: there is no node "nod2"; the nodes are node1, node2, node3; did you mean "node2"?',
  ]);
});

Deno.test("chooseNode() says that there is no file where the built-in configuration lacks a node", () => {
  assertEquals(chosen(BUILT_IN, "node2"), [
    "there is no cluster_config.json here, and the built-in configuration has node1 only; for node2, write " +
    "that file here, or name one with --config FILE",
  ]);
});

Deno.test("chooseNode() passes on what is wrong with the file, under its name", () => {
  assertEquals(chosen({ problems: ["one", "two"], file: "c.json" }, "node1"), ["c.json: one", "c.json: two"]);
});
