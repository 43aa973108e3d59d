/**
 * Warnings about the validity of certificates.
 *
 * @module
 */

import { AUTHORITY } from "../config/peer_certificates.ts";
import { parseCertificates } from "./parse_certificates.ts";

/** Days before its end from which on a certificate causes a warning. */
const WARNING_DAYS = 30;

const DAY_MS = 86_400_000;

/**
 * Warnings about a certificate that has expired, expires soon or is not valid yet.
 *
 * @param name name of the node, or `AUTHORITY`
 * @param file path of the certificate
 * @param pem one certificate, or a chain, of which the first one counts
 * @throws {Error} if it is no certificate
 */
export function certificateWarnings(name: string, file: string, pem: string, nowMs: number): string[] {
  const [{ validFromDate, validToDate }] = parseCertificates(file, pem);
  const [from, to] = [validFromDate, validToDate].map((date) => date.toISOString().slice(0, 10));
  if (nowMs < validFromDate.getTime()) {
    return [`${file} is good from ${from} on only; set the clock of this machine`];
  }
  const leftDays = Math.floor((validToDate.getTime() - nowMs) / DAY_MS);
  if (leftDays < 0) return [`${file} has expired on ${to}, and nodes refuse it; ${wayOut(name, file)}`];
  if (leftDays < WARNING_DAYS) {
    return [`${file} expires on ${to}, in ${leftDays} days; ${wayOut(name, file)}`];
  }
  return [];
}

function wayOut(name: string, file: string): string {
  if (name === AUTHORITY) {
    return "delete all certificates and keys, run chat-server init, bring the new ones to all nodes and " +
      "restart them";
  }
  return `delete ${file} where ca.key is, run chat-server init there, bring the new one to ${name} and ` +
    "restart it";
}
