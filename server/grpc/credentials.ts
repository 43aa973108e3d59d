/**
 * What a node proves its name with, and what it believes of others.
 *
 * @module
 */

import { ChannelCredentials } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import type { TlsOptions } from "node:tls";

/** Texts in PEM. */
export interface PeerCertificate {
  /** The authority that made the certificates of all nodes. */
  readonly ca: string;
  /** This node's certificate, with those between it and the authority. */
  readonly cert: string;
  /** Its private key. */
  readonly key: string;
}

/** Older versions of TLS show the names of the certificates to whoever listens in. */
const TLS_VERSION_MIN = "TLSv1.3";

/**
 * For the end that opens a stream. Without a certificate nothing is encrypted and nothing is proved.
 *
 * @throws {Error} if a text is no PEM
 */
export function channelCredentials(certificate: PeerCertificate | undefined): ChannelCredentials {
  if (certificate === undefined) return ChannelCredentials.createInsecure();
  const { ca, cert, key } = certificate;
  return ChannelCredentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert));
}

/** For the end that takes streams: who does not show a certificate of the same authority is refused. */
export function serverTlsOptions({ ca, cert, key }: PeerCertificate): TlsOptions {
  return {
    ca,
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ["h2"],
    minVersion: TLS_VERSION_MIN,
  };
}
