/**
 * Data that the client shows, in whatever form.
 *
 * @module
 */

import type { ClusterStatus } from "../../common/protocol/cluster_status.ts";
import type { Message } from "./message.ts";

/** Data that the client shows. */
export type Item =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "status"; readonly ids: readonly string[]; readonly status: string; readonly by: string }
  | { readonly kind: "deleted"; readonly ids: readonly string[]; readonly by: string }
  | { readonly kind: "user"; readonly name: string; readonly unread: number; readonly online: boolean }
  | { readonly kind: "blocked"; readonly names: readonly string[] }
  | { readonly kind: "chat"; readonly with: string; readonly unread: number; readonly last?: ChatEnd }
  | { readonly kind: "peer" } & ClusterStatus["peers"][number]
  | { readonly kind: "copies" } & Omit<ClusterStatus, "peers">;

/** The newest message of a chat. */
export interface ChatEnd {
  readonly id: string;
  readonly timestamp: number;
  readonly sender: string;
  readonly content: string;
}
