/**
 * Plans the missing certificates of the configured nodes.
 *
 * @module
 */

import { isWildcard, type NodeConfiguration } from "../config/node_configuration.ts";
import { AUTHORITY, certFileOf, certificateNameProblem, keyFileOf } from "../config/peer_certificates.ts";

/** The settings behind a node's certificate. */
export type CertifiedNode = Pick<NodeConfiguration, "name" | "grpc" | "advertise">;

/** A certificate and its private key, with the step planned for each. */
export interface PlannedPair {
  /** Name of the node, or `AUTHORITY`. */
  readonly name: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly certificate: "make" | "keep";
  /** `elsewhere`: the key is missing here, and the existing certificate needs the one it was made with. */
  readonly key: "make" | "keep" | "elsewhere";
}

/** The pair of a node. */
interface PlannedNode extends PlannedPair {
  readonly alternativeNames: readonly AlternativeName[];
}

/** A name or address of a node. */
export interface AlternativeName {
  readonly type: "dns" | "ip";
  readonly value: string;
}

/** The pairs to make and to keep, or the reasons why nothing can be made. */
export type CertificatePlan =
  | { readonly authority: PlannedPair; readonly nodes: readonly PlannedNode[] }
  | { readonly problems: readonly string[] };

/**
 * Plans the missing files; existing ones are never made again.
 *
 * @param folder folder of the certificates
 * @param existing paths of the existing files
 */
export function planCertificates(
  folder: string,
  nodes: readonly CertifiedNode[],
  existing: ReadonlySet<string>,
): CertificatePlan {
  const nameProblems = nodes.flatMap(({ name }) => certificateNameProblem(name) ?? []);
  if (nameProblems.length > 0) return { problems: nameProblems };
  const authority = planPair(folder, AUTHORITY, existing);
  const planned = nodes.map((node) => ({
    ...planPair(folder, node.name, existing),
    alternativeNames: alternativeNames(node),
  }));
  const problem = authorityProblem(authority, planned);
  return problem === undefined ? { authority, nodes: planned } : { problems: [problem] };
}

function planPair(folder: string, name: string, existing: ReadonlySet<string>): PlannedPair {
  const [certFile, keyFile] = [certFileOf(folder, name), keyFileOf(folder, name)];
  const certificate = existing.has(certFile) ? "keep" : "make";
  // A new key would not fit an existing certificate.
  const key = existing.has(keyFile) ? "keep" : certificate === "keep" ? "elsewhere" : "make";
  return { name, certFile, keyFile, certificate, key };
}

function authorityProblem(authority: PlannedPair, nodes: readonly PlannedNode[]): string | undefined {
  const { certFile, keyFile } = authority;
  const kept = nodes.find(({ certificate }) => certificate === "keep");
  if (authority.certificate === "make" && kept !== undefined) {
    return `${certFile} is missing, and ${kept.certFile} was signed with it; put it back (every node has a ` +
      "copy), or delete all certificates and keys to begin anew";
  }
  const made = nodes.find(({ certificate }) => certificate === "make");
  if (authority.key === "elsewhere" && made !== undefined) {
    return `${made.certFile} is to be made, and ${keyFile} is missing, which signs it; put it back from where ` +
      "it is kept safe, or delete all certificates and keys to begin anew";
  }
  return undefined;
}

/** Names and addresses without duplicates; case does not count. */
function alternativeNames({ name, grpc, advertise }: CertifiedNode): AlternativeName[] {
  const hosts = [grpc.host, advertise.host].filter((host) => !isWildcard(host));
  const names = [name, "localhost", ...hosts];
  const keys = names.map((value) => value.toLowerCase());
  return names.filter((_, index) => keys.indexOf(keys[index] ?? "") === index)
    .map((value) => ({ type: typeOf(value), value }));
}

function typeOf(host: string): AlternativeName["type"] {
  return host.includes(":") || /^\d+(?:\.\d+){3}$/.test(host) ? "ip" : "dns";
}
