/**
 * Certificates and private keys, read from the files that the configuration names.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { PeerCertificate } from "../grpc/credentials.ts";

/** A certificate chain and its private key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * The certificate for clients, if the node listens with TLS.
 *
 * @throws {Error} naming the file, if it cannot be read
 */
export async function readCertificate({ tls }: NodeConfiguration): Promise<Certificate | undefined> {
  return tls && { cert: await readPem("tls.cert", tls.certFile), key: await readPem("tls.key", tls.keyFile) };
}

/**
 * The certificate for peers and the authority of theirs, if peers use TLS.
 *
 * @throws {Error} naming the file, if it cannot be read
 */
export async function readPeerCertificate(
  { certificates }: NodeConfiguration,
): Promise<PeerCertificate | undefined> {
  return certificates && {
    ca: await readPem("certificates", certificates.caFile),
    cert: await readPem("certificates", certificates.certFile),
    key: await readPem("certificates", certificates.keyFile),
  };
}

async function readPem(setting: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${setting}: ${path} cannot be read: ${reason}`, { cause: error });
  }
}
