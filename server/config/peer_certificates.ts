/**
 * Paths of the certificates that nodes show each other.
 *
 * @module
 */

/** The certificates of one node; all are PEM. */
export interface PeerCertificates {
  readonly folder: string;
  /** Certificate of the authority that signed those of all nodes. */
  readonly caFile: string;
  /** Certificate chain of the node. */
  readonly certFile: string;
  /** Private key of the node. */
  readonly keyFile: string;
}

/** Name of the authority's files, which no node can have. */
export const AUTHORITY = "ca";

/** Path of the private key of a node or of the authority. */
export function keyFileOf(folder: string, name: string): string {
  return `${withSlash(folder)}${name}.key`;
}

/** Path of the certificate of a node or of the authority. */
export function certFileOf(folder: string, name: string): string {
  return `${withSlash(folder)}${name}.pem`;
}

/** Paths of one node's files. */
export function peerCertificates(folder: string, nodeName: string): PeerCertificates {
  return {
    folder,
    caFile: certFileOf(folder, AUTHORITY),
    certFile: certFileOf(folder, nodeName),
    keyFile: keyFileOf(folder, nodeName),
  };
}

/** The reason why a name cannot be in a certificate; `undefined` if it can. */
export function certificateNameProblem(nodeName: string): string | undefined {
  if (nodeName.toLowerCase() === AUTHORITY) {
    return `the node name "${nodeName}" is that of the authority's own files where there are certificates; ` +
      "give the node another";
  }
  if (isHostName(nodeName)) return undefined;
  return `the node name "${nodeName}" cannot be in a certificate, where it must be like the name of a host, ` +
    "without empty parts between dots, and neither an IP address nor with a number as its last part; " +
    "give the node another";
}

/** True if the name is a host name for TLS and for the URLs of HTTP/2, by which peers call a node. */
function isHostName(nodeName: string): boolean {
  const isAddress = /^\d+(?:\.\d+){3}$/.test(nodeName);
  return !isAddress && nodeName.split(".").every((part) => part !== "") &&
    URL.canParse(`https://${nodeName}`);
}

function withSlash(folder: string): string {
  return /[/\\]$/.test(folder) ? folder : `${folder}/`;
}
