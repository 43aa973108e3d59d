import { assertEquals } from "@std/assert";
import {
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
} from "../../../server/certificates/certificate_issuer.ts";
import {
  authorityProblems,
  certificateProblems,
  type CertificateTexts,
  missingFiles,
} from "../../../server/certificates/certificate_problems.ts";
import { peerCertificates } from "../../../server/config/peer_certificates.ts";

const NOW_MS = Date.UTC(2030, 0, 1);
const BRING_AGAIN = "bring it again from the machine on which chat-server init ran";
const BRING_BOTH = "bring both from the machine on which chat-server init ran";

const authority = await makeAuthority();
/** Another authority with the same name and another key. */
const other = await makeAuthority();
const node2 = await makeTexts("node2");
const node3 = await makeTexts("node3");

async function makeAuthority(): Promise<{ keyPem: string; certificatePem: string }> {
  const keyPem = await makeKey();
  return { keyPem, certificatePem: await makeAuthorityCertificate("c", keyPem, NOW_MS) };
}

/** The certificate files of a node; `alternative` replaces its name in the subjectAltName. */
async function makeTexts(name: string, alternative = name): Promise<CertificateTexts> {
  const key = await makeKey();
  const subject = { name, alternativeNames: [{ type: "dns", value: alternative }] } as const;
  const cert = await makeNodeCertificate(authority, subject, key, NOW_MS);
  return { ca: authority.certificatePem, cert, key };
}

function problems(texts: CertificateTexts, name = "node2"): string[] {
  return certificateProblems(name, peerCertificates("c", name), texts);
}

Deno.test("certificateProblems() finds nothing wrong with what init makes, whatever the name", async () => {
  for (const name of ["node2", "Node-2", "n_2", "a.example.org"]) {
    assertEquals(problems(await makeTexts(name), name), [], name);
  }
});

Deno.test("certificateProblems() names every file that is not what it should be", () => {
  assertEquals(problems({ ca: "", cert: node2.key, key: node2.cert }), [
    `c/ca.pem is not a certificate in PEM; ${BRING_AGAIN}`,
    `c/node2.pem is not a certificate in PEM; ${BRING_AGAIN}`,
    `c/node2.key is not a private key in PEM; ${BRING_AGAIN}`,
  ]);
  assertEquals(problems({ ...node2, cert: node2.cert.replace("MI", "!!") }), [
    `c/node2.pem is not a certificate in PEM; ${BRING_AGAIN}`,
  ]);
});

Deno.test("certificateProblems() knows the certificate of another node, with its key or without", () => {
  const expected = ["c/node2.pem is the certificate of node3; put that of node2 there"];
  assertEquals(problems(node3), expected);
  assertEquals(problems({ ...node3, key: node2.key }), expected);
});

Deno.test("certificateProblems() looks at the name by which others call a node", async () => {
  assertEquals(problems(await makeTexts("node2", "localhost")), [
    "c/node2.pem does not have node2 as subjectAltName, by which the other nodes call it",
  ]);
});

Deno.test("certificateProblems() knows a key that is another's", () => {
  assertEquals(problems({ ...node2, key: node3.key }), [
    `c/node2.key is not the private key of c/node2.pem; ${BRING_BOTH}`,
  ]);
});

Deno.test("certificateProblems() knows another authority, even one of the same name", () => {
  assertEquals(problems({ ...node2, ca: other.certificatePem }), [
    `c/node2.pem was not signed with c/ca.pem; ${BRING_BOTH}`,
  ]);
});

Deno.test("certificateProblems() takes one of several authorities, and certificates in between", () => {
  assertEquals(problems({ ...node2, ca: other.certificatePem + authority.certificatePem }), []);
  const chain = { ...node2, cert: node2.cert + authority.certificatePem };
  assertEquals(problems(chain), []);
  // The authority signs itself, and the other authority has not signed it.
  assertEquals(problems({ ...chain, ca: other.certificatePem }).length, 1);
});

Deno.test("authorityProblems() looks at the authority alone", () => {
  assertEquals(authorityProblems("c/ca.pem", authority.certificatePem), []);
  assertEquals(authorityProblems("c/ca.pem", "nothing"), [
    `c/ca.pem is not a certificate in PEM; ${BRING_AGAIN}`,
  ]);
});

Deno.test("missingFiles() says what is missing once, and where to get it", () => {
  assertEquals(missingFiles([]), []);
  assertEquals(missingFiles(["c/ca.pem"]), [
    "c/ca.pem is missing; bring it from the machine on which chat-server init ran",
  ]);
  assertEquals(missingFiles(["c/ca.pem", "c/node2.pem", "c/node2.key"]), [
    "c/ca.pem, c/node2.pem and c/node2.key are missing; bring them from the machine on which chat-server init ran",
  ]);
});
