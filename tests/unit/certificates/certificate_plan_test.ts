import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type CertificatePlan,
  type CertifiedNode,
  planCertificates,
} from "../../../server/certificates/certificate_plan.ts";

function node(name: string, grpcHost = "127.0.0.1", told = grpcHost): CertifiedNode {
  return { name, grpc: { host: grpcHost, port: 1 }, advertise: { host: told, port: 1 } };
}

function plan(existing: readonly string[], ...nodes: readonly CertifiedNode[]): CertificatePlan {
  return planCertificates("c", nodes, new Set(existing.map((name) => `c/${name}`)));
}

/** The planned steps for certificate and key of the authority and each node. */
function steps(existing: readonly string[], ...names: readonly string[]): string[] {
  const planned = plan(existing, ...names.map((name) => node(name)));
  if ("problems" in planned) return [...planned.problems];
  return [planned.authority, ...planned.nodes].map(({ name, certificate, key }) =>
    `${name} ${certificate} ${key}`
  );
}

const AUTHORITY = ["ca.pem", "ca.key"];
const NODE1 = ["node1.pem", "node1.key"];

Deno.test("planCertificates() makes everything where there is nothing", () => {
  assertEquals(steps([], "node1", "node2"), ["ca make make", "node1 make make", "node2 make make"]);
});

Deno.test("planCertificates() makes nothing a second time", () => {
  assertEquals(steps([...AUTHORITY, ...NODE1], "node1"), ["ca keep keep", "node1 keep keep"]);
});

Deno.test("planCertificates() makes what a new node needs", () => {
  assertEquals(steps([...AUTHORITY, ...NODE1], "node1", "node2"), [
    "ca keep keep",
    "node1 keep keep",
    "node2 make make",
  ]);
});

Deno.test("planCertificates() signs a key that is there anew where its certificate was deleted", () => {
  assertEquals(steps([...AUTHORITY, "node1.key"], "node1"), ["ca keep keep", "node1 make keep"]);
  assertEquals(steps(["ca.key"], "node1"), ["ca make keep", "node1 make make"]);
});

Deno.test("planCertificates() does not mind keys that are elsewhere while they are not needed", () => {
  assertEquals(steps(["ca.pem", "node1.pem"], "node1"), ["ca keep elsewhere", "node1 keep elsewhere"]);
});

Deno.test("planCertificates() makes no second authority for nodes that have one", () => {
  for (const existing of [NODE1, ["ca.key", ...NODE1]]) {
    const [problem = "", ...others] = steps(existing, "node1", "node2");
    assertStringIncludes(problem, "c/ca.pem is missing, and c/node1.pem was signed with it");
    assertEquals(others, []);
  }
});

Deno.test("planCertificates() asks for the key of the authority where it must sign", () => {
  const [problem = ""] = steps(["ca.pem", ...NODE1], "node1", "node2");
  assertStringIncludes(problem, "c/node2.pem is to be made, and c/ca.key is missing");
});

Deno.test("planCertificates() refuses names that no certificate can bear", () => {
  const problems = steps([], "ca", "a..b", "node1");
  assertEquals(problems.length, 2);
  assertStringIncludes(problems[0] ?? "", '"ca"');
});

Deno.test("planCertificates() names every way to call a node, once", () => {
  const namesOf = (one: CertifiedNode): string[] => {
    const planned = plan([], one);
    assert("nodes" in planned);
    return planned.nodes.flatMap((each) =>
      each.alternativeNames.map(({ type, value }) => `${type} ${value}`)
    );
  };
  assertEquals(namesOf(node("node1")), ["dns node1", "dns localhost", "ip 127.0.0.1"]);
  assertEquals(namesOf(node("node1", "::1", "NODE1")), ["dns node1", "dns localhost", "ip ::1"]);
  assertEquals(namesOf(node("node1", "0.0.0.0", "chat.example.org")), [
    "dns node1",
    "dns localhost",
    "dns chat.example.org",
  ]);
});
