/**
 * Whether a node can prove its name with the files that it has.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificates } from "../config/peer_certificates.ts";
import { BRING_AGAIN, parseCertificates } from "./parse_certificates.ts";

/** What is in the files of a node; all are there. */
export interface CertificateTexts {
  readonly ca: string;
  /** The node's certificate, with those between it and the authority behind it. */
  readonly cert: string;
  /** The node's private key. */
  readonly key: string;
}

/** That files are not there; nothing where none is missing. */
export function missingFiles(files: readonly string[]): string[] {
  const [last] = files.slice(-1);
  if (last === undefined) return [];
  const from = "from the machine on which chat-server init ran";
  if (files.length === 1) return [`${last} is missing; bring it ${from}`];
  return [`${files.slice(0, -1).join(", ")} and ${last} are missing; bring them ${from}`];
}

/** Why the file of the authority cannot be used; nothing where it can. */
export function authorityProblems(file: string, pem: string): string[] {
  return attempt(() => parseCertificates(file, pem)).problems;
}

/**
 * Why no other node would believe this one; nothing where they would. Whether the certificates have expired is
 * not looked at.
 *
 * @param name of the node
 * @param files where the texts are from
 */
export function certificateProblems(
  name: string,
  files: PeerCertificates,
  texts: CertificateTexts,
): string[] {
  const authorities = attempt(() => parseCertificates(files.caFile, texts.ca));
  const chain = attempt(() => parseCertificates(files.certFile, texts.cert));
  const key = attempt(() => parseKey(files.keyFile, texts.key));
  if (authorities.found === undefined || chain.found === undefined || key.found === undefined) {
    return [...authorities.problems, ...chain.problems, ...key.problems];
  }
  const [certificate] = chain.found;
  const problems = [
    // The key of another node's certificate need not be here, too.
    nameProblem(name, files.certFile, certificate) ?? keyProblem(files, certificate, key.found),
    authorityProblem(files, chain.found, authorities.found),
  ];
  return problems.filter((problem) => problem !== undefined);
}

type Attempt<T> =
  | { readonly found: T; readonly problems: [] }
  | { readonly found: undefined; readonly problems: [string] };

function attempt<T>(parse: () => T): Attempt<T> {
  try {
    return { found: parse(), problems: [] };
  } catch (error) {
    return { found: undefined, problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function parseKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file} is not a private key in PEM; ${BRING_AGAIN}`, { cause });
  }
}

/** Who is called proves a subjectAltName, as peers check it, and who calls its common name. */
function nameProblem(name: string, file: string, certificate: X509Certificate): string | undefined {
  const seen = certificate.toLegacyObject();
  const commonName = seen.subject.CN;
  if (typeof commonName !== "string") return `${file} has not one common name, which must be ${name}`;
  if (commonName !== name) return `${file} is the certificate of ${commonName}; put that of ${name} there`;
  if (seen.subjectaltname && checkServerIdentity(name, seen) === undefined) return undefined;
  return `${file} does not have ${name} as subjectAltName, by which the other nodes call it`;
}

function keyProblem(
  { keyFile, certFile }: PeerCertificates,
  certificate: X509Certificate,
  key: KeyObject,
): string | undefined {
  if (certificate.checkPrivateKey(key)) return undefined;
  return `${keyFile} is not the private key of ${certFile}; bring both from the machine on which chat-server ` +
    "init ran";
}

function authorityProblem(
  { certFile, caFile }: PeerCertificates,
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): string | undefined {
  if (isSigned(chain, authorities)) return undefined;
  return `${certFile} was not signed with ${caFile}; bring both from the machine on which chat-server init ran`;
}

/** Directly, or by way of the certificates behind the first. */
function isSigned(
  [certificate, ...others]: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  if (certificate === undefined) return false;
  if (authorities.some(({ publicKey }) => certificate.verify(publicKey))) return true;
  const [next] = others;
  return next !== undefined && certificate.verify(next.publicKey) && isSigned(others, authorities);
}
