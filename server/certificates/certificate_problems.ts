/**
 * Checks that a node can prove its name with its certificates.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificates } from "../config/peer_certificates.ts";
import { BRING_AGAIN, parseCertificates } from "./parse_certificates.ts";

/** The texts of a node's files. */
export interface CertificateTexts {
  readonly ca: string;
  /** The node's certificate, followed by the intermediate ones up to the authority. */
  readonly cert: string;
  /** The node's private key. */
  readonly key: string;
}

/** One problem for all missing files; empty if none is missing. */
export function missingFiles(files: readonly string[]): string[] {
  const [last] = files.slice(-1);
  if (last === undefined) return [];
  const from = "from the machine on which chat-server init ran";
  if (files.length === 1) return [`${last} is missing; bring it ${from}`];
  return [`${files.slice(0, -1).join(", ")} and ${last} are missing; bring them ${from}`];
}

/** Problems of the authority's file; empty if it can be used. */
export function authorityProblems(file: string, pem: string): string[] {
  return attempt(() => parseCertificates(file, pem)).problems;
}

/**
 * Reasons why other nodes would reject this one; empty if they would not. Expiry is not checked.
 *
 * @param name name of the node
 * @param files paths of the texts
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
    // With the certificate of another node, a second problem about the key would only confuse.
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

/** Checks both names: peers compare the subjectAltName of a node they call, and the common name of a caller. */
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

/** True if the authority signed the first certificate, directly or through the ones behind it. */
function isSigned(
  [certificate, ...others]: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  if (certificate === undefined) return false;
  if (authorities.some(({ publicKey }) => certificate.verify(publicKey))) return true;
  const [next] = others;
  return next !== undefined && certificate.verify(next.publicKey) && isSigned(others, authorities);
}
