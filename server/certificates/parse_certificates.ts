/**
 * Parses the certificates of a file.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** The way out of an unusable file that `init` has made. */
export const BRING_AGAIN = "bring it again from the machine on which chat-server init ran";

/**
 * All certificates of a file, at least one.
 *
 * @param file path of the text, for messages
 * @throws {Error} naming the file, if it has no certificate or a broken one
 */
export function parseCertificates(file: string, pem: string): [X509Certificate, ...X509Certificate[]] {
  try {
    const [first, ...others] = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
    if (first !== undefined) return [first, ...others];
  } catch (cause) {
    throw new Error(notOne(file), { cause });
  }
  throw new Error(notOne(file));
}

function notOne(file: string): string {
  return `${file} is not a certificate in PEM; ${BRING_AGAIN}`;
}
