/**
 * Why a stream ended, in words for people: the library tells it in its own.
 *
 * @module
 */

const LAST_ERROR = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s;
const TIME_OF_ERROR = / \(\d{4}-\d{2}-\d{2}T[^)]*\)$/;

/** These never come to the point where certificates matter. */
const BEFORE_TLS = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_|Name resolution failed/;

/** What the library says of an end, without the time, which diagnostics have anyway, and what it puts around it. */
export function plainCause(details: string): string {
  const cause = LAST_ERROR.exec(details)?.[1] ?? details;
  return cause.replace(TIME_OF_ERROR, "");
}

/**
 * What to look at where a node could not be reached, or was lost: the library does not tell a refused
 * certificate from a broken line.
 *
 * @param isSecure whether this node shows a certificate
 * @returns nothing where certificates cannot be the cause
 */
export function certificateHint(cause: string, isSecure: boolean): string {
  if (BEFORE_TLS.test(cause)) return "";
  return isSecure
    ? "; unless the other node was just stopped, check that both use TLS with certificates of the same " +
      "authority that have not expired, and that the other's certificate has its node name as subjectAltName"
    : "; unless the other node was just stopped, check that it does not use TLS either, as this one does not";
}
