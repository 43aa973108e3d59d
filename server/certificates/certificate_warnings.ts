/**
 * The validity of certificates.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { AUTHORITY } from "../config/peer_certificates.ts";
import { parseCertificates } from "./parse_certificates.ts";

/** Days before its end from which on a certificate causes a warning. */
const WARNING_DAYS = 14;

const DAY_MS = 86_400_000;

/** Texts about certificates. */
export interface Validity {
  /** Certificates that are not valid now. */
  readonly problems: readonly string[];
  /** Certificates that expire soon. */
  readonly warnings: readonly string[];
}

/** The way out of a certificate for clients. */
const RENEW_FOR_CLIENTS = "renew it, and send SIGHUP to the node";

/**
 * The validity of a certificate.
 *
 * @param name name of the node, or `AUTHORITY`; `undefined` for a certificate that clients see
 * @param file path of the certificate
 * @param pem one certificate, or a chain, of which the first one counts
 * @throws {Error} if it is no certificate
 */
export function certificateValidity(
  name: string | undefined,
  file: string,
  pem: string,
  nowMs: number,
): Validity {
  const [{ validFromDate, validToDate }] = parseCertificates(file, pem);
  const [from, to] = [validFromDate, validToDate].map((date) => date.toISOString().slice(0, 10));
  if (nowMs < validFromDate.getTime()) {
    return problem(`${file} is good from ${from} on only; set the clock of this machine`);
  }
  const leftMs = validToDate.getTime() - nowMs;
  const callers = name === undefined ? "clients" : "nodes";
  if (leftMs < 0) {
    return problem(`${file} has expired on ${to}, and ${callers} refuse it; ${wayOut(name, file)}`);
  }
  const leftDays = Math.ceil(leftMs / DAY_MS);
  if (leftDays > WARNING_DAYS) return { problems: [], warnings: [] };
  const left = counted(leftDays, "day");
  return { problems: [], warnings: [`${file} expires on ${to}, in ${left}; ${wayOut(name, file)}`] };
}

function problem(text: string): Validity {
  return { problems: [text], warnings: [] };
}

function wayOut(name: string | undefined, file: string): string {
  if (name === undefined) return RENEW_FOR_CLIENTS;
  if (name === AUTHORITY) {
    return "delete all certificates and keys, run chat-server init, bring the new ones to all nodes and " +
      "send them SIGHUP";
  }
  return `delete ${file} where ca.key is, run chat-server init there, bring the new one to ${name} and ` +
    "send it SIGHUP";
}
