import { X509Certificate } from "node:crypto";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  AUTHORITY_DAYS,
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
  NODE_DAYS,
} from "../../../server/certificates/certificate_issuer.ts";
import { certificateWarnings } from "../../../server/certificates/certificate_warnings.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2030, 0, 1);
const SUBJECT = { name: "node1", alternativeNames: [{ type: "dns", value: "node1" }] } as const;

const keyPem = await makeKey();
const authority = { keyPem, certificatePem: await makeAuthorityCertificate('Ünï, "c"=1', keyPem, NOW_MS) };
const certificatePem = await makeNodeCertificate(authority, SUBJECT, await makeKey(), NOW_MS);

Deno.test("makeAuthorityCertificate() shows the name of the cluster, whatever is in it", () => {
  const { ca, subject, issuer, validToDate } = new X509Certificate(authority.certificatePem);
  assert(ca);
  assert(subject.includes('Ünï, "c"=1'), subject);
  assertEquals(issuer, subject);
  assertEquals(validToDate.getTime(), NOW_MS + AUTHORITY_DAYS * DAY_MS);
});

Deno.test("makeNodeCertificate() says who the node is", () => {
  const certificate = new X509Certificate(certificatePem);
  assertEquals([certificate.ca, certificate.subject], [false, "CN=node1"]);
  assertEquals(certificate.subjectAltName, "DNS:node1");
  assertEquals(certificate.validToDate.getTime(), NOW_MS + NODE_DAYS * DAY_MS);
});

Deno.test("makeNodeCertificate() makes none that is good for longer than the authority", async () => {
  const late = NOW_MS + (AUTHORITY_DAYS - 10) * DAY_MS;
  const certificate = new X509Certificate(await makeNodeCertificate(authority, SUBJECT, keyPem, late));
  assertEquals(certificate.validToDate.getTime(), NOW_MS + AUTHORITY_DAYS * DAY_MS);
});

Deno.test("makeNodeCertificate() does not sign with another key than the authority's", async () => {
  const wrong = { ...authority, keyPem: await makeKey() };
  await assertRejects(
    () => makeNodeCertificate(wrong, SUBJECT, keyPem, NOW_MS),
    Error,
    "the key of the authority is not that of its certificate",
  );
});

Deno.test("certificateWarnings() warns thirty days before the end, and after it", () => {
  const warningsAt = (days: number, name = "node1"): string[] =>
    certificateWarnings(name, "c/x.pem", certificatePem, NOW_MS + days * DAY_MS);
  assertEquals(warningsAt(0), []);
  assertEquals(warningsAt(NODE_DAYS - 30), []);
  const wayOut =
    "delete c/x.pem where ca.key is, run chat-server init there, bring the new one to node1 and " +
    "restart it";
  assertEquals(warningsAt(NODE_DAYS - 29.5), [`c/x.pem expires on 2032-04-05, in 29 days; ${wayOut}`]);
  assertEquals(warningsAt(NODE_DAYS + 1), [
    `c/x.pem has expired on 2032-04-05, and nodes refuse it; ${wayOut}`,
  ]);
  assert(warningsAt(NODE_DAYS, "ca")[0]?.includes("delete all certificates and keys, run chat-server init"));
});

Deno.test("certificateWarnings() warns of a clock that is wrong", () => {
  assertEquals(certificateWarnings("node1", "c/x.pem", certificatePem, NOW_MS - 2 * DAY_MS), [
    "c/x.pem is good from 2029-12-31 on only; set the clock of this machine",
  ]);
});

Deno.test("certificateWarnings() names a file that is no certificate", () => {
  for (const text of ["", "nothing", keyPem]) {
    assertThrows(
      () => certificateWarnings("node1", "c/x.pem", text, NOW_MS),
      Error,
      "c/x.pem is not a certificate in PEM",
    );
  }
});
