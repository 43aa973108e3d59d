/**
 * Why a stream ended, in words for people: the library tells it in its own.
 *
 * @module
 */

import { status } from "@grpc/grpc-js";

/** What is known of the end of a stream. */
export interface StreamEnd {
  /** Status of the library, 0 for an orderly end. */
  readonly code: number;
  /** What the library says. */
  readonly details: string;
  /** Whether both ends show certificates. */
  readonly isSecure: boolean;
}

const LAST_ERROR = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s;
const TIME_OF_ERROR = / \(\d{4}-\d{2}-\d{2}T[^)]*\)$/;

/** These never came to the point where certificates matter. */
const BEFORE_TLS = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_|Name resolution failed/;

/** Says why the stream ended that this node has opened. */
export function endReason({ code, details, isSecure }: StreamEnd): string {
  if (code === status.OK) return "the other end has closed the stream";
  const cause = plainCause(details);
  const what = `${cause} (gRPC status ${code} ${status[code] ?? "unknown"})`;
  if (code !== status.UNAVAILABLE || BEFORE_TLS.test(cause)) return what;
  return isSecure
    ? `${what}; unless the other node was just stopped, check that both use TLS with certificates of the same ` +
      "authority, and that the other's certificate has its node name as subjectAltName"
    : `${what}; unless the other node was just stopped, check that neither uses TLS, which this one does not`;
}

/** Without the time, which is in the diagnostics anyway, and the prefix. */
function plainCause(details: string): string {
  const cause = LAST_ERROR.exec(details)?.[1] ?? details;
  return cause.replace(TIME_OF_ERROR, "");
}
