/**
 * The parts of a running node, as its status and its metrics see them.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { ArchiveFollower } from "../follower/archive_follower.ts";
import type { LogWriter } from "../log/log_writer.ts";
import type { Connections } from "../net/connections.ts";
import type { Node } from "../node/node.ts";
import type { PasswordPool } from "../passwords/pool.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { ClientPorts } from "./client_ports.ts";
import type { NodeParts } from "./node_parts.ts";

/** Parts of a node whose log is open. */
export interface ObservedNode
  extends Pick<NodeParts, "cluster" | "draining" | "memory" | "metrics" | "verification"> {
  readonly configuration: NodeConfiguration;
  readonly node: Node;
  /** The open ports for clients; `undefined` before the node listens. */
  readonly ports: ClientPorts | undefined;
  readonly log: LogWriter;
  readonly history: EntryHistory;
  readonly archive: ArchiveFollower;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly hasher: PasswordPool;
}
