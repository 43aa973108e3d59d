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

/** The certificates of the ports for clients that have TLS. */
export interface ClientCertificates {
  readonly tls: Certificate | undefined;
  readonly web: Certificate | undefined;
}

/**
 * The certificates for clients, as far as the node listens with TLS.
 *
 * @throws {Error} naming the file, if one cannot be read
 */
export async function readCertificates(configuration: NodeConfiguration): Promise<ClientCertificates> {
  return {
    tls: await readCertificate(configuration, "tls"),
    web: await readCertificate(configuration, "web"),
  };
}

/**
 * The certificate of one port for clients, if it has TLS.
 *
 * @throws {Error} naming the file, if it cannot be read
 */
export async function readCertificate(
  configuration: NodeConfiguration,
  port: keyof ClientCertificates,
): Promise<Certificate | undefined> {
  const { certFile, keyFile } = configuration[port] ?? {};
  if (certFile === undefined || keyFile === undefined) return undefined;
  return { cert: await readPem(`${port}.cert`, certFile), key: await readPem(`${port}.key`, keyFile) };
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
