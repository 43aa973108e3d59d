/**
 * The cluster key of tests, as a node has it.
 *
 * @module
 */

import type { KeyProof } from "../../server/grpc/grpc_network.ts";
import { CLUSTER_KEY } from "./server_process.ts";

/**
 * The proof of a node.
 *
 * @param digits hexadecimal digits of the key; those of the clusters of tests unless given
 */
export function keyProofOf(name: string, digits = CLUSTER_KEY): KeyProof {
  return {
    holder: { name, cluster: "test", key: Uint8Array.fromHex(digits), file: "cluster_key" },
    provenPeers: { takesAny: false, takesUnproven: () => false, proved: () => {} },
  };
}
