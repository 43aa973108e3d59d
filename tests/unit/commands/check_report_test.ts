import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import clusterConfiguration from "../../../cluster_config.json" with { type: "json" };
import { checkReport, problemReport } from "../../../server/commands/check_report.ts";
import { builtInConfiguration } from "../../../server/config/built_in_configuration.ts";
import { parseConfiguration } from "../../../server/config/configuration.ts";

function report(configuration: unknown, insecure = false): ReturnType<typeof checkReport> {
  return checkReport(
    { ...parseConfiguration(JSON.stringify(configuration), "c.json"), file: "c.json" },
    insecure,
  );
}

function clusterOf(node: object): unknown {
  const tcp = { host: "127.0.0.1", port: 5000 };
  return { cluster: "c", nodes: [{ name: "n", tcp, grpc: { port: 50051 }, ...node }] };
}

Deno.test("checkReport() sums a good configuration up", () => {
  assertEquals(report(clusterConfiguration), {
    text: [
      "c.json is good: cluster chat-cluster-1, 3 nodes",
      "  node1  clients 127.0.0.1:5000  page http://127.0.0.1:5080/  peers 127.0.0.1:50051  tags primary",
      "  node2  clients 127.0.0.1:5001  page http://127.0.0.1:5081/  peers 127.0.0.1:50052  tags replica",
      "  node3  clients 127.0.0.1:5002  page http://127.0.0.1:5082/  peers 127.0.0.1:50053  tags replica",
    ].join("\n"),
    status: 0,
  });
});

Deno.test("checkReport() says that there is no file, and what holds then", () => {
  assertEquals(checkReport({ ...builtInConfiguration(), file: undefined }, false), {
    text: [
      "there is no cluster_config.json here, so the built-in configuration holds: cluster chat-cluster-1, 1 node",
      "  node1  clients 127.0.0.1:5000  page http://127.0.0.1:5080/",
    ].join("\n"),
    status: 0,
  });
});

Deno.test("checkReport() shows TLS, what clients are told, and warnings", () => {
  const { text, status } = report(clusterOf({
    tls: { host: "::", port: 5443, cert: "c.pem", key: "k.pem" },
    advertise: { host: "chat.example.org", port: 443 },
    hashCost: 4,
  }));
  assertEquals(status, 0);
  assertStringIncludes(text, "clients 127.0.0.1:5000  TLS [::]:5443  told chat.example.org:443");
  assertStringIncludes(text, "warning: n: hashCost is 4");
});

Deno.test("checkReport() shows where people find a page that is behind a proxy", () => {
  const { text, status } = report(clusterOf({ web: { port: 5080, url: "https://chat.example.org/talk" } }));
  assertEquals(status, 0);
  assertStringIncludes(text, "page https://chat.example.org/talk/ on 127.0.0.1:5080");
});

Deno.test("checkReport() refuses a page for others without TLS, unless that is accepted", () => {
  const web = { host: "0.0.0.0", port: 5080, url: "http://chat.lan:5080/" };
  const open = clusterOf({ tcp: { host: "0.0.0.0", port: 5000 }, web });
  const refused = report(open);
  assertEquals(refused.status, 2);
  assertStringIncludes(refused.text, "c.json has 2 problems:");
  assertStringIncludes(refused.text, "n would listen on 0.0.0.0:5080 (page) without TLS");
  assertEquals(report(open, true).status, 0);
});

Deno.test("checkReport() counts what is wrong and ends with 2", () => {
  const { text, status } = report({ cluster: "c", nodes: [] });
  assertEquals(status, 2);
  assertEquals(
    text,
    "c.json has 1 problem:\n  nodes is [] and must be a list of at least one, as in [ ... ]",
  );
  assert(problemReport("c.json", ["a", "b"]).startsWith("c.json has 2 problems:"));
});

Deno.test("checkReport() refuses a node that would listen to others without TLS, unless that is accepted", () => {
  const open = clusterOf({ tcp: { host: "0.0.0.0", port: 5000 } });
  const refused = report(open);
  assertEquals(refused.status, 2);
  assertStringIncludes(refused.text, "n would listen on 0.0.0.0:5000 (clients)");
  assertEquals(report(open, true).status, 0);
});

Deno.test("checkReport() says why a node would be refused together with what else is wrong", () => {
  const { text, status } = report(clusterOf({ tcp: { host: "0.0.0.0", port: 5000 }, colour: "blue" }));
  assertEquals(status, 2);
  assertStringIncludes(text, "c.json has 2 problems:");
  assertStringIncludes(text, "colour");
  assertStringIncludes(text, "n would listen on 0.0.0.0:5000 (clients) without TLS");
});

/** Two nodes that face their peers on two machines. */
const SPREAD = [1, 2].map((number) => ({
  name: `node${number}`,
  tcp: { host: "127.0.0.1", port: 5000 + number },
  grpc: { host: `10.0.0.${number}`, port: 50051 },
}));

Deno.test("checkReport() says once that peers need certificates, and lets no flag excuse it", () => {
  const { text, status } = report({ cluster: "c", nodes: SPREAD }, true);
  assertEquals(status, 2);
  assertStringIncludes(
    text,
    "c.json has 1 problem:\n  nodes would talk with each other on 10.0.0.1:50051 and ",
  );
});

Deno.test("checkReport() shows TLS between peers, and who serves no clients", () => {
  const archive = { name: "vault", grpc: { host: "10.0.0.3", port: 50051 }, tags: ["archive"] };
  assertEquals(report({ cluster: "c", certificates: "certificates", nodes: [...SPREAD, archive] }), {
    text: [
      "c.json is good: cluster c, 3 nodes",
      "  node1  clients 127.0.0.1:5001  peers 10.0.0.1:50051 with TLS",
      "  node2  clients 127.0.0.1:5002  peers 10.0.0.2:50051 with TLS",
      "  vault  no clients  peers 10.0.0.3:50051 with TLS  tags archive",
    ].join("\n"),
    status: 0,
  });
});
