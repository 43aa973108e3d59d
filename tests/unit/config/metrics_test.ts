import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkReport } from "../../../server/commands/check_report.ts";
import { parseConfiguration } from "../../../server/config/configuration.ts";
import { warningsOf } from "../../../server/config/node_configuration.ts";
import { planReload } from "../../../server/config/reload.ts";
import { clusterValue, configurationOf, nodeValue, onlyNode, problemsOf } from "./cluster.ts";

function problemsOfMetrics(metrics: unknown): readonly string[] {
  return problemsOf(clusterValue([nodeValue(1, { metrics })]));
}

Deno.test("metrics is an address of its own, on this machine unless given, and off unless configured", () => {
  assertEquals(onlyNode({ metrics: { port: 9_464 } }).metrics, { host: "127.0.0.1", port: 9_464 });
  assertEquals(onlyNode({ metrics: { host: "::1", port: 1 } }).metrics, { host: "::1", port: 1 });
  assertEquals(onlyNode({}).metrics, undefined);
  const archive = configurationOf(clusterValue([
    nodeValue(1),
    nodeValue(2, {
      tcp: undefined,
      grpc: { host: "127.0.0.1", port: 9 },
      tags: ["archive"],
      metrics: { port: 8 },
    }),
  ]));
  assertEquals(archive.nodes[1]?.metrics?.port, 8);
});

Deno.test("metrics is checked as the other ports are", () => {
  const cases: [unknown, string][] = [
    [{}, "nodes[0].metrics.port is missing; give a whole number from 1 to 65535"],
    [true, "nodes[0].metrics is true and must be an object with host, port"],
    [{ port: 70_000 }, "nodes[0].metrics.port is 70000 and must be a whole number from 1 to 65535"],
    [
      { port: 1, host: "a b" },
      'nodes[0].metrics.host is "a b" and must be a host name or an IP address without',
    ],
    [{ port: 1, path: "/" }, "nodes[0].metrics.path is not known; known here: host, port"],
    [
      { port: 5_000 },
      "nodes[0].metrics.port is 5000 on 127.0.0.1, which nodes[0].tcp.port has already; give every",
    ],
  ];
  for (const [metrics, problem] of cases) {
    const problems = problemsOfMetrics(metrics);
    assertEquals(problems.length, 1, problems.join("\n"));
    assertStringIncludes(problems[0] ?? "", problem);
  }
  console.log(`${cases.length} mistakes found`);
});

Deno.test("check shows the address of the metrics, and warns of one beyond this machine", () => {
  const value = clusterValue([nodeValue(1, { metrics: { port: 9_464 } })]);
  const loaded = { ...parseConfiguration(JSON.stringify(value), "c.json"), file: "c.json" };
  assertStringIncludes(checkReport(loaded, false).text, "clients 127.0.0.1:5000  metrics 127.0.0.1:9464");
  assertEquals(warningsOf(onlyNode({ metrics: { port: 9_464 } })), []);
  const [warning = "", ...others] = warningsOf(onlyNode({ metrics: { host: "0.0.0.0", port: 9_464 } }));
  assertStringIncludes(warning, "node1 shows its metrics without TLS to everybody who reaches 0.0.0.0:9464:");
  assertEquals(others, []);
});

Deno.test("a reload says that another address of the metrics needs a restart", () => {
  const of = (metrics?: object): string =>
    JSON.stringify(clusterValue([nodeValue(1, metrics && { metrics })]));
  const [before] = configurationOf(JSON.parse(of({ port: 9_464 }))).nodes;
  const ignored = (text: string): unknown => {
    const plan = before && planReload(before, parseConfiguration(text, "c.json"));
    return plan && "ignored" in plan ? plan.ignored : plan;
  };
  assertEquals(ignored(of({ port: 9_464 })), []);
  assertEquals(ignored(of({ port: 9_465 })), ["metrics.port is 9464, and 9465 in the file"]);
  assertEquals(ignored(of()), ['metrics is {"host":"127.0.0.1","port":9464}, and nothing in the file']);
});
