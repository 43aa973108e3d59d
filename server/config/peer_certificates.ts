/**
 * Where the certificates are with which nodes prove to each other who they are.
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

/** What the files of the authority are called: no node can have this name. */
export const AUTHORITY = "ca";

/** The file of the private key that belongs to a certificate, by the name of a node or of the authority. */
export function keyFileOf(folder: string, name: string): string {
  return `${withSlash(folder)}${name}.key`;
}

/** The file of a certificate, by the name of a node or of the authority. */
export function certFileOf(folder: string, name: string): string {
  return `${withSlash(folder)}${name}.pem`;
}

/** The files of one node. */
export function peerCertificates(folder: string, nodeName: string): PeerCertificates {
  return {
    folder,
    caFile: certFileOf(folder, AUTHORITY),
    certFile: certFileOf(folder, nodeName),
    keyFile: keyFileOf(folder, nodeName),
  };
}

/** Why there can be no certificate for a node of this name; undefined where there can. */
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

/** Peers call a node by its name, as TLS and the URLs of HTTP/2 take it. */
function isHostName(nodeName: string): boolean {
  const isAddress = /^\d+(?:\.\d+){3}$/.test(nodeName);
  return !isAddress && nodeName.split(".").every((part) => part !== "") &&
    URL.canParse(`https://${nodeName}`);
}

function withSlash(folder: string): string {
  return /[/\\]$/.test(folder) ? folder : `${folder}/`;
}
