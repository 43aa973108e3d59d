/**
 * Makes keys and certificates: ECDSA with P-256 and SHA-256 (RFC 5280, RFC 5758). To be imported only when
 * something is to be made, because its library takes a while to load.
 *
 * @module
 */

// The library needs it while it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { AlternativeName } from "./certificate_plan.ts";

/** Validity of the authority's certificate, days. */
export const AUTHORITY_DAYS = 3_650;

/** Validity of a node's certificate, days; some systems refuse more than 825. */
export const NODE_DAYS = 825;

const DAY_MS = 86_400_000;

/** Time by which a validity begins in the past, ms: the clocks of other machines may be behind. */
const CLOCK_DIFFERENCE_MS = DAY_MS;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Private key and certificate of the authority, PEM. */
interface Authority {
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** The subject of a node's certificate. */
interface NodeSubject {
  /** Name of the node. */
  readonly name: string;
  readonly alternativeNames: readonly AlternativeName[];
}

/** Makes a private key; PEM (PKCS #8). */
export async function makeKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const bytes = await crypto.subtle.exportKey("pkcs8", privateKey);
  return `${x509.PemConverter.encode(bytes, "PRIVATE KEY")}\n`;
}

/**
 * Makes the self-signed certificate of an authority, PEM.
 *
 * @param cluster name of the cluster, which the certificate shows
 * @throws {Error} if the key is no P-256 key
 */
export async function makeAuthorityCertificate(
  cluster: string,
  keyPem: string,
  nowMs: number,
): Promise<string> {
  const keys = await importKeys(keyPem);
  const { KeyUsageFlags } = x509;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: new x509.Name([{ O: [{ utf8String: cluster }] }, {
      CN: [{ utf8String: "chat-server authority" }],
    }]),
    keys,
    ...period(nowMs, AUTHORITY_DAYS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

/**
 * Makes the certificate of a node, for use as a server and as a client, PEM.
 *
 * @param keyPem private key of the node
 * @throws {Error} if a key is no P-256 key, or the authority's key does not belong to its certificate
 */
export async function makeNodeCertificate(
  authority: Authority,
  { name, alternativeNames }: NodeSubject,
  keyPem: string,
  nowMs: number,
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const { privateKey } = await importKeys(authority.keyPem);
  const { publicKey } = await importKeys(keyPem);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [name] }],
    issuer: issuer.subjectName,
    publicKey,
    signingKey: privateKey,
    ...period(nowMs, NODE_DAYS, issuer.notAfter.getTime()),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([...alternativeNames]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  if (!await certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true })) {
    throw new Error("the key of the authority is not that of its certificate");
  }
  return `${certificate.toString("pem")}\n`;
}

/** The validity of a certificate, at most that of the authority's. */
function period(nowMs: number, days: number, endMs = Infinity): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(nowMs - CLOCK_DIFFERENCE_MS),
    notAfter: new Date(Math.min(nowMs + days * DAY_MS, endMs)),
  };
}

async function importKeys(keyPem: string): Promise<CryptoKeyPair> {
  const bytes = x509.PemConverter.decodeFirst(keyPem);
  const privateKey = await crypto.subtle.importKey("pkcs8", bytes, ALGORITHM, true, ["sign"]);
  const { d: _secret, ...jwk } = await crypto.subtle.exportKey("jwk", privateKey);
  const publicJwk = { ...jwk, key_ops: ["verify"] };
  const publicKey = await crypto.subtle.importKey("jwk", publicJwk, ALGORITHM, true, ["verify"]);
  return { privateKey, publicKey };
}
