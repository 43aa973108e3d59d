/**
 * Finds listeners that would share one port of one machine.
 *
 * @module
 */

import { type HostAndPort, isWildcard, type NodeConfiguration } from "./node_configuration.ts";

/** The settings that this check reads. */
type Listeners = Pick<NodeConfiguration, "tcp" | "tls" | "web" | "metrics" | "grpc" | "advertise">;

/** One port that a node listens on. */
interface Endpoint extends HostAndPort {
  /** Path in the configuration. */
  readonly path: string;
  /** Index of its node. */
  readonly node: number;
  /** The host of the machine; for a wildcard, the advertised host. */
  readonly machine: string;
}

/** One text for each port that is configured twice. */
export function portConflicts(nodes: readonly Listeners[]): string[] {
  const conflicts: string[] = [];
  const earlier: Endpoint[] = [];
  for (const endpoint of nodes.flatMap(endpointsOf)) {
    const holder = earlier.find((other) => collide(endpoint, other));
    earlier.push(endpoint);
    if (holder === undefined) continue;
    conflicts.push(
      `${endpoint.path} is ${endpoint.port} on ${endpoint.host}, which ${holder.path} has already; ` +
        "give every listener a port of its own",
    );
  }
  return conflicts;
}

function endpointsOf(node: Listeners, index: number): Endpoint[] {
  const listeners = [
    ["tcp", node.tcp],
    ["tls", node.tls],
    ["web", node.web],
    ["metrics", node.metrics],
    ["grpc", node.grpc],
  ] as const;
  return listeners.flatMap(([key, listener]) => {
    // A port of 0 is an unreadable one, which is reported already.
    if (listener === undefined || listener.port === 0) return [];
    const { host, port } = listener;
    const machine = machineOf(isWildcard(host) ? node.advertise.host : host);
    return [{ path: `nodes[${index}].${key}.port`, node: index, host, port, machine }];
  });
}

function collide(one: Endpoint, other: Endpoint): boolean {
  if (one.port !== other.port) return false;
  if (one.machine === other.machine) return true;
  return one.node === other.node && (isWildcard(one.host) || isWildcard(other.host));
}

function machineOf(host: string): string {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" ? "127.0.0.1" : name;
}
