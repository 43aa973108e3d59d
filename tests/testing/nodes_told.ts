/**
 * The nodes of a cluster, as WELCOME lists them.
 *
 * @module
 */

import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { RawClient } from "./raw_client.ts";

/** The nodes that WELCOME names, in the order of their names. */
export async function nodesTold(node: Pick<ClusterNode, "port">): Promise<NodeAddress[]> {
  await using client = await RawClient.connect(node.port);
  await client.send("hello", { version: 2, client: "test" });
  const frame = await client.receive();
  const heard = frame && decodeFromServer(frame);
  if (!heard || !("reply" in heard) || heard.reply.name !== "welcome") {
    throw new Error(`HELLO was answered with ${JSON.stringify(heard)}`);
  }
  return heard.reply.payload.nodes.toSorted((a, b) => a.name < b.name ? -1 : 1);
}
