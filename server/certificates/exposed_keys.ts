/**
 * Private keys on the disk that other users of the machine can read.
 *
 * @module
 */

import { exposedSecret } from "../../common/exposed_secret.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import { AUTHORITY, keyFileOf } from "../config/peer_certificates.ts";

/** The settings that name keys. */
interface KeyedConfiguration {
  readonly tls?: NodeConfiguration["tls"] | undefined;
  readonly web?: NodeConfiguration["web"] | undefined;
  readonly certificates?: NodeConfiguration["certificates"] | undefined;
  readonly peers?: NodeConfiguration["peers"];
  readonly clusterKeyFile?: string;
}

/** Warnings about the keys of nodes, of their authority and of the cluster, as far as they are on this machine. */
export async function exposedKeys(nodes: readonly KeyedConfiguration[]): Promise<string[]> {
  const files = new Set(nodes.flatMap(keyFiles));
  const warnings = await Promise.all([...files].map(warningOf));
  return warnings.filter((warning) => warning !== undefined);
}

function keyFiles({ tls, web, certificates, peers = [], clusterKeyFile }: KeyedConfiguration): string[] {
  const ofClients = [tls?.keyFile, web?.keyFile].filter((file) => file !== undefined);
  if (certificates !== undefined) {
    return [...ofClients, certificates.keyFile, keyFileOf(certificates.folder, AUTHORITY)];
  }
  return peers.length > 0 && clusterKeyFile !== undefined ? [...ofClients, clusterKeyFile] : ofClients;
}

async function warningOf(file: string): Promise<string | undefined> {
  try {
    return exposedSecret(file, await Deno.stat(file));
  } catch {
    // It is on another machine, or cannot be read, which whoever needs it reports.
    return undefined;
  }
}
