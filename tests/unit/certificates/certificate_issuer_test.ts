import { X509Certificate } from "node:crypto";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  AUTHORITY_DAYS,
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
  NODE_DAYS,
} from "../../../server/certificates/certificate_issuer.ts";
import { certificateValidity, type Validity } from "../../../server/certificates/certificate_warnings.ts";

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

Deno.test("certificateValidity() warns fourteen days before the end, and calls the end a problem", () => {
  const validityAt = (days: number, name: string | undefined = "node1"): Validity =>
    certificateValidity(name, "c/x.pem", certificatePem, NOW_MS + days * DAY_MS);
  assertEquals(validityAt(0), { problems: [], warnings: [] });
  assertEquals(validityAt(NODE_DAYS - 14.5), { problems: [], warnings: [] });
  const wayOut =
    "delete c/x.pem where ca.key is, run chat-server init there, bring the new one to node1 and " +
    "send it SIGHUP";
  for (const [left, text] of [[13.5, "14 days"], [2.9, "3 days"], [0.5, "1 day"]] as const) {
    assertEquals(validityAt(NODE_DAYS - left), {
      problems: [],
      warnings: [`c/x.pem expires on 2032-04-05, in ${text}; ${wayOut}`],
    });
  }
  assertEquals(validityAt(NODE_DAYS + 1), {
    problems: [`c/x.pem has expired on 2032-04-05, and nodes refuse it; ${wayOut}`],
    warnings: [],
  });
  const ofAuthority = validityAt(NODE_DAYS - 1, "ca").warnings[0];
  assert(ofAuthority?.includes("delete all certificates and keys, run chat-server init"));
});

Deno.test("certificateValidity() tells the way out of a certificate for clients", () => {
  assertEquals(certificateValidity(undefined, "tls.pem", certificatePem, NOW_MS + (NODE_DAYS + 1) * DAY_MS), {
    problems: [
      "tls.pem has expired on 2032-04-05, and clients refuse it; renew it, and send SIGHUP to the node",
    ],
    warnings: [],
  });
});

Deno.test("certificateValidity() calls a clock that is wrong a problem", () => {
  assertEquals(certificateValidity("node1", "c/x.pem", certificatePem, NOW_MS - 2 * DAY_MS), {
    problems: ["c/x.pem is good from 2029-12-31 on only; set the clock of this machine"],
    warnings: [],
  });
});

Deno.test("certificateValidity() names a file that is no certificate", () => {
  for (const text of ["", "nothing", keyPem]) {
    assertThrows(
      () => certificateValidity("node1", "c/x.pem", text, NOW_MS),
      Error,
      "c/x.pem is not a certificate in PEM",
    );
  }
});
