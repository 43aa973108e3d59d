/**
 * The days that certificates in use are still good for.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";

const FIRST_CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s;

const DAY_MS = 86_400_000;

/**
 * Days until a certificate expires, with a fraction; negative once it has.
 *
 * @param pem one certificate, or a chain, of which the first one counts
 * @param nowMs wall clock, ms since the Unix epoch
 * @returns `undefined` if the text is no certificate
 */
export function daysLeft(pem: string, nowMs: number): number | undefined {
  const [first] = FIRST_CERTIFICATE.exec(pem) ?? [];
  if (first === undefined) return undefined;
  return (new X509Certificate(first).validToDate.getTime() - nowMs) / DAY_MS;
}
