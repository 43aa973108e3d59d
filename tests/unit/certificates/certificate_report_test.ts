import { assert, assertEquals } from "@std/assert";
import { planCertificates } from "../../../server/certificates/certificate_plan.ts";
import {
  type CertificateReport,
  certificateReport,
  EXAMPLE,
  missingConfiguration,
} from "../../../server/certificates/certificate_report.ts";
import { checkReport } from "../../../server/commands/check_report.ts";
import { parseConfiguration } from "../../../server/config/configuration.ts";

function report(existing: readonly string[], changes: Partial<CertificateReport> = {}): string[] {
  const address = { host: "127.0.0.1", port: 1 };
  const nodes = ["node1", "node2"].map((name) => ({ name, grpc: address, advertise: address }));
  const plan = planCertificates("certs", nodes, new Set(existing));
  assert(!("problems" in plan));
  const given = { plan, folder: "certs", config: "c.json", isConfigured: true, warnings: [], ...changes };
  return certificateReport(given).split("\n");
}

Deno.test("certificateReport() says what was made, what was kept, and what goes where", () => {
  assertEquals(report(["certs/ca.pem", "certs/ca.key", "certs/node1.pem", "certs/node1.key"]), [
    "kept certs/ca.key",
    "kept certs/ca.pem",
    "kept certs/node1.key",
    "kept certs/node1.pem",
    "made certs/node2.key",
    "made certs/node2.pem",
    "",
    "Each node needs three of these files on its machine, in the folder that its configuration names:",
    "  node1: ca.pem, node1.pem, node1.key",
    "  node2: ca.pem, node2.pem, node2.key",
    "No node needs certs/ca.key: keep it safe, for whoever has it can pose as any node.",
  ]);
});

Deno.test("certificateReport() says when a key may be elsewhere", () => {
  const lines = report(["ca.pem", "node1.pem", "node2.pem", "node2.key"].map((name) => `certs/${name}`));
  assertEquals(
    lines[0],
    "certs/ca.key is not here, which is well if it is kept safe elsewhere; it is needed for new nodes",
  );
  assertEquals(
    lines[2],
    "certs/node1.key is not here, which is well if it is on the machine of node1; if it is lost, delete " +
      "certs/node1.pem and run init again",
  );
});

Deno.test("certificateReport() gives the line for a configuration that has none", () => {
  assertEquals(report([], { isConfigured: false }).slice(-2), [
    'Add this line to c.json, above "nodes", on every machine, and restart the nodes:',
    '  "certificates": "certificates",',
  ]);
});

Deno.test("certificateReport() shows warnings", () => {
  assert(report([], { warnings: ["certs/ca.pem expires"] }).includes("warning: certs/ca.pem expires"));
});

Deno.test("missingConfiguration() shows a configuration that is good", () => {
  assert(missingConfiguration("c.json").endsWith(EXAMPLE));
  const { status, text } = checkReport({ ...parseConfiguration(EXAMPLE, "c.json"), file: "c.json" }, false);
  assertEquals(status, 0, text);
});
