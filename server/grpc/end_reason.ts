/**
 * The reason for the end of a stream, in words for people; the library words it for programmers.
 *
 * @module
 */

const LAST_ERROR = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s;
const TIME_OF_ERROR = / \(\d{4}-\d{2}-\d{2}T[^)]*\)$/;

/** Messages of the runtime and of TLS about certificates, and their meaning. */
const CERTIFICATE_CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /DecryptError|UnknownCA|unable to get local issuer/,
    "the other end has a certificate of another authority",
  ],
  [
    /unable to verify|UNABLE_TO_VERIFY/,
    "the other end has a certificate of another authority, or one out of date",
  ],
  [
    /CertificateExpired/,
    "the other end takes the certificate of this node as out of date; look at both clocks",
  ],
];

/** These never come to the point where certificates matter. */
const BEFORE_TLS = /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_|Name resolution failed/;

/** The library's words about a stream that is over, and the known facts of it. */
export interface StreamEnd {
  /** Status of gRPC, by its name. */
  readonly status: string;
  readonly details: string;
  /** The address that was dialled: HOST:PORT. */
  readonly target: string;
  /** True if anything ever came from the other end. */
  readonly hasWorked: boolean;
  /** True if this node shows a certificate. */
  readonly isSecure: boolean;
}

/** The reason that a stream is over that this node has opened, and the first thing to check. */
export function endReason({ status, details, target, hasWorked, isSecure }: StreamEnd): string {
  if (status === "OK") return "the other end has closed the stream";
  const cause = plainCause(details);
  if (status !== "UNAVAILABLE") return `${cause} (gRPC status ${status})`;
  if (hasWorked) return "the connection broke";
  if (cause.includes("ECONNREFUSED")) return `nothing listens on ${target}`;
  if (BEFORE_TLS.test(cause)) return cause;
  return certificateCause(cause) ?? `${cause}; ${certificateHint(isSecure)}`;
}

/** The problem with a certificate, with the words of TLS behind it; undefined if they name none. */
export function certificateCause(cause: string): string | undefined {
  const found = CERTIFICATE_CAUSES.find(([pattern]) => pattern.test(cause));
  return found && `${found[1]} (${cause})`;
}

/** Without the time, which diagnostics have anyway, and the library's words around it. */
function plainCause(details: string): string {
  const cause = LAST_ERROR.exec(details)?.[1] ?? details;
  return cause.replace(TIME_OF_ERROR, "");
}

/** Often the library does not tell a refused certificate from a broken line. */
function certificateHint(isSecure: boolean): string {
  return isSecure
    ? "unless the other node was just stopped, check that both use TLS with certificates of the same " +
      "authority that have not expired, and that the other's certificate has its node name as subjectAltName"
    : "unless the other node was just stopped, check that it does not use TLS either, as this one does not";
}
