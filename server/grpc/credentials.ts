/**
 * The certificates by which a node proves its name and knows others.
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

/** Older versions of TLS show the names of the certificates to anybody listening in. */
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

/** For the end that takes streams: it refuses peers without a certificate of the same authority. */
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
