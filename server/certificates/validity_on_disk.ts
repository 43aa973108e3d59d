/**
 * The validity of the configured certificates on the disk.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import { AUTHORITY } from "../config/peer_certificates.ts";
import { problemsAtStart } from "./check_certificates.ts";
import { certificateValidity, type Validity } from "./certificate_warnings.ts";

/** The settings that this check reads. */
type CertifiedConfiguration = Pick<NodeConfiguration, "name" | "certificates" | "tls" | "web">;

/**
 * The validity of the certificates of these nodes, for clients and for peers, as far as they are on this
 * machine. A file that is no certificate is a problem; a missing one is none here.
 */
export async function validityOnDisk(
  nodes: readonly CertifiedConfiguration[],
  nowMs: number,
): Promise<Validity> {
  const found = await Promise.all(
    nodes.flatMap((node) => certificatesOf(node)).map(async ([name, file]) => {
      const pem = await textIfReadable(file);
      return pem === undefined ? NOTHING : judged(name, file, pem, nowMs);
    }),
  );
  // All nodes share the authority, and may share a certificate for clients.
  return {
    problems: [...new Set(found.flatMap(({ problems }) => problems))],
    warnings: [...new Set(found.flatMap(({ warnings }) => warnings))],
  };
}

/** Reasons why other nodes would reject the certificates of a node that are on the disk now. */
export async function problemsOfRenewal(node: CertifiedConfiguration, nowMs: number): Promise<string[]> {
  const { tls: _tls, web: _web, ...withoutClients } = node;
  const { problems } = await validityOnDisk([withoutClients], nowMs);
  return [...await problemsAtStart(node), ...problems];
}

const NOTHING: Validity = { problems: [], warnings: [] };

/** Names and files of the certificates; those for clients have no name. */
function certificatesOf(
  { name, certificates, tls, web }: CertifiedConfiguration,
): (readonly [string | undefined, string])[] {
  return [
    ...tls === undefined ? [] : [[undefined, tls.certFile] as const],
    ...web?.certFile === undefined ? [] : [[undefined, web.certFile] as const],
    ...certificates === undefined
      ? []
      : [[AUTHORITY, certificates.caFile] as const, [name, certificates.certFile] as const],
  ];
}

function judged(name: string | undefined, file: string, pem: string, nowMs: number): Validity {
  try {
    return certificateValidity(name, file, pem, nowMs);
  } catch (error) {
    // The check of the certificates for peers names theirs.
    if (name !== undefined) return NOTHING;
    return { problems: [error instanceof Error ? error.message : String(error)], warnings: [] };
  }
}

/** `undefined` if the file is missing, or is for another user. */
async function textIfReadable(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch {
    return undefined;
  }
}
