/**
 * Certificates out of the text of a file.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** What to do about a file of `init` that cannot be used. */
export const BRING_AGAIN = "bring it again from the machine on which chat-server init ran";

/**
 * Every certificate of a file, at least one.
 *
 * @param file where they are from
 * @throws {Error} naming the file, if there is none or one is no certificate
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
